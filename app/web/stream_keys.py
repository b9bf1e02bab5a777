"""Stream keys: signed, so that who sends frames says who they are, and nothing need be stored.

The id of a stream is known to those who watch it; only who has its key can send its frames.
"""

from __future__ import annotations

import time
from uuid import UUID, uuid4

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import BadRequest

from app.languages import mark
from app.services.streams import Stream
from app.web.language import gettext

__all__ = ["make_key", "take_count", "take_stream"]

_UNKNOWN = mark("The stream’s key is not one of this site. Ask for one by POST /streams.")
_NUMBER = mark("%(name)s must be a whole number from 0 to %(most)s.")
_MOST = 10**6


def make_key(name: str | None) -> tuple[Stream, str]:
    """Begin a stream of a browser, of a person or a visitor; return it and its key."""
    stream_id = str(uuid4())
    name = name or gettext("Camera %(number)s", number=stream_id[:4])
    stream = Stream(stream_id, name, "browser", round(time.time(), 3))
    return stream, _serializer().dumps([stream.id, name, stream.since])


def take_stream() -> Stream | None:
    """Return the stream whose key is in the query, if one is. Raises BadRequest."""
    key = request.args.get("stream")
    if key is None:
        return None
    try:
        stream_id, name, since = _serializer().loads(key)
    except BadSignature as error:
        raise BadRequest(gettext(_UNKNOWN)) from error
    return Stream(str(UUID(stream_id)), name, "browser", since)


def take_count(name: str, *, most: int = _MOST) -> int | None:
    """Return a whole number in the query, if it is there. Raises BadRequest."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        raise BadRequest(gettext(_NUMBER, name=name, most=most))
    return int(text)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="stream")
