"""Who acts: by a session or an API token, with Flask-Login and the accounts service."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Flask, Request, Response, abort, current_app, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as WerkzeugResponse

from app.errors import StorageError
from app.services.accounts import Person
from app.web.bearer import current_bearer
from app.web.problems import wants_json
from app.web.services import get_services
from app.web.stream_keys import PARTICIPANT
from cnn.reading.habits import Habits

__all__ = [
    "current_habits",
    "current_person",
    "logged_in_person",
    "login_manager",
    "person_later",
    "shown_person",
    "start_session",
    "stop_session",
]

_log = logging.getLogger(__name__)

login_manager = LoginManager()


class _LoggedIn(UserMixin):  # type: ignore[misc]
    """A person, as Flask-Login wants them."""

    def __init__(self, person: Person, own_id: str) -> None:
        self.person = person
        #: Of this session alone; empty in cookies from before sessions had one.
        self.own_id = own_id

    def get_id(self) -> str:
        # The epoch and the session's own id let the server end what the cookie would keep alive:
        # all of a person's sessions, or one.
        return f"{self.person.id}:{self.person.session_epoch}:{self.own_id}"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> _LoggedIn | None:
    name, _, rest = session_id.partition(":")
    epoch, _, own_id = rest.partition(":")
    accounts = get_services().accounts
    person = accounts.find(UUID(name))
    if person is None or str(person.session_epoch) != epoch:
        return None
    if own_id and accounts.has_ended(own_id):
        return None
    return _LoggedIn(person, own_id)


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _load_bearer(_: Request) -> _LoggedIn | None:
    bearer = current_bearer()
    return None if bearer is None else _LoggedIn(bearer.person, "")


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _ask_to_log_in() -> WerkzeugResponse | Response:
    if wants_json() or request.method != "GET":
        abort(401)
    return redirect(url_for("account.login", next=request.full_path.rstrip("?")))


def current_person() -> Person | None:
    """Return who is logged in."""
    return current_user.person if current_user.is_authenticated else None


def person_later() -> Callable[[], Person | None]:
    """Return what tells, also after the request, who it was, by its session or token, if still so.

    It may raise StorageError.
    """
    bearer, tokens = current_bearer(), get_services().tokens
    if bearer is not None:
        return partial(tokens.bearer_of, bearer.token_id)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    session_id = current_user.get_id()

    def find() -> Person | None:
        with app.app_context():
            loaded = _load(session_id)
            return None if loaded is None else loaded.person

    return find


def logged_in_person() -> Person:
    """Return who is logged in, or answer 401."""
    person = current_person()
    if person is None:
        abort(401)
    return person


def shown_person() -> Person | None:
    """Return whose name a page shows, or None if the database fails."""
    try:
        return current_person()
    except StorageError:
        return None


def current_habits() -> Habits | None:
    """Return what is known of how the person who is logged in writes, for their pictures alone."""
    person = shown_person()
    return None if person is None else get_services().habits.of(person.id)


def start_session(person: Person) -> None:
    """Log a person in, in a new session without data of the previous one.

    Only who takes part in a wall stays on it: the place is the browser's.
    """
    participant = session.get(PARTICIPANT)
    session.clear()
    session.permanent = True
    if participant is not None:
        session[PARTICIPANT] = participant
    login_user(_LoggedIn(person, secrets.token_urlsafe(16)))


def stop_session(*, everywhere: bool) -> bool:
    """Log out, here or in all of a person's browsers.

    False if only this browser's cookie ended, as the database cannot be written.
    """
    ended = True
    try:
        if current_user.is_authenticated:
            _end(current_user, everywhere=everywhere)
        logout_user()
    except StorageError:
        _log.exception("a session could not be ended")
        ended = False
    session.clear()
    return ended


def _end(logged_in: _LoggedIn, *, everywhere: bool) -> None:
    accounts = get_services().accounts
    if everywhere or not logged_in.own_id:
        accounts.end_sessions(logged_in.person.id)
    else:
        accounts.end_session(logged_in.own_id)
