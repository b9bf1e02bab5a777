"""The routes of models, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer, kept_file_answers
from app.web.schemas import BOOLEAN, COUNT, SCHEMAS, TEXT, array_of, object_of

__all__ = ["FILE", "LIST", "ONE_FILE", "PUBLISH", "ROLLBACK"]

_MODELS = mark("Models")
_FILE_TYPE = "application/octet-stream"
_MODEL_FILE = mark("The model’s file, which `python -m cnn predict --model` reads.")

LIST = Operation(
    tag=_MODELS,
    summary=mark("List the models in service"),
    description=mark(
        "A page for people, and JSON for who sends a token or accepts JSON. `generators` make "
        "pictures: `POST /generate` has their names as `model`."
    ),
    answers={
        200: json_answer(
            mark("The models and generators, by the names by which they are asked for."),
            object_of(
                models=array_of(
                    object_of(
                        in_service_as=TEXT,
                        **SCHEMAS["Model"]["properties"],
                        classes=array_of(TEXT),
                    )
                ),
                generators=array_of(
                    object_of(
                        in_service_as=TEXT,
                        name=TEXT,
                        trained_at=SCHEMAS["Model"]["properties"]["trained_at"],
                        classes=array_of(TEXT),
                        size=array_of(COUNT, 2)
                        | {"description": mark("Height and width of a picture, in pixels.")},
                        channels={"type": "integer", "enum": [1, 3]},
                        takes_like=BOOLEAN
                        | {"description": mark("Whether it makes pictures like a given one.")},
                    )
                ),
            ),
        )
    },
)

ONE_FILE = Operation(
    tag=_MODELS,
    summary=mark("Download the file of a model"),
    path={
        "name": mark("The name by which the model is asked for."),
        "version": mark("The model’s own name, of one of its versions."),
    },
    answers=kept_file_answers(_MODEL_FILE, _FILE_TYPE),
    problems=(404, 416),
)

FILE = Operation(
    tag=_MODELS,
    summary=mark("Download the file of the digit model in service"),
    answers=kept_file_answers(_MODEL_FILE, _FILE_TYPE),
    problems=(416,),
)

_NAME = {"name": mark("The name by which the model is asked for.")}
_REASON = TEXT | {"description": mark("Why, for the history.")}
_INSTEAD_OF = TEXT | {
    "description": mark("The version that is in service; if it is another by now, nothing is done.")
}
_IN_SERVICE = {
    200: json_answer(mark("What is in service now."), object_of(name=TEXT, in_service=TEXT))
}

PUBLISH = Operation(
    tag=_MODELS,
    summary=mark("Put a version of a model in service"),
    description=mark("For administrators. Every process of the site takes it within a second."),
    path=_NAME,
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["version"],
                "properties": {
                    "version": TEXT,
                    "reason": _REASON,
                    "instead_of": _INSTEAD_OF,
                },
            },
            "example": {"version": "digits-1", "reason": "It reads our pupils better."},
        }
    },
    answers=_IN_SERVICE,
    problems=(403, 404, 409, 413),
    needs_person=True,
)

ROLLBACK = Operation(
    tag=_MODELS,
    summary=mark("Put the version before back in service"),
    description=mark("For administrators. The one that was in service before the present one."),
    path=_NAME,
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "reason": _REASON,
                    "instead_of": _INSTEAD_OF,
                    "version": TEXT
                    | {
                        "description": mark(
                            "The version to go back to; if another one was there before by now, "
                            "nothing is done."
                        )
                    },
                },
            },
            "example": {"reason": "It takes crossed 7s for 4s."},
        }
    },
    needs_body=False,
    answers=_IN_SERVICE,
    problems=(403, 404, 409, 413),
    needs_person=True,
)
