"""The routes of collecting, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.schemas import COUNT, FLAG, LABEL, TEXT, UUID_TEXT, array_of, object_of, or_null

__all__ = ["ACCEPT", "BATCH", "BEGIN", "CANCEL", "CHECK", "COUNTS", "SLICE", "STATE", "UPLOAD"]

_TAG = mark("Collecting")
_ID = {"upload_id": mark("The import’s id.")}
_PIECE = _ID | {"number": mark("The piece’s number; the same again replaces it.")}
_COUNT_OF_LABELS = {"type": "object", "additionalProperties": COUNT}
_LEFT_OUT = array_of(object_of(name=TEXT, reason=TEXT))
_NEW_AND_KNOWN = object_of(new=COUNT, known=COUNT)
_PREVIEW = object_of(
    classes={"type": "object", "additionalProperties": _NEW_AND_KNOWN},
    new=COUNT,
    known=COUNT,
    differing=COUNT,
    left_out=_LEFT_OUT,
)
_STATE = object_of(
    state=TEXT,
    done=COUNT,
    total=or_null(COUNT),
    stored=COUNT,
    known=COUNT,
    left_out=_LEFT_OUT,
    left_out_count=COUNT,
    preview=or_null(_PREVIEW),
    error=or_null(TEXT),
)
_IMPORT = object_of(**{"import": UUID_TEXT})
_FILES = array_of({"type": "string", "format": "binary"}) | {"minItems": 1}
_ANSWER = {200: json_answer(mark("The import’s state."), _STATE)}
_BEGUN = mark("The import’s id.")
_OPTIONS = {
    "label": LABEL | {"description": mark("What all the pictures show.")},
    "labels": TEXT | {"description": mark("JSON: the class of each file, by its name.")},
    "writer": TEXT | {"description": mark("Who wrote the digits.")},
    "model": TEXT | {"description": mark("Whose data set; that of digits, so far.")},
}

COUNTS = Operation(
    tag=_TAG,
    summary=mark("Count the labelled pictures"),
    description=mark("A page for people, and JSON for who sends a token or accepts JSON."),
    answers={
        200: json_answer(
            mark("The labelled pictures of each class: everybody’s, and one’s own."),
            object_of(all=_COUNT_OF_LABELS, mine=_COUNT_OF_LABELS),
        )
    },
    needs_person=True,
)

UPLOAD = Operation(
    tag=_TAG,
    summary=mark("Upload training data"),
    description=mark(
        "Pictures, ZIP archives, .npz or MNIST’s files, which are checked and then imported. With "
        "dry_run=1 nothing is stored, and the answer is the preview; of what takes long to check, "
        "it is the import’s id."
    ),
    parameters=[query("dry_run", FLAG, mark("1: only check."))],
    body={
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": _FILES, "dry_run": FLAG, **_OPTIONS},
            },
            "example": {"label": "7"},
        }
    },
    answers={
        200: json_answer(mark("What would be imported."), _PREVIEW),
        202: json_answer(_BEGUN, _IMPORT),
    },
    problems=(404, 409, 413, 429),
    needs_person=True,
)

BEGIN = Operation(
    tag=_TAG,
    summary=mark("Begin an import that is sent in pieces"),
    body={
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": _OPTIONS},
            "example": {"writer": "Ann"},
        }
    },
    needs_body=False,
    answers={201: json_answer(_BEGUN, _IMPORT)},
    problems=(404, 413, 429),
    needs_person=True,
)

STATE = Operation(
    tag=_TAG,
    summary=mark("Tell how far an import is"),
    path=_ID,
    answers=_ANSWER,
    problems=(404,),
    needs_person=True,
)

BATCH = Operation(
    tag=_TAG,
    summary=mark("Send many small files of an import"),
    path=_PIECE,
    body={
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": _FILES}},
            "example": {},
        }
    },
    answers={200: json_answer(mark("How many files came."), object_of(files=COUNT))},
    problems=(404, 409, 413, 429),
    needs_person=True,
)

SLICE = Operation(
    tag=_TAG,
    summary=mark("Send a slice of a large file of an import"),
    path=_PIECE,
    parameters=[
        query("name", TEXT, mark("The file’s name."), required=True),
        query("offset", COUNT, mark("Where in the file the slice begins, in bytes.")),
        query("size", COUNT, mark("Bytes of the whole file: if fewer come, it is left out.")),
    ],
    body={"application/octet-stream": {"schema": {}}},
    answers={
        200: json_answer(mark("How many bytes of the file are there."), object_of(size=COUNT))
    },
    problems=(404, 409, 413, 429),
    needs_person=True,
)

CHECK = Operation(
    tag=_TAG,
    summary=mark("Check what was sent"),
    path=_ID,
    answers=_ANSWER,
    problems=(404, 409),
    needs_person=True,
)

ACCEPT = Operation(
    tag=_TAG,
    summary=mark("Import what was checked"),
    path=_ID,
    answers=_ANSWER,
    problems=(404, 409),
    needs_person=True,
)

CANCEL = Operation(
    tag=_TAG,
    summary=mark("Cancel an import, or forget what was sent"),
    path=_ID,
    answers={200: json_answer(_BEGUN, _IMPORT)},
    problems=(404, 409),
    needs_person=True,
)
