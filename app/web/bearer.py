"""API tokens in requests: who sends one to a route of the API acts as its owner, without cookies.

Elsewhere a token is nothing: what is not in the API asks for a session.
"""

from __future__ import annotations

from flask import Flask, Response, g, request, session
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.languages import mark
from app.services.accounts.tokens import Bearer
from app.web.language import gettext
from app.web.openapi import operation_of
from app.web.services import get_services

__all__ = ["current_bearer", "is_token_sent", "register_tokens"]

_UNKNOWN = mark(
    "This API token is wrong, has expired or was revoked. Make a new one on your account page, "
    "and send it in the header “Authorization: Bearer TOKEN”."
)


def register_tokens(app: Flask) -> None:
    """Look at the tokens of an application's requests before anything else does."""

    @app.before_request
    def look() -> None:
        text = _sent()
        if text is None or operation_of(request.endpoint) is None:
            return
        session.clear()  # of this request alone: a session beside a token is not saved
        g.bearer = get_services().tokens.find(text)
        if g.bearer is None:
            challenge = WWWAuthenticate("bearer", {"error": "invalid_token"})
            raise Unauthorized(gettext(_UNKNOWN), www_authenticate=challenge)

    @app.after_request
    def say_how(response: Response) -> Response:
        if response.status_code == 401 and operation_of(request.endpoint) is not None:
            response.headers.setdefault("WWW-Authenticate", "Bearer")
        return response


def current_bearer() -> Bearer | None:
    """Return whose token the request came with, and which, if it did and the route takes one."""
    found: Bearer | None = g.get("bearer")
    return found


def is_token_sent() -> bool:
    """Say whether a token was sent, good or not, to a route of the API or to no route at all."""
    is_page = request.endpoint is not None and operation_of(request.endpoint) is None
    return _sent() is not None and not is_page


def _sent() -> str | None:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None
