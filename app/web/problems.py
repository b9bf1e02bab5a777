"""Error answers: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
)

from app.errors import BusyError, PersonGone, StorageError
from app.services.accounts import Throttled
from cnn.errors import PictureError

__all__ = ["for_programs", "register_problems", "wants_json"]

_View = TypeVar("_View", bound=Callable[..., Any])

_log = logging.getLogger(__name__)

_DETAILS = {
    401: "Log in first: this is only for people with an account.",
    404: "There is no such page. Perhaps the address was mistyped, or the page has moved.",
    405: "This address does not answer that kind of request.",
    413: "What was sent is too large: pictures may have at most 3,000,000 bytes.",
    429: "Too many requests at once. Wait a moment and try again.",
    500: "Something went wrong on the server. It was logged; please try again.",
}


def for_programs(view: _View) -> _View:
    """Answer errors of a view as JSON, whatever the client accepts."""
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view


def register_problems(app: Flask) -> None:
    """Register the error handlers of an application."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(StorageError, _unavailable)
    app.register_error_handler(PersonGone, lambda error: _answer(Unauthorized(str(error))))
    app.register_error_handler(BusyError, _put_off)
    app.register_error_handler(Throttled, _throttle)
    app.register_error_handler(PictureError, _refuse_picture)
    app.register_error_handler(Exception, _fail)


def _answer(error: HTTPException) -> Response:
    code = error.code or 500
    given = error.description or error.name
    standard = type(error).description
    limited = isinstance(error, RateLimitExceeded)
    detail = _DETAILS.get(code, given) if given == standard or limited else given
    if isinstance(error, CSRFError):
        detail = "This form has expired. Go back, reload the page and try again."
    response = error.get_response()
    if wants_json():
        problem = {"type": "about:blank", "title": error.name, "status": code, "detail": detail}
        response.data = json.dumps(problem)
        response.content_type = "application/problem+json"
    else:
        response.data = render_template(
            "shared/error.html",
            title=error.name,
            detail=detail,
            status=code,
            wait=response.headers.get("Retry-After"),
        )
        response.content_type = "text/html; charset=utf-8"
    return Response(response.data, code, response.headers)


def _fail(error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(InternalServerError())


def _unavailable(error: StorageError) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(ServiceUnavailable(str(error)))


def _put_off(error: BusyError) -> Response:
    return _answer(ServiceUnavailable(str(error), retry_after=5))


def _throttle(error: Throttled) -> Response:
    return _answer(TooManyRequests(str(error), retry_after=error.seconds))


def _refuse_picture(error: PictureError) -> Response:
    refuse = RequestEntityTooLarge if error.code == "too_large" else UnsupportedMediaType
    return _answer(refuse(str(error)))


def wants_json() -> bool:
    """Say whether the client is a program rather than a person's browser."""
    accepts = request.accept_mimetypes
    best = accepts.best_match(["text/html", "application/json", "application/problem+json"])
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_for_programs", False) or best not in (None, "text/html")
