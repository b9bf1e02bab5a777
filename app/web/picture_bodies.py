"""The forms in which requests send a picture, described for the API's document: see `intake`."""

from __future__ import annotations

from app.languages import mark
from app.web.schemas import Schema, array_of, object_of
from cnn.vision.framing import SIDE

__all__ = ["PICTURE_BODY"]

_PIXELS = SIDE * SIDE
_FILE: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
_IN_JSON: Schema = {
    "anyOf": [
        {
            "type": "object",
            "required": ["image"],
            "properties": {
                "image": {
                    "type": "string",
                    "pattern": "^data:image/[a-z]+;base64,",
                    "description": mark("The file as a data URL."),
                }
            },
        },
        {
            "type": "object",
            "required": ["pixels"],
            "properties": {
                "pixels": {
                    **array_of({"type": "number", "minimum": 0, "maximum": 255}, _PIXELS),
                    "description": mark(
                        "28×28 numbers, row by row, white ink on black, 0 to 1 or 0 to 255."
                    ),
                }
            },
        },
    ]
}

# A seven of 56×56 pixels.
_EXAMPLE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADgAAAA4AQAAAACA/QazAAAAb0lEQVR42q2QMQ6AIBAEFzGR"
    "kh/oU3g6vMQvWFJcWAsgcRM7rTZ3c5lc1hEAgAX/JGgAdr7vt7EPWOBJG9yieuqh85UeHpKZ6i9Q7pVz7dnmfehpUf+v"
    "h85XUm+meguUe+VctZ8Wevp5f5J0H/u/AVjIOASYRubXAAAAAElFTkSuQmCC"
)

#: By media type.
PICTURE_BODY: dict[str, Schema] = {
    "image/*": {},
    "application/octet-stream": {},
    "multipart/form-data": {"schema": object_of(image=_FILE) | {"additionalProperties": True}},
    "application/json": {
        "schema": _IN_JSON,
        "example": {"image": _EXAMPLE},
    },
}
