"""The Flask extensions, not yet bound to an application."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic.config import Config
from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest

from app.addresses import client_network, is_loopback
from app.languages import mark
from app.storage.database import Base
from app.storage.schema import MIGRATIONS
from app.web.bearer import current_bearer
from app.web.language import gettext
from app.web.stream_keys import sent_client

__all__ = [
    "csrf",
    "db",
    "limit_guessing",
    "limit_joining",
    "limit_reading",
    "limiter",
    "migrate",
    "register_limits",
]

_NAMELESS = mark("A field of the form that was sent has no name. Reload the page and try again.")

_View = TypeVar("_View", bound=Callable[..., Any])

#: Makes the application's engine; whoever works with the database has a Database.
db = SQLAlchemy(model_class=Base)
migrate = Migrate(directory=str(MIGRATIONS))


@migrate.configure  # type: ignore[untyped-decorator]
def _configure(config: Config) -> Config:
    """Let `flask db` work on the application's database."""
    Path(current_app.instance_path).mkdir(parents=True, exist_ok=True)
    config.attributes["engine"] = db.engine
    return config


def _client() -> str:
    """Return who is limited: a token, who takes part in a wall, or a network."""
    bearer, client = current_bearer(), sent_client()
    if bearer is not None:
        return f"token {bearer.token_id}"
    if client is not None and client.stream.wall is not None:
        return f"stream {client.stream.id}"  # a class shares one address
    return client_network(request.remote_addr or "")


class _FormTokens(CSRFProtect):  # type: ignore[misc]
    """Form tokens, without which a session changes nothing; an API token needs none.

    No other site's page can send one: browsers ask before they let it set the header.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        if current_bearer() is None:
            super().protect(apply_exemptions)

    def _get_csrf_token(self) -> str | None:
        # A field of a damaged form may have no name, which is none that can be compared.
        if None in request.form:
            raise BadRequest(gettext(_NAMELESS))
        token: str | None = super()._get_csrf_token()
        return token


csrf = _FormTokens()
limiter = Limiter(key_func=_client, storage_uri="memory://", headers_enabled=True)


def limit_reading(view: _View) -> _View:
    """Limit a view to the rate of the settings for each token or client, except this machine."""
    limited = limiter.limit(_reading_limit, exempt_when=_is_from_this_machine)
    return cast(_View, limited(view))


def limit_joining(view: _View) -> _View:
    """Limit a view to what a class that begins at once needs, for each client but this machine."""
    limited = limiter.limit("60 per minute", exempt_when=_is_from_this_machine)
    return cast(_View, limited(view))


def limit_guessing(view: _View) -> _View:
    """Limit how often each client, except this machine, may ask a view for what is not there."""
    limited = limiter.limit(
        "60 per minute", exempt_when=_is_from_this_machine, deduct_when=_is_not_found
    )
    return cast(_View, limited(view))


def _is_not_found(response: Response) -> bool:
    return response.status_code == HTTPStatus.NOT_FOUND


def _reading_limit() -> str:
    return str(current_app.config["PREDICT_LIMIT"])


def _is_from_this_machine() -> bool:
    return is_loopback(request.remote_addr or "")


def register_limits(app: Flask) -> None:
    """Set up rate limits, with Retry-After rounded up."""

    # What is registered first is called last: after the limiter, which rounds down.
    @app.after_request
    def round_up(response: Response) -> Response:
        limit = limiter.current_limit
        if response.status_code == 429 and limit is not None:
            seconds = max(1, ceil(limit.window[0] - time.time()))
            response.headers["Retry-After"] = str(seconds)
        return response

    limiter.init_app(app)
