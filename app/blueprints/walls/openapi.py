"""What the API's document says of walls."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    PROBABILITY,
    TEXT,
    UUID_TEXT,
    array_of,
    object_of,
    or_null,
)

__all__ = ["ALIVE", "CHANGE", "SHOW"]

_TAG = mark("Walls")
_CODE = {"code": mark("The code by which people join the wall.")}
_EXPECTED = or_null({"type": "string", "pattern": "^[0-9]$"}) | {
    "description": mark("The digit that everybody was asked to write.")
}
_WALL = object_of(
    code=TEXT,
    title=TEXT,
    expected=_EXPECTED,
    is_paused=BOOLEAN,
    is_anonymous=BOOLEAN,
    collects=BOOLEAN,
)
_ONE = object_of(
    id=UUID_TEXT,
    name=or_null(TEXT | {"description": mark("Null on a wall without names.")}),
    text=or_null(TEXT | {"description": mark("What was read last; null if nothing was sent yet.")}),
    confidence=or_null(PROBABILITY),
    ink=or_null(
        TEXT
        | {
            "description": mark(
                "The digit as the network saw it, if it is new: 28×28 bytes, white ink on black, "
                "in base64; empty if there is none."
            )
        }
    ),
)

SHOW = Operation(
    tag=_TAG,
    summary=mark("See a wall"),
    description=mark("For who made it. Ask again after `again_ms` ms, with `now` as `since`."),
    path=_CODE,
    parameters=(query("since", COUNT, mark("Leaves out the ink from before this time.")),),
    answers={
        200: json_answer(
            mark("The wall, and who takes part."),
            object_of(wall=_WALL, participants=array_of(_ONE), now=COUNT, again_ms=COUNT),
        )
    },
    problems=(403, 404, 429),
    needs_person=True,
)

CHANGE = Operation(
    tag=_TAG,
    summary=mark("Change a wall"),
    path=_CODE,
    body={
        "application/json": {
            "schema": object_of(
                "expected",
                "is_paused",
                "is_anonymous",
                "collects",
                expected=_EXPECTED,
                is_paused=BOOLEAN,
                is_anonymous=BOOLEAN,
                collects=BOOLEAN,
            ),
            "example": {"expected": "7", "is_paused": False},
        }
    },
    answers={200: json_answer(mark("The wall as it is now."), _WALL)},
    problems=(403, 404, 413),
    needs_person=True,
)

ALIVE = Operation(
    tag=_TAG,
    summary=mark("Stay on a wall"),
    description=mark("Whoever takes part says so every three seconds while they write nothing."),
    parameters=(query("stream", TEXT, mark("The key of who takes part."), required=True),),
    answers={
        200: json_answer(
            mark("How it is with the wall."),
            object_of(paused=BOOLEAN, collects=BOOLEAN, watched=BOOLEAN),
        )
    },
    problems=(409, 410, 429),
)
