"""The routes of reviews, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    DIGIT,
    LABEL,
    PROBABILITY,
    TEXT,
    UUID_TEXT,
    array_of,
    object_of,
    or_null,
    shared,
)

__all__ = ["ANSWER", "MOST", "NEXT", "RELEASE"]

#: Pictures that are given out at once.
MOST = 50

_TAG = mark("Reviewing")
_CLAIM = UUID_TEXT | {"description": mark("Of one page or program; the first answer names it.")}
_ONLY_CLAIM = {
    "application/json": {
        "schema": {"type": "object", "required": ["claim"], "properties": {"claim": _CLAIM}},
        "example": {"claim": "00000000-0000-4000-8000-000000000000"},
    }
}
_NORMALISED = or_null(shared("Picture"))
_TWIN = object_of(id=UUID_TEXT, label=LABEL, normalised=_NORMALISED)
_PICTURE = object_of(
    id=UUID_TEXT,
    label=or_null(LABEL) | {"description": mark("What people say that it shows.")},
    digit=or_null(DIGIT) | {"description": mark("What the network read.")},
    confidence=or_null(PROBABILITY),
    reasons=array_of({"type": "string", "enum": ["differs", "twin", "unsure", "unlabelled"]})
    | {
        "description": mark(
            "Why somebody should look: label and network differ, a nearly equal picture has "
            "another label, the network is not sure, or there is no label."
        )
    },
    writer=or_null(TEXT),
    normalised=_NORMALISED,
    image=TEXT | {"description": mark("The address of the picture.")},
    twin=or_null(_TWIN),
)

NEXT = Operation(
    tag=_TAG,
    summary=mark("Get the next pictures to review"),
    description=mark(
        "Those that need a look most, one’s own or for administrators all. For five minutes "
        "nobody else gets them; asking again renews that."
    ),
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "claim": or_null(_CLAIM),
                    "count": {"type": "integer", "minimum": 0, "maximum": MOST},
                },
            },
            "example": {"count": 12},
        }
    },
    answers={
        200: json_answer(
            mark("The pictures, how many are left, and how many of those others have."),
            object_of(claim=_CLAIM, pictures=array_of(_PICTURE), left=COUNT, elsewhere=COUNT),
        )
    },
    problems=(413,),
    needs_person=True,
)

RELEASE = Operation(
    tag=_TAG,
    summary=mark("Give back pictures that were not reviewed"),
    body=_ONLY_CLAIM,
    answers={200: json_answer(mark("They are given back."), object_of(claim=_CLAIM))},
    problems=(413,),
    needs_person=True,
)

ANSWER = Operation(
    tag=_TAG,
    summary=mark("Say what a picture shows that was to be reviewed, or take that back"),
    description=mark(
        "Null says that it cannot be told. With “undo” and the claim, the person’s answer is "
        "taken back and the picture is theirs again."
    ),
    path={"picture_id": mark("The picture’s id.")},
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"label": or_null(LABEL), "undo": BOOLEAN, "claim": or_null(_CLAIM)},
            },
            "example": {"label": "7"},
        }
    },
    answers={
        200: json_answer(
            mark("The label that counts now, and whether somebody else has the picture as well."),
            object_of(id=UUID_TEXT, label=or_null(LABEL), late=BOOLEAN),
        )
    },
    problems=(403, 404, 409, 413),
    needs_person=True,
)
