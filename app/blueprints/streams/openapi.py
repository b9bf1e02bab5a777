"""What the API's document says of streams."""

from __future__ import annotations

from app.languages import mark
from app.web.openapi import Operation, file_answer, json_answer, query
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    NUMBER,
    PROBABILITY,
    TEXT,
    UUID_TEXT,
    array_of,
    object_of,
    or_null,
)

__all__ = ["BEGIN", "DISCONNECT", "FEED", "LIST", "RENAME"]

_TAG = mark("Streams")
_CLIENT = {"client_id": mark("The id of the stream.")}
_STREAM = object_of(
    id=UUID_TEXT,
    name=TEXT,
    kind={"enum": ["browser", "native"]},
    text=TEXT | {"description": mark("What was read last; empty if nothing was.")},
    confidence=or_null(PROBABILITY),
    frames_per_second=NUMBER,
    latency_ms=or_null(
        NUMBER | {"description": mark("From a frame to its answer, as the client measured it.")}
    ),
    since=TEXT,
    dropped=COUNT | {"description": mark("Frames for which the server had no time.")},
    shows_frames=BOOLEAN,
    frame=or_null(TEXT | {"description": mark("The newest frame, as a data URL, if it is new.")}),
)

LIST = Operation(
    tag=_TAG,
    summary=mark("Watch all streams"),
    description=mark(
        "For administrators. Ask again after `again_ms` milliseconds, with `now` as `frames_since`."
    ),
    parameters=(
        query(
            "frames_since",
            COUNT,
            mark("Adds the frames that came after this time, `now` of the answer before; 0 first."),
        ),
    ),
    answers={
        200: json_answer(
            mark("The streams."),
            object_of(streams=array_of(_STREAM), now=COUNT, again_ms=COUNT),
        )
    },
    problems=(403,),
    needs_person=True,
)

BEGIN = Operation(
    tag=_TAG,
    summary=mark("Begin a stream"),
    description=mark("Send frames to /predict with the key as `stream`, one after the other."),
    answers={
        201: json_answer(
            mark("The stream, and the key with which its frames are sent."),
            object_of(id=UUID_TEXT, key=TEXT, name=TEXT),
        )
    },
    problems=(429,),
)

RENAME = Operation(
    tag=_TAG,
    summary=mark("Give a stream another name"),
    path=_CLIENT,
    body={
        "application/json": {
            "schema": object_of(name=TEXT),
            "example": {"name": "Table 4"},
        }
    },
    answers={200: json_answer(mark("Its name now."), object_of(id=UUID_TEXT, name=TEXT))},
    problems=(403, 404, 409, 413),
    needs_person=True,
)

DISCONNECT = Operation(
    tag=_TAG,
    summary=mark("Disconnect a stream"),
    path=_CLIENT,
    answers={200: json_answer(mark("It is disconnected."), object_of(id=UUID_TEXT))},
    problems=(403, 404),
    needs_person=True,
)

FEED = Operation(
    tag=_TAG,
    summary=mark("See one stream as MJPEG, with the answers drawn in"),
    path=_CLIENT,
    answers={
        200: file_answer(
            mark("Frames, at most eight a second, until the stream is gone."),
            "multipart/x-mixed-replace",
        )
    },
    problems=(403, 404),
    needs_person=True,
)
