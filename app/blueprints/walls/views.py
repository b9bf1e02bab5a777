from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from app.addresses import is_loopback
from app.blueprints.walls import openapi
from app.languages import mark
from app.one_line import is_one_line
from app.sentences import say_error
from app.services.streams import Part, Snapshot, Stream
from app.services.walls import (
    LONGEST_TITLE,
    NoSuchWall,
    WallError,
    WallView,
)
from app.web.extensions import limit_guessing, limit_joining
from app.web.intake import take_json, take_moment
from app.web.language import current_language, gettext
from app.web.looks import answer_look, is_watching
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import current_person, logged_in_person
from app.web.stream_keys import (
    begin_frame,
    current_participant,
    join_wall,
    leave_wall,
    take_client,
)

blueprint = Blueprint("walls", __name__)

_LONGEST_NAME = 40
_SWITCHES = ("is_paused", "is_anonymous", "collects")

_NAME = mark("Say a name with 1 to %(most)s characters, in one line.")
_NOT_YOURS = mark("Only who made this wall, or an administrator, sees and changes it.")
_CHANGES = mark(
    "Send “expected” (a digit, or null) and the switches “is_paused”, “is_anonymous” and "
    "“collects” (true or false), those that shall change."
)
_NO_PART = mark("This key takes part in no wall.")


@blueprint.get("/walls")
@limit_guessing
def index() -> str | tuple[str, int] | WerkzeugResponse:
    """Show a person's walls, and let everybody join one by its code."""
    code = request.args.get("code", "").strip()
    if not code:
        return _index()
    try:
        return redirect(url_for("walls.page", code=get_services().walls.find(code).code))
    except NoSuchWall as error:
        return _index(code=code, code_problem=say_error(error, current_language())), 404


@blueprint.post("/walls")
@login_required  # type: ignore[untyped-decorator]
def make() -> tuple[str, int] | WerkzeugResponse:
    """Make a wall, by the page's form."""
    title = request.form.get("title", "")
    try:
        wall = get_services().walls.make(
            logged_in_person().id, title, collects="collects" in request.form
        )
    except WallError as error:
        return _index(title=title, title_problem=say_error(error, current_language())), 422
    return redirect(url_for("walls.page", code=wall.code))


@blueprint.get("/walls/<code>")
@describes(openapi.SHOW)
@is_watching
@limit_guessing
def page(code: str) -> str | Response:
    """Show a wall to who made it, as a page or as JSON; let everybody else join it."""
    wall = get_services().walls.find(code)
    if wants_json():
        _expect_owner(wall)
        since = take_moment(request, "since")
        return answer_look(wall.id, "participants", since, lambda: _snapshot(wall))
    if _is_owner(wall):
        address = url_for("walls.page", code=wall.code, _external=True)
        return render_template(
            "walls/wall.html",
            wall=wall,
            address=address,
            qr=segno.make(address, error="m"),
            is_local=_is_local(),
        )
    return _join_page(wall)


@blueprint.post("/walls/<code>")
@describes(openapi.CHANGE)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def change(code: str) -> dict[str, Any]:
    walls = get_services().walls
    wall = walls.find(code)
    _expect_owner(wall)
    walls.change(wall.id, _changes(take_json(request)))
    get_services().snapshots.forget()
    return _describe_wall(walls.find(code))


@blueprint.post("/walls/<code>/close")
@login_required  # type: ignore[untyped-decorator]
def close(code: str) -> WerkzeugResponse:
    wall = get_services().walls.find(code)
    _expect_owner(wall)
    get_services().walls.close(wall.id)
    return redirect(url_for("walls.index"))


@blueprint.get("/walls/<code>/join")
@limit_guessing
def join_page(code: str) -> str:
    """Let anybody join a wall, also who made it and sees the wall itself at its address."""
    return _join_page(get_services().walls.find(code))


@blueprint.post("/walls/<code>/join")
@limit_joining
def join(code: str) -> tuple[str, int] | WerkzeugResponse:
    """Take part in a wall, with a name; no account is needed."""
    wall = get_services().walls.find(code)
    name = request.form.get("name", "").strip()
    if not is_one_line(name, most=_LONGEST_NAME):
        return _join_page(wall, name=name, problem=gettext(_NAME, most=_LONGEST_NAME)), 422
    join_wall(wall, name, agrees=wall.collects and "agrees" in request.form)
    return redirect(url_for("live.page" if "camera" in request.form else "draw.page"))


@blueprint.post("/walls/leave")
def leave() -> WerkzeugResponse:
    leave_wall()
    return redirect(url_for("draw.page"))


@blueprint.post("/walls/alive")
@describes(openapi.ALIVE)
@for_programs
@limit_joining
def alive() -> dict[str, bool]:
    """Keep a participant on the wall, who draws nothing just now."""
    client, services = take_client(), get_services()
    if client is None or client.stream.wall is None:
        abort(400, gettext(_NO_PART))
    wall = services.walls.get(UUID(client.stream.wall))
    turn = begin_frame(client)
    services.streams.touch(turn)
    return {"paused": wall.is_paused, "collects": wall.collects, "watched": turn.is_watched}


def _index(**given: str) -> str:
    person = current_person()
    walls = [] if person is None else get_services().walls.of(person.id)
    return render_template("walls/index.html", walls=walls, most=LONGEST_TITLE, **given)


def _join_page(wall: WallView, **given: str) -> str:
    participant = current_participant()
    is_in = participant is not None and participant.stream.wall == str(wall.id)
    return render_template(
        "walls/join.html", wall=wall, participant=participant if is_in else None, **given
    )


def _is_owner(wall: WallView) -> bool:
    person = current_person()
    return person is not None and (person.is_admin or person.id == wall.owner_id)


def _expect_owner(wall: WallView) -> None:
    logged_in_person()
    if not _is_owner(wall):
        abort(403, gettext(_NOT_YOURS))


def _is_local() -> bool:
    """Say whether the page's address leads to this machine alone."""
    return is_loopback(urlsplit(f"//{request.host}").hostname or "")


def _changes(given: Any) -> dict[str, str | bool | None]:
    """Return what a program's JSON changes, checked."""
    if not isinstance(given, dict) or not given.keys() <= {"expected", *_SWITCHES}:
        abort(400, gettext(_CHANGES))
    for name, value in given.items():
        is_switch = name in _SWITCHES and isinstance(value, bool)
        is_digit = isinstance(value, str) and len(value) == 1 and value in "0123456789"
        if not is_switch and not (name == "expected" and (value is None or is_digit)):
            abort(400, gettext(_CHANGES))
    return given


def _snapshot(wall: WallView) -> Snapshot:
    sight = get_services().streams.look(walls={str(wall.id)}, with_frames=False)
    head = b'"wall": %b, ' % json.dumps(_describe_wall(wall)).encode()
    return Snapshot(sight.now, tuple(_part(one, wall) for one in sight.streams), head)


def _describe_wall(wall: WallView) -> dict[str, Any]:
    return {
        "code": wall.code,
        "title": wall.title,
        "expected": wall.expected,
        "is_paused": wall.is_paused,
        "is_anonymous": wall.is_anonymous,
        "collects": wall.collects,
    }


def _part(stream: Stream, wall: WallView) -> Part:
    told = {
        "id": stream.id,
        "name": None if wall.is_anonymous else stream.name,
        "text": stream.seen.text if stream.times else None,
        "confidence": stream.seen.confidence,
    }
    plain = json.dumps(told | {"ink": None}).encode()
    if not stream.times:
        return Part(None, plain, plain)
    return Part(1000 * stream.last, json.dumps(told | {"ink": stream.seen.ink}).encode(), plain)
