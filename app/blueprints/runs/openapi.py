"""What the API's document says of training runs."""

from __future__ import annotations

from app.languages import mark
from app.services.training.picture_settings import (
    CHANNELS,
    LEAST_SIDE,
    MOST_EPOCHS,
    MOST_SIDE,
)
from app.services.training.settings import AMOUNTS, BASES, PUBLISH
from app.web.openapi import Operation, json_answer
from app.web.schemas import BOOLEAN, COUNT, NUMBER, TEXT, array_of, object_of, or_null

__all__ = ["CANCEL", "LIST", "PUBLISH_RUN", "START", "STATE"]

_TAG = mark("Training runs")
_NUMBERS = array_of(NUMBER)
_AUGMENT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        name: {"type": "number", "minimum": 0, "maximum": most} for name, most in AMOUNTS.items()
    },
}
_PICTURES = object_of(
    classes={
        "description": mark("The training pictures by class."),
        "type": "object",
        "additionalProperties": COUNT,
    },
    size=COUNT,
    channels={"enum": list(CHANNELS)},
    augment=or_null(TEXT),
) | {"description": mark("What a model of other classes learns from; null for digits.")}
_RUN = {
    "id": TEXT,
    "number": COUNT,
    "state": {"enum": ["queued", "running", "finished", "failed", "cancelled"]},
    "phase": {"enum": [None, "loading", "training", "calibrating", "comparing"]},
    "created_at": TEXT,
    "started_at": or_null(TEXT),
    "ended_at": or_null(TEXT),
    "created_by": or_null(TEXT),
    "name": TEXT | {"description": mark("The name that its model is for, such as digits.")},
    "from_scratch": BOOLEAN,
    "base": or_null(TEXT | {"description": mark("The version that it went on from.")}),
    "compared_with": or_null(TEXT),
    "versions": array_of(TEXT),
    "mnist": BOOLEAN,
    "rate": or_null(NUMBER),
    "augment": or_null(_AUGMENT),
    "pictures": or_null(_PICTURES),
    "publish": {"enum": list(PUBLISH)},
    "quick": BOOLEAN,
    "epoch": COUNT | {"description": mark("How many epochs are done.")},
    "epochs": COUNT | {"description": mark("How many there are; 0 as long as that is not known.")},
    "seconds_left": or_null(NUMBER),
    "history": {
        "description": mark("A list by metric, with a value for each epoch."),
        "type": "object",
        "additionalProperties": _NUMBERS,
    },
    "decision": {
        "description": mark("How it compares with the one in service; first: there is none."),
        "enum": [None, "better", "as_good", "worse", "first"],
    },
    "model": or_null(TEXT | {"description": mark("The name and the version that came of it.")}),
    "in_service": BOOLEAN,
    "may_publish": BOOLEAN,
    "error": or_null(TEXT | {"description": mark("Why it failed, as a sentence.")}),
}
_WHOLE = object_of(
    **_RUN,
    batches={
        "description": mark("Points within the epochs: moments in epochs, and means until then."),
        "type": "object",
        "additionalProperties": _NUMBERS,
    },
    log=array_of(object_of(at=TEXT, text=TEXT)),
    gate={
        "description": mark("The comparison with the model in service, once there is one."),
        "type": ["object", "null"],
    },
)
_PATH = {"run_id": mark("The run’s id.")}

LIST = Operation(
    tag=_TAG,
    summary=mark("List the training runs"),
    description=mark("For administrators. The newest hundred, without logs and comparisons."),
    answers={
        200: json_answer(mark("The newest first."), object_of(runs=array_of(object_of(**_RUN))))
    },
    problems=(403,),
    needs_person=True,
)

START = Operation(
    tag=_TAG,
    summary=mark("Train a model"),
    description=mark(
        "For administrators. Runs are done one after the other. JSON asks for a model of digits, "
        "and all in it is optional: by default the model in service goes on learning from MNIST "
        "and the versions that are named. A form with an archive asks for a model of the classes "
        "that its folders name. What comes of a run waits for somebody to publish it, unless "
        "“if_better” was asked for."
    ),
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "model": {"enum": ["digits"]},
                    "base": {"enum": list(BASES)},
                    "versions": array_of(TEXT),
                    "mnist": BOOLEAN,
                    "epochs": or_null({"type": "integer", "minimum": 1, "maximum": 200}),
                    "rate": or_null({"type": "number", "minimum": 0.000001, "maximum": 0.1}),
                    "augment": or_null(_AUGMENT),
                    "publish": {"enum": list(PUBLISH)},
                    "quick": BOOLEAN
                    | {"description": mark("A trial with few pictures, in half a minute.")},
                },
            },
            "example": {"versions": ["class-7b"], "publish": "if_better"},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "model"],
                "properties": {
                    "file": {"type": "string", "format": "binary"}
                    | {"description": mark("A ZIP with a folder of pictures for each class.")},
                    "model": TEXT
                    | {"description": mark("The name under which it will be asked for.")},
                    "size": {"type": "integer", "minimum": LEAST_SIDE, "maximum": MOST_SIDE},
                    "channels": {"type": "integer", "enum": list(CHANNELS)},
                    "epochs": {"type": "integer", "minimum": 1, "maximum": MOST_EPOCHS},
                    "rate": {"type": "number", "minimum": 0.000001, "maximum": 0.1},
                    "augment": TEXT
                    | {"description": mark("As python -m cnn train --augment takes it.")},
                    "publish": {"type": "string", "enum": list(PUBLISH)},
                },
            },
            "example": {"model": "pets", "publish": "if_better"},
        },
    },
    needs_body=False,
    answers={202: json_answer(mark("It is queued."), object_of(run=TEXT))},
    problems=(403, 413),
    needs_person=True,
)

STATE = Operation(
    tag=_TAG,
    summary=mark("Tell how far a training run is"),
    description=mark(
        "For administrators. With its curves, its log and, at the end, the comparison."
    ),
    path=_PATH,
    answers={200: json_answer(mark("The run."), _WHOLE)},
    problems=(403, 404),
    needs_person=True,
)

CANCEL = Operation(
    tag=_TAG,
    summary=mark("Cancel a training run"),
    description=mark("For administrators. It ends within a second, and what it learned is lost."),
    path=_PATH,
    answers={200: json_answer(mark("The run."), _WHOLE)},
    problems=(403, 404, 409),
    needs_person=True,
)

PUBLISH_RUN = Operation(
    tag=_TAG,
    summary=mark("Put the model of a training run in service"),
    description=mark(
        "For administrators. Refused if it was found worse, or another model was put in service "
        "since it was compared."
    ),
    path=_PATH,
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"reason": TEXT | {"maxLength": 500}},
            },
            "example": {"reason": "It reads our pupils better."},
        }
    },
    needs_body=False,
    answers={
        200: json_answer(mark("What is in service now."), object_of(name=TEXT, in_service=TEXT))
    },
    problems=(403, 404, 409, 413),
    needs_person=True,
)
