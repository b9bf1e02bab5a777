"""/predict and /status, described for the API's document."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.picture_bodies import PICTURE_BODY
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    DIGIT,
    FLAG,
    LABEL,
    NUMBER,
    PROBABILITY,
    TEXT,
    UUID_TEXT,
    array_of,
    object_of,
    or_null,
    shared,
)

__all__ = ["PREDICT", "STATUS"]

_KEPT = object_of(was_held=BOOLEAN, label_before=or_null(LABEL), label=or_null(LABEL))
_WATCHED = BOOLEAN | {"description": mark("Whether somebody watches the stream.")}
_AGAIN = COUNT | {
    "description": mark("In how many milliseconds the stream’s next frame may come, or later.")
}
_READING = object_of(
    "watched",
    "again_ms",
    digit=or_null(DIGIT),
    confidence=or_null(PROBABILITY),
    probabilities=or_null(array_of(PROBABILITY, 10)),
    refusal=or_null(shared("Refusal")),
    unfinished=or_null(shared("Refusal")),
    left_out=array_of(shared("LeftOut")),
    digits=array_of(shared("Digit")),
    text=TEXT,
    model=TEXT,
    elapsed_ms=NUMBER,
    image_id=or_null(UUID_TEXT),
    kept=or_null(_KEPT),
    watched=_WATCHED,
    again_ms=_AGAIN,
) | {"title": mark("Digits")}
_CLASS = object_of(
    "normalised",
    "watched",
    "again_ms",
    class_=or_null(TEXT),
    confidence=or_null(PROBABILITY),
    probabilities={"type": "object", "additionalProperties": PROBABILITY},
    refusal=or_null(shared("Refusal")),
    novelty=or_null(NUMBER),
    model=TEXT,
    elapsed_ms=NUMBER,
    image_id={"type": "null"},
    normalised=shared("Picture"),
    watched=_WATCHED,
    again_ms=_AGAIN,
) | {"title": mark("The class of a picture, of a model of other classes")}

PREDICT = Operation(
    tag=mark("Reading"),
    summary=mark("Read the digits in a picture"),
    description=mark(
        "Or, with `model`, say which class of another model it shows. A picture without a digit "
        "is answered as well, with why nothing was read in `refusal`."
    ),
    parameters=(
        query("model", TEXT, mark("The name of a model in service."), example="digits"),
        query("normalised", FLAG, mark("1 adds the pictures that the network saw.")),
        query("signs", FLAG, mark("1 puts points and minus signs that are certain into `text`.")),
        query("store", FLAG, mark("1 stores the picture for the person who asks.")),
        query("label", LABEL, mark("What the picture shows; is stored with it.")),
        query("source", {"type": "string", "enum": ["draw"]}, mark("That it is a drawing.")),
        query("stream", TEXT, mark("The key of a stream, whose newest frame the picture is.")),
        query("latency_ms", COUNT, mark("How long the answer to the frame before took.")),
        query("dropped", COUNT, mark("For how many frames the server had no time.")),
    ),
    body=PICTURE_BODY,
    answers={200: json_answer(mark("What was read."), {"anyOf": [_READING, _CLASS]})},
    problems=(404, 409, 410, 413, 415, 429),
)

STATUS = Operation(
    tag=mark("The site"),
    summary=mark("Tell version, model and counts"),
    answers={
        200: json_answer(
            mark("The state of the site."),
            object_of(
                version=TEXT,
                model=shared("Model"),
                models={
                    "type": "object",
                    "additionalProperties": TEXT,
                    "description": mark("Which version is in service under each name."),
                },
                generators={
                    "type": "object",
                    "additionalProperties": TEXT,
                    "description": mark("The same of what makes pictures, and reads none."),
                },
                counts=object_of(read=COUNT, pictures=COUNT, people=COUNT),
                uptime_s=NUMBER,
                native=object_of(listening=BOOLEAN, port=or_null(COUNT), connected=COUNT),
                streams=or_null(COUNT),
                jobs=object_of(queued=COUNT, running=COUNT),
            ),
        )
    },
)
