"""Stored pictures and their labels, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.services.pictures.labels import LABELS
from app.web.openapi import Operation, file_answer, json_answer, kept_file_answers, query
from app.web.schemas import FLAG, LABEL, UUID_TEXT, Schema, object_of, or_null

__all__ = ["DELETE", "IDX", "IMAGE", "LABELLING", "NPZ", "ZIP"]

_PICTURES = mark("Pictures and labels")
_PICTURE = {"picture_id": mark("The picture’s id.")}
_FORM = "application/x-www-form-urlencoded"

IMAGE = Operation(
    tag=_PICTURES,
    summary=mark("Get a picture"),
    path=_PICTURE,
    parameters=(query("download", FLAG, mark("1 gives the file a name to be saved by.")),),
    answers=kept_file_answers(mark("The picture."), "image/png"),
    problems=(404, 416),
    needs_person=True,
)

LABELLING = Operation(
    tag=_PICTURES,
    summary=mark("Say what a picture shows"),
    path=_PICTURE,
    body={
        _FORM: {
            "schema": {
                "type": "object",
                "properties": {
                    "label": {
                        "type": "string",
                        "enum": [*LABELS, ""],
                        "description": mark("Empty takes the person’s label back."),
                    }
                },
            },
            "example": {"label": "7"},
        }
    },
    answers={
        200: json_answer(
            mark("The person’s label, and the one for all if that is another."),
            object_of(
                "label_for_all",
                id=UUID_TEXT,
                label=or_null(LABEL),
                label_for_all=or_null(LABEL),
            ),
        )
    },
    problems=(403, 404, 409, 413),
    needs_person=True,
)

DELETE = Operation(
    tag=_PICTURES,
    summary=mark("Delete a picture from the person’s own"),
    path=_PICTURE,
    body={
        _FORM: {
            "schema": {
                "type": "object",
                "properties": {
                    "with_label": FLAG | {"description": mark("1 takes their label back as well.")}
                },
            }
        }
    },
    needs_body=False,
    answers={
        200: json_answer(mark("It is deleted."), object_of(id=UUID_TEXT, deleted={"const": True}))
    },
    problems=(403, 404, 413),
    needs_person=True,
)


def _download(summary: str, media_type: str) -> Operation:
    digits: Schema = {"type": "string", "enum": list(LABELS)}
    return Operation(
        tag=_PICTURES,
        summary=summary,
        parameters=(
            query("digit", digits, mark("Only pictures of this.")),
            query("mine", FLAG, mark("1 leaves out what others sent.")),
        ),
        answers={200: file_answer(mark("The file, as it is made."), media_type)},
        problems=(404, 429),
        needs_person=True,
    )


ZIP = _download(mark("Download pictures and labels as a ZIP"), "application/zip")
NPZ = _download(mark("Download pictures and labels for NumPy"), "application/octet-stream")
IDX = _download(mark("Download pictures and labels like MNIST’s files"), "application/zip")
