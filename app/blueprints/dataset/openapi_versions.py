"""The routes of versions, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.schemas import BOOLEAN, COUNT, TEXT, array_of, object_of, or_null

__all__ = ["FILE", "FREEZE", "LIST", "PREVIEW", "REMOVE"]

_TAG = mark("Versions of the data set")
_BY_NAME = {"type": "object", "additionalProperties": COUNT}
_COUNTS = object_of(
    frozen=COUNT | {"description": mark("How many pictures it had.")},
    withdrawn=COUNT | {"description": mark("How many of them are gone since.")},
    pictures=COUNT,
    held_out=COUNT | {"description": mark("How many are there to judge by, not to learn from.")},
    made=COUNT | {"description": mark("How many a generator made, and nobody wrote.")},
    classes=_BY_NAME,
    held_out_classes=_BY_NAME,
    writers=_BY_NAME | {"description": mark("By the writer’s name, which is empty if unknown.")},
)
_DAY = or_null(TEXT)
_CARD = object_of(
    name=TEXT,
    frozen_at=TEXT,
    licence=or_null(TEXT),
    chosen=object_of(writer=or_null(TEXT), made=BOOLEAN, **{"from": _DAY, "to": _DAY}),
    counts=_COUNTS,
)

FREEZE = Operation(
    tag=_TAG,
    summary=mark("Freeze the labelled pictures under a name"),
    description=mark("All of them, or those of a writer, or stored from one day to another."),
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": TEXT,
                    "writer": or_null(TEXT),
                    "from": or_null(TEXT | {"format": "date"}),
                    "to": or_null(TEXT | {"format": "date"}),
                    "licence": or_null(TEXT),
                    "made": or_null(BOOLEAN)
                    | {"description": mark("Whether made digits may be among them.")},
                },
            },
            "example": {"name": "class-7b", "writer": "Ann", "licence": "CC BY 4.0"},
        }
    },
    answers={201: json_answer(mark("It is frozen."), object_of(name=TEXT, counts=_COUNTS))},
    problems=(409, 413),
    needs_person=True,
)

PREVIEW = Operation(
    tag=_TAG,
    summary=mark("Count what a version would take"),
    description=mark("Nothing is stored."),
    parameters=[
        query("writer", TEXT, mark("Only those of this writer.")),
        query("from", TEXT | {"format": "date"}, mark("Only those stored from this day on.")),
        query("to", TEXT | {"format": "date"}, mark("Only those stored until this day.")),
        query("made", {"type": "string", "enum": ["0", "1"]}, mark("1: made digits as well.")),
    ],
    answers={
        200: json_answer(mark("How many pictures."), object_of(pictures=COUNT, classes=_BY_NAME))
    },
    needs_person=True,
)

LIST = Operation(
    tag=_TAG,
    summary=mark("List the versions"),
    description=mark("A page for people, and JSON for who sends a token or accepts JSON."),
    answers={
        200: json_answer(mark("The newest first."), object_of(versions=array_of(_CARD))),
    },
    needs_person=True,
)

REMOVE = Operation(
    tag=_TAG,
    summary=mark("Remove a version"),
    description=mark(
        "For who froze it, and administrators. Its pictures stay. Runs that learned from it keep "
        "their figures; while one is learning from it, it cannot be removed."
    ),
    path={"name": mark("The version’s name.")},
    answers={200: json_answer(mark("It is removed."), object_of(name=TEXT, removed=BOOLEAN))},
    problems=(403, 404, 409),
    needs_person=True,
)

FILE = Operation(
    tag=_TAG,
    summary=mark("Download a version"),
    description=mark(
        "zip: pictures, labels.csv, README.md and card.json; npz: arrays for NumPy; idx: a ZIP of "
        "files like MNIST’s, of which t10k are the pictures that are held out, and README.md; csv: "
        "the labels alone."
    ),
    path={
        "name": mark("The version’s name."),
        "form": mark("zip, npz, idx or csv."),
    },
    answers={
        200: {"description": mark("The file, as it is made."), "content": {"*/*": {}}},
        304: {"description": mark("Nothing has changed: there is no content.")},
    },
    problems=(404, 429),
    needs_person=True,
)
