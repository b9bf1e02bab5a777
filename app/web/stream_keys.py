"""Stream keys: signed, so that who sends frames says who they are, and nothing need be stored.

The id of a stream is known to those who watch it; only who has its key can send its frames. Who
takes part in a wall has the key in a cookie, and so finds back to their place.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import current_app, request, session
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import BadRequest

from app.errors import StorageError
from app.languages import mark
from app.services.streams import Stream, Turn
from app.services.walls import MOST_PARTICIPANTS, NoSuchWall, WallError, WallView
from app.web.language import gettext
from app.web.services import get_services

__all__ = [
    "PARTICIPANT",
    "Client",
    "begin_frame",
    "current_participant",
    "join_wall",
    "leave_wall",
    "make_key",
    "nameless",
    "participation",
    "sent_client",
    "take_client",
]

_log = logging.getLogger(__name__)

_UNKNOWN = mark("The stream’s key is not one of this site. Ask for one by POST /streams.")
#: What the session keeps of who takes part in a wall: their key.
PARTICIPANT = "participant"


@dataclass(frozen=True)
class Client:
    """Who sends frames, by their key, and whether their corrections may be kept."""

    stream: Stream
    key: str
    agrees: bool = False


def make_key(name: str | None) -> Client:
    """Begin a stream of a browser, of a person or a visitor."""
    stream_id = str(uuid4())
    name = name or nameless(stream_id)
    return _sign(Stream(stream_id, name, "browser", round(time.time(), 3)))


def nameless(stream_id: str) -> str:
    """Return what a stream is called that has no name, or whose name is not shown."""
    return gettext("Camera %(number)s", number=stream_id[:4])


def join_wall(wall: WallView, name: str, *, agrees: bool) -> Client:
    """Let whoever asks take part in a wall, from now on in this browser.

    Raises WallError if it is full, and StorageError.
    """
    _check_room(str(wall.id))
    stream = Stream(str(uuid4()), name, "browser", round(time.time(), 3), wall=str(wall.id))
    client = _sign(stream, agrees=agrees)
    session[PARTICIPANT] = client.key
    return client


def leave_wall() -> None:
    """Take part in no wall any more."""
    session.pop(PARTICIPANT, None)


def current_participant() -> Client | None:
    """Return as whom this browser takes part in a wall, if it does.

    Who was disconnected takes part no longer, and may join anew.
    """
    key = session.get(PARTICIPANT)
    try:
        client = None if key is None else _read(key)
    except BadSignature:  # the site has another secret since
        return None
    try:
        if client is not None and get_services().streams.ended_among([client.stream.id]):
            leave_wall()
            return None
    except StorageError as error:
        _log.warning("a stream cannot be followed: %s", error)
    return client


def participation() -> tuple[Client, WallView] | None:
    """Return as whom this browser takes part in which wall, if that is open."""
    client = current_participant()
    if client is None or client.stream.wall is None:
        return None
    try:
        return client, get_services().walls.get(UUID(client.stream.wall))
    except (NoSuchWall, StorageError):
        return None


def sent_client() -> Client | None:
    """Return whose key is in the query, if a good one is."""
    key = request.args.get("stream")
    try:
        return None if key is None else _read(key)
    except BadSignature:
        return None


def take_client() -> Client | None:
    """Return whose key is in the query, if one is. Raises BadRequest for one that is not good."""
    client = sent_client()
    if client is None and "stream" in request.args:
        raise BadRequest(gettext(_UNKNOWN))
    return client


def begin_frame(client: Client) -> Turn:
    """Begin a frame of a client, if there is room on its wall.

    Raises StreamEnded, WallError, StorageError.
    """
    turn = get_services().streams.begin(client.stream)
    # Keys are kept for as long as people like: what counts is who comes with one.
    if turn.is_first and client.stream.wall is not None:
        _check_room(client.stream.wall)
    return turn


def _check_room(wall_id: str) -> None:
    if len(get_services().streams.all(walls={wall_id})) >= MOST_PARTICIPANTS:
        raise WallError("wall_full", most=MOST_PARTICIPANTS)


def _sign(stream: Stream, *, agrees: bool = False) -> Client:
    told = [stream.id, stream.name, stream.since, stream.wall, agrees]
    return Client(stream, _serializer().dumps(told), agrees)


def _read(key: str) -> Client:
    stream_id, name, since, wall, agrees = _serializer().loads(key)
    stream = Stream(str(UUID(stream_id)), name, "browser", since, wall=wall)
    return Client(stream, key, agrees)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="stream")
