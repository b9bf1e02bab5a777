"""Explanations, described for the API's document."""

from __future__ import annotations

from app.blueprints.explain.describe import POINTS
from app.blueprints.explain.operations import DEEPEST, LONGEST, OPERATIONS, WIDEST
from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.picture_bodies import PICTURE_BODY
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    DIGIT,
    NUMBER,
    PROBABILITY,
    TEXT,
    Schema,
    array_of,
    object_of,
    or_null,
    shared,
)
from cnn.explanation.explain import SWITCHES

__all__ = ["APPLY", "EXPLAIN", "MAP"]

_EXPLAINING = mark("Explaining")
_SHAPE = array_of(COUNT)
_EVIDENCE = {"occlusion": shared("Numbers"), "gradient": shared("Numbers")}
_OF_DIGIT, _OF_CLASS = object_of(digit=DIGIT, **_EVIDENCE), object_of(class_=TEXT, **_EVIDENCE)
_PLACE = {"anyOf": [NUMBER, array_of(NUMBER) | {"minItems": 1, "maxItems": DEEPEST}]}
_NEIGHBOUR = object_of(label=DIGIT, distance=NUMBER, image=shared("Picture"))
_NETWORK = {
    "stages": array_of(object_of(name=TEXT, image=shared("Picture"))),
    "layers": array_of(
        object_of(
            index=COUNT,
            kind=TEXT,
            input_shape=_SHAPE,
            shape=_SHAPE,
            parameters=COUNT,
            options={"type": "object"},
        )
    ),
    "model": TEXT,
}
_DIGIT = object_of(
    digit=or_null(DIGIT),
    confidence=or_null(PROBABILITY),
    probabilities=array_of(PROBABILITY, 10),
    scores=array_of(NUMBER, 10),
    refusal=or_null(shared("Refusal")),
    doubt=object_of(
        reason=or_null(TEXT),
        confidence=PROBABILITY,
        least_confidence=PROBABILITY,
        likeness=or_null(NUMBER),
        least_likeness=or_null(NUMBER),
    ),
    text=TEXT,
    digits=array_of(shared("Digit")),
    unfinished=or_null(shared("Refusal")),
    left_out=array_of(shared("LeftOut")),
    box=or_null(array_of({"type": "integer"}, 4)),
    joined=BOOLEAN,
    switches=array_of(object_of(name=TEXT, label=TEXT)),
    pixels=shared("Numbers"),
    **_NETWORK,
    winner=_OF_DIGIT,
    runner_up=_OF_DIGIT,
    neighbours=or_null(object_of(nearest=array_of(_NEIGHBOUR), other=array_of(_NEIGHBOUR))),
) | {"title": mark("A whole explanation, of a digit")}
_PICTURE = object_of(
    class_=or_null(TEXT),
    confidence=or_null(PROBABILITY),
    classes=array_of(TEXT),
    probabilities=array_of(PROBABILITY),
    scores=array_of(NUMBER),
    refusal=or_null(shared("Refusal")),
    novelty=or_null(NUMBER),
    pixels=shared("Numbers"),
    **_NETWORK,
    winner=_OF_CLASS,
    runner_up=_OF_CLASS,
) | {"title": mark("A whole explanation, of a picture by a model of other classes")}
_LAYER = object_of(
    "params",
    "input",
    index=COUNT,
    shape=_SHAPE,
    maps=shared("Numbers"),
    params={"type": "object", "additionalProperties": shared("Numbers")},
    input=shared("Numbers"),
) | {"title": mark("One layer, with `layer`")}
_SPRITE = object_of(
    index=COUNT,
    shape=_SHAPE,
    sprite=object_of(image=shared("Picture"), columns=COUNT, range=array_of(NUMBER, 2)),
) | {"title": mark("One layer as a picture, with `layer` and `format`")}
_POINTS: Schema = {
    "type": "array",
    "items": {"type": "string", "enum": list(POINTS)},
    "description": mark(
        "What a point may be: paper, the ink of a digit, other ink (a line, a box, a letter, a "
        "sign), or no page at all."
    ),
}
_MAP_PICTURE = shared("Picture") | {
    "description": mark(
        "A map for each kind of point, one under the other: 255 is a probability of 1."
    )
}
_STRONGEST = shared("Picture") | {
    "description": mark("The map whose numbers differ most; 255 is the largest number.")
}
_MODEL = query("model", TEXT, mark("The name of a model in service."), example="digits")

EXPLAIN = Operation(
    tag=_EXPLAINING,
    summary=mark("Tell how the network came to its answer"),
    parameters=(
        _MODEL,
        query(
            "layer",
            {"type": "integer", "minimum": 0, "maximum": 9999},
            mark("Only what this layer made of it; 0 is the input."),
        ),
        query(
            "format",
            {"type": "string", "enum": ["png"]},
            mark("png gives the maps of a layer as one picture."),
        ),
        query(
            "digit",
            {"type": "integer", "minimum": 0, "maximum": 9999},
            mark("Which of several digits, counted from 0."),
        ),
        query(
            "without",
            array_of({"type": "string", "enum": list(SWITCHES)}),
            mark("Stages of the normalisation to leave out."),
        ),
    ),
    body=PICTURE_BODY,
    answers={
        200: json_answer(mark("The explanation."), {"anyOf": [_DIGIT, _PICTURE, _LAYER, _SPRITE]})
    },
    problems=(404, 413, 415, 429),
)

MAP = Operation(
    tag=_EXPLAINING,
    summary=mark("Say of each point of a page what it is"),
    parameters=(_MODEL,),
    body=PICTURE_BODY,
    answers={
        200: json_answer(
            mark("The map, and what the network that makes it hands on from size to size."),
            object_of(
                picture=shared("Picture"),
                points=_POINTS,
                map=object_of(shape=array_of(COUNT, 3), image=_MAP_PICTURE),
                levels=array_of(
                    object_of(
                        channels=COUNT,
                        shape=array_of(COUNT, 2),
                        image=_STRONGEST,
                        range=array_of(NUMBER, 2),
                    )
                ),
            ),
        )
    },
    problems=(404, 413, 415, 429),
)

APPLY = Operation(
    tag=_EXPLAINING,
    summary=mark("Apply one layer to pixels"),
    body={
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["picture", "operation"],
                "properties": {
                    "picture": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": LONGEST,
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": LONGEST,
                            "items": _PLACE,
                        },
                        "description": mark(
                            "Equally long rows of numbers, or, for several channels, of lists of "
                            "them."
                        ),
                    },
                    "operation": {"type": "string", "enum": list(OPERATIONS)},
                    "kernel": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": WIDEST,
                        "items": array_of(_PLACE),
                    },
                    "bias": NUMBER,
                    "size": {"type": "integer", "minimum": 1},
                    "stride": {"type": "integer", "minimum": 1},
                    "padding": COUNT,
                },
            },
            "example": {"picture": [[0, 1], [1, 0]], "operation": "relu"},
        }
    },
    answers={200: json_answer(mark("The result."), object_of(result=shared("Numbers")))},
    problems=(413, 429),
)
