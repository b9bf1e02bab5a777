from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask_login import login_required

from app.blueprints.streams import openapi
from app.errors import StorageError
from app.languages import mark
from app.one_line import is_one_line
from app.services.accounts import Person
from app.services.streams import Part, Snapshot, Stream
from app.services.walls import NoSuchWall, Walls
from app.web.extensions import limit_joining
from app.web.intake import take_json, take_moment
from app.web.lanes import Lane, runs_in
from app.web.language import gettext
from app.web.looks import answer_look, is_watching
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import current_person, logged_in_person, person_later
from app.web.stream_keys import make_key, nameless

blueprint = Blueprint("streams", __name__)

_log = logging.getLogger(__name__)

_NOT_YOURS = mark(
    "Only administrators watch the cameras, and whoever has made a wall those of its participants."
)
_GONE = mark("There is no such stream, or no longer: it has sent nothing for some seconds.")
_HIDDEN = mark(
    "What this native client sends is not shown: its people cannot be told that somebody watches. "
    "The setting DIGITNET_STREAM_NATIVE_FRAMES=1 would allow it."
)
_NAME = mark("A name has 1 to %(most)s characters, in one line.")
_NAMES_HIDDEN = mark("The wall of this stream shows no names: choose there to show them first.")
_LONGEST_NAME = 40
_ASKED_EVERY = 5.0  # seconds between two looks whether a person may still watch
_BOUNDARY = b"frame"


@blueprint.get("/streams")
@describes(openapi.LIST)
@is_watching
@login_required  # type: ignore[untyped-decorator]
def monitor() -> str | Response:
    """Show the streams: as a page, or as JSON where that is asked for."""
    walls = _watched_walls()
    if not wants_json():
        return render_template("streams/page.html")
    since = take_moment(request, "frames_since")
    kind = None if walls is None else frozenset(walls)
    answer = answer_look(
        kind, "streams", since, lambda: _snapshot(walls, with_frames=since is not None)
    )
    # Frames are packed already: to pack them once more would take longer than to send them.
    answer.headers["Cache-Control"] = "private, no-store, no-transform"
    return answer


@blueprint.post("/streams")
@describes(openapi.BEGIN)
@for_programs
@limit_joining
def begin() -> tuple[dict[str, str], int]:
    """Begin a stream: give whoever asks an id, and the key with which frames are sent."""
    person = current_person()
    client = make_key(None if person is None else person.username)
    return {"id": client.stream.id, "key": client.key, "name": client.stream.name}, 201


@blueprint.post("/streams/<uuid:client_id>/name")
@describes(openapi.RENAME)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def rename(client_id: UUID) -> dict[str, str]:
    if not _shows_name(_find(client_id)):
        abort(409, gettext(_NAMES_HIDDEN))
    given = take_json(request)
    name = given.get("name") if isinstance(given, dict) else None
    name = name.strip() if isinstance(name, str) else ""
    if not is_one_line(name, most=_LONGEST_NAME):
        abort(400, gettext(_NAME, most=_LONGEST_NAME))
    get_services().streams.rename(str(client_id), name)
    get_services().snapshots.forget()
    return {"id": str(client_id), "name": name}


@blueprint.post("/streams/<uuid:client_id>/disconnect")
@describes(openapi.DISCONNECT)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def disconnect(client_id: UUID) -> dict[str, str]:
    _find(client_id)
    get_services().streams.end(str(client_id))
    get_services().snapshots.forget()
    return {"id": str(client_id)}


@blueprint.get("/video_feed/<uuid:client_id>")
@describes(openapi.FEED)
@login_required  # type: ignore[untyped-decorator]
@runs_in(Lane.FEEDS)
def video_feed(client_id: UUID) -> Response:
    """Send the frames of a stream, with the answers drawn in.

    It ends when the stream is gone, or when the person may watch it no longer.
    """
    stream, streams = _find(client_id), get_services().streams
    if not streams.may_show(stream):
        abort(403, gettext(_HIDDEN))
    feed = streams.feed(stream.id)
    response = Response(
        _parts(feed, _watching(stream)),
        mimetype=f"multipart/x-mixed-replace; boundary={_BOUNDARY.decode()}",
    )
    response.call_on_close(feed.close)
    response.headers["Cache-Control"] = "no-store"
    return response


def _watched_walls() -> set[str] | None:
    """Return the walls whose streams the person may watch; None stands for all streams.

    Whoever may watch none is answered 403.
    """
    own = _walls_of(logged_in_person(), get_services().walls)
    if own is not None and not own:
        abort(403, gettext(_NOT_YOURS))
    return own


def _walls_of(person: Person, walls: Walls) -> set[str] | None:
    return None if person.is_admin else {str(wall.id) for wall in walls.of(person.id)}


def _watching(stream: Stream) -> Callable[[], bool]:
    """Return what tells, also after the request, whether the person may still watch a stream."""
    find_person, walls = person_later(), get_services().walls

    def may_watch() -> bool:
        try:
            person = find_person()
            own = set() if person is None else _walls_of(person, walls)
        except StorageError as error:
            _log.warning("a feed ends: %s", error)
            return False
        return own is None or stream.wall in own

    return may_watch


def _find(client_id: UUID) -> Stream:
    """Return a stream that the person may watch, or answer 403 or 404."""
    walls, stream = _watched_walls(), get_services().streams.find(str(client_id))
    if stream is None or (walls is not None and stream.wall not in walls):
        abort(404, gettext(_GONE))
    return stream


def _shows_name(stream: Stream) -> bool:
    """Say whether the name of a stream is shown: not where its wall shows none, or was closed."""
    if stream.wall is None:
        return True
    try:
        return not get_services().walls.get(UUID(stream.wall)).is_anonymous
    except NoSuchWall:
        return False


def _parts(frames: Iterator[bytes], may_watch: Callable[[], bool]) -> Iterator[bytes]:
    asked_at = time.monotonic()
    for frame in frames:
        if time.monotonic() >= asked_at + _ASKED_EVERY:
            if not may_watch():
                break
            asked_at = time.monotonic()
        if not frame:
            yield b"\r\n"  # which readers of multipart leave out
            continue
        head = b"--%b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
        yield head % (_BOUNDARY, len(frame)) + frame + b"\r\n"
    yield b"--%b--\r\n" % _BOUNDARY


def _snapshot(walls: set[str] | None, *, with_frames: bool) -> Snapshot:
    sight = get_services().streams.look(walls=walls, with_frames=with_frames)
    parts = (_part(one, sight.frames.get(one.id)) for one in sight.streams)
    return Snapshot(sight.now, tuple(parts))


def _part(stream: Stream, frame: bytes | None) -> Part:
    begin = json.dumps(_describe_stream(stream)).encode().removesuffix(b"}")
    plain = begin + b', "frame": null}'
    if frame is None or stream.frame_at is None:
        return Part(None, plain, plain)
    shown = b'%b, "frame": "data:image/jpeg;base64,%b"}' % (begin, base64.b64encode(frame))
    return Part(1000 * stream.frame_at, shown, plain)


def _describe_stream(stream: Stream) -> dict[str, Any]:
    latency = stream.latency_ms
    return {
        "id": stream.id,
        "name": stream.name if _shows_name(stream) else nameless(stream.id),
        "kind": stream.kind,
        "text": stream.seen.text,
        "confidence": stream.seen.confidence,
        "frames_per_second": round(stream.frames_per_second, 1),
        "latency_ms": None if latency is None else round(latency, 1),
        "since": datetime.fromtimestamp(stream.since, UTC).isoformat(timespec="seconds"),
        "dropped": stream.dropped,
        "shows_frames": get_services().streams.may_show(stream),
    }
