"""The generator, described for the API's document."""

from __future__ import annotations

from app.blueprints.generate.orders import MOST_SEEDS, STYLES
from app.languages import mark
from app.services.generating import MOST, WIDEST
from app.services.handwriting import LEAST
from app.web.openapi import Operation, json_answer, query
from app.web.schemas import COUNT, TEXT, Schema, array_of, object_of, or_null
from cnn.data.made import KINDS

__all__ = ["FORGET", "LEARN", "MAKE"]

_PICTURE: Schema = {"type": "string", "pattern": "^data:image/[a-z]+;base64,"}
_PLACE = array_of({"type": "number", "minimum": -1, "maximum": 1}, 2)
_PROPERTIES: Schema = {
    "digits": {
        "type": "string",
        "pattern": f"^[0-9]{{1,{MOST}}}$",
        "description": mark("Which, in turn; without it, that of the picture `like`, or all ten."),
    },
    "count": {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST,
        "description": mark("How many; without it, one for each of `digits`, or 100."),
    },
    "seed": {
        "type": "integer",
        "minimum": 0,
        "maximum": MOST_SEEDS - 1,
        "description": mark("The same seed, the same pictures."),
    },
    "spread": {
        "type": "number",
        "minimum": 0,
        "maximum": WIDEST,
        "description": mark("How unusual: 0 for the most ordinary alone, 1 as people write."),
    },
    "like": _PICTURE | {"description": mark("A picture of one digit, in whose hand they are.")},
    "to": _PICTURE | {"description": mark("Another: made are the pictures on the way to it.")},
    "style": {
        "type": "string",
        "enum": list(STYLES),
        "description": mark(
            "`one` has all in the same hand; `mine` in that of the person who asks, from what they "
            "wrote: as a PNG, a line on a transparent ground."
        ),
    },
    "places": {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST,
        "items": _PLACE,
        "description": mark("Places on a plane through the codes: a picture for each."),
    },
}

_OF_PICTURES: Schema = {
    "class": TEXT | {"description": mark("Which class of pictures; without it, all in turn.")},
    "count": _PROPERTIES["count"] | {"description": mark("How many; 100 without it.")},
    "seed": _PROPERTIES["seed"],
    "spread": _PROPERTIES["spread"],
    "like": _PICTURE | {"description": mark("A picture that they are to resemble.")},
}


def _body(title: str, properties: Schema) -> Schema:
    return {
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
    }


MAKE = Operation(
    tag=mark("Making"),
    summary=mark("Make new digits, or other pictures"),
    description=mark(
        "At random, or in the hand of a picture. Each file says that nobody wrote what is in it. "
        "With `model`, a generator of other pictures makes new ones, or some that resemble one."
    ),
    parameters=(
        query("model", TEXT, mark("The name of a generator that `GET /models` lists.")),
        query(
            "as",
            {"type": "string", "enum": list(KINDS)},
            mark(
                "A sheet (png, without it), a PNG of each with labels.csv (zip), arrays for NumPy "
                "(npz), and of digits files like MNIST’s (idx), or a line of traced outlines (svg)."
            ),
        ),
    ),
    body={
        "application/json": {
            "schema": {
                "anyOf": [
                    _body(mark("Digits"), _PROPERTIES),
                    _body(mark("With `model`"), _OF_PICTURES),
                ]
            },
            "example": {"digits": "0123456789", "seed": 1},
        }
    },
    answers={
        200: {
            "description": mark("The file."),
            "content": {
                "image/png": {},
                "application/zip": {},
                "application/octet-stream": {},
                "image/svg+xml": {},
            },
        }
    },
    problems=(404, 413, 415, 429),
)

_COUNTS = object_of(**{str(digit): COUNT for digit in range(10)})
_ROW = {"type": "array", "minItems": 1, "maxItems": LEAST, "items": _PICTURE}

LEARN = Operation(
    tag=mark("Making"),
    summary=mark("Send digits in your own handwriting"),
    description=mark(
        "What the style `mine` writes like: at least five of each digit that is to be written. Of "
        "the digits that are sent, they replace those from before. Nobody else sees them."
    ),
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["samples"],
                "properties": {
                    "samples": {
                        "type": "object",
                        "minProperties": 1,
                        "propertyNames": {"pattern": "^[0-9]$"},
                        "additionalProperties": _ROW,
                        "description": mark("By digit: pictures of it, one in each."),
                    },
                    "keep": {
                        "type": "boolean",
                        "description": mark(
                            "Whether they are kept among your labelled pictures as well."
                        ),
                    },
                },
                "additionalProperties": False,
            },
            "example": {"samples": {"7": ["data:image/png;base64,…"]}, "keep": False},
        }
    },
    answers={
        200: json_answer(
            mark("How many there are of each digit, and how many were kept."),
            object_of(
                digits=_COUNTS,
                kept=COUNT,
                not_kept=or_null(TEXT)
                | {"description": mark("Why not all were kept, as a sentence, if so.")},
                misread=array_of(object_of(digit=COUNT, place=COUNT, read=COUNT))
                | {"description": mark("What was sent as a digit and is surely read as another.")},
            ),
        )
    },
    problems=(413, 415, 429),
    needs_person=True,
)

FORGET = Operation(
    tag=mark("Making"),
    summary=mark("Delete what you sent in your own handwriting"),
    description=mark("What was kept among your labelled pictures stays there."),
    answers={200: json_answer(mark("Nothing is left."), object_of(digits=_COUNTS))},
    needs_person=True,
)
