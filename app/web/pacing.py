"""Frames of cameras over HTTP: read in a lane of their own, at the pace of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from flask import request

from app.web.gateway import ARRIVED
from app.web.lanes import Lane
from app.web.services import get_services

__all__ = ["lane_of_picture", "paced"]

_Answer = dict[str, Any]

#: With one of these, a participant's picture is a drawing, which nothing newer takes the place of.
_OF_DRAWINGS = frozenset({"normalised", "label", "store"})


def lane_of_picture(query: str) -> Lane:
    """Return where a picture is read: the frames of cameras do not delay other pictures."""
    return Lane.FRAMES if _is_frame(query) else Lane.READING


def paced(view: Callable[[], _Answer]) -> Callable[[], _Answer]:
    """Let a view read frames at the server's pace, and its answers say when the next may come.

    A frame that waited too long raises FrameDropped.
    """

    @wraps(view)
    def read() -> _Answer:
        if not _is_frame(request.query_string.decode("latin-1")):
            return view()
        services, now = get_services(), time.monotonic()
        services.snapshots.tidy()  # cameras may go on when nobody watches
        with services.pace.reading(now - request.environ.get(ARRIVED, now)):
            answer = view()
        return answer | {"again_ms": services.pace.again_ms()}

    return read


def _is_frame(query: str) -> bool:
    given = parse_qs(query, keep_blank_values=True).keys()
    return "stream" in given and given.isdisjoint(_OF_DRAWINGS)
