"""Error answers: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, Response, current_app, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from app.errors import (
    BusyError,
    CodedError,
    PersonGone,
    StorageError,
    UnknownModel,
    UploadError,
    WrongModel,
)
from app.languages import Language, mark
from app.sentences import say_error
from app.services.accounts import Throttled
from app.services.collecting import NoSuchUpload, QuotaUsed
from app.services.reviewing import NotYours, ReviewError
from app.services.streams import FrameDropped, StreamEnded
from app.services.training import NoSuchRun, RunRefused, TrainingError
from app.services.versions import (
    NoSuchVersion,
    NotYourVersion,
    VersionError,
    VersionInUse,
    VersionTaken,
)
from app.services.walls import WallError
from app.services.worksheets import NoSuchWorksheet, WorksheetRefused
from app.web.bearer import is_token_sent
from app.web.language import current_language, gettext
from app.web.services import get_services
from app.worksheets.errors import WorksheetError
from cnn.data.formats import FORMAT_NAMES
from cnn.errors import PictureError

__all__ = ["for_programs", "make_problem", "register_problems", "wants_json"]

_View = TypeVar("_View", bound=Callable[..., Any])

_log = logging.getLogger(__name__)

_TITLES = {
    400: mark("Bad Request"),
    401: mark("Unauthorized"),
    403: mark("Forbidden"),
    404: mark("Not Found"),
    405: mark("Method Not Allowed"),
    409: mark("Conflict"),
    410: mark("Gone"),
    413: mark("Request Entity Too Large"),
    415: mark("Unsupported Media Type"),
    429: mark("Too Many Requests"),
    500: mark("Internal Server Error"),
    503: mark("Service Unavailable"),
}
# What a page for people is headed with, rather than with the standard's names of the errors.
_HEADINGS = {
    400: mark("That did not work"),
    401: mark("Log in first"),
    403: mark("Not allowed"),
    404: mark("Page not found"),
    405: mark("That did not work"),
    409: mark("That did not work"),
    413: mark("Too large"),
    415: mark("Not a readable picture"),
    429: mark("One moment, please"),
    500: mark("Something went wrong"),
    503: mark("Not available just now"),
}
# For errors that nothing more is known of.
_DETAILS = {
    400: mark("The browser (or proxy) sent a request that this server could not understand."),
    401: mark("Log in first: this is only for people with an account."),
    404: mark("There is no such page. Perhaps the address was mistyped, or the page has moved."),
    405: mark("This address does not answer that kind of request."),
    413: mark("What was sent is too large: pictures may have at most 3,000,000 bytes."),
    429: mark("Too many requests at once. Wait a moment and try again."),
    500: mark("Something went wrong on the server. It was logged; please try again."),
}
_OTHER_TITLE = mark("The request was not answered")
_OTHER_DETAIL = mark("This request cannot be answered.")
_PROBLEM = "application/problem+json"
_EXPIRED = mark("This form has expired. Go back, reload the page and try again.")


def for_programs(view: _View) -> _View:
    """Answer errors of a view as JSON, whatever the client accepts."""
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view


def register_problems(app: Flask) -> None:
    """Register the error handlers of an application."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(StorageError, _unavailable)
    app.register_error_handler(PersonGone, _ask_to_log_in)
    app.register_error_handler(BusyError, _put_off)
    app.register_error_handler(FrameDropped, _drop_frame)
    app.register_error_handler(Throttled, _throttle)
    app.register_error_handler(PictureError, _refuse_picture)
    app.register_error_handler(UnknownModel, _miss_model)
    app.register_error_handler(WrongModel, _refuse_model)
    app.register_error_handler(UploadError, _refuse_upload)
    app.register_error_handler(VersionError, _refuse_version)
    app.register_error_handler(TrainingError, _refuse_run)
    app.register_error_handler(ReviewError, _refuse_review)
    app.register_error_handler(StreamEnded, _end_stream)
    app.register_error_handler(WallError, _refuse_wall)
    app.register_error_handler(NoSuchWorksheet, _miss_worksheet)
    app.register_error_handler(WorksheetError, _refuse_options)
    app.register_error_handler(WorksheetRefused, _refuse_worksheet)
    app.register_error_handler(Exception, _fail)


def make_problem(
    status: int, detail: str, headers: Mapping[str, str], language: Language
) -> WerkzeugResponse:
    """Return an error for a program, where no application is at work."""
    problem = _problem(status, detail, language)
    return WerkzeugResponse(problem, status, headers, content_type=_PROBLEM)


def _answer(error: HTTPException) -> Response:
    # What a sentence quotes may be no text at all, such as half of a pair of surrogates.
    status, detail = error.code or 500, _detail(error).encode("utf-8", "replace").decode()
    error.description = detail
    response = error.get_response()
    if wants_json():
        response.data = _problem(status, detail, current_language())
        response.content_type = _PROBLEM
    else:
        response.data = render_template(
            "shared/error.html",
            title=gettext(_HEADINGS.get(status, _OTHER_TITLE)),
            detail=detail,
            status=status,
            wait=response.headers.get("Retry-After"),
            formats=FORMAT_NAMES,
        )
        response.content_type = "text/html; charset=utf-8"
    return Response(response.data, status, response.headers)


def _detail(error: HTTPException) -> str:
    """Return what is told of an error: what was said of it, or what is so in general."""
    if isinstance(error, CSRFError):
        return gettext(_EXPIRED)
    given = error.description
    if given and given != type(error).description and not isinstance(error, RateLimitExceeded):
        return given
    return gettext(_DETAILS.get(error.code or 500, _OTHER_DETAIL))


def _problem(status: int, detail: str, language: Language) -> str:
    title = language.say(_TITLES.get(status, _OTHER_TITLE))
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})


def _fail(error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(InternalServerError())


def _unavailable(error: StorageError) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(ServiceUnavailable(_say(error)))


def _ask_to_log_in(error: PersonGone) -> Response:
    return _answer(Unauthorized(_say(error)))


def _put_off(error: BusyError) -> Response:
    return _answer(ServiceUnavailable(_say(error), retry_after=5))


def _drop_frame(error: FrameDropped) -> Response:
    return _answer(ServiceUnavailable(_say(error), retry_after=1))


def _throttle(error: Throttled) -> Response:
    return _answer(TooManyRequests(_say(error), retry_after=error.seconds))


def _refuse_picture(error: PictureError) -> Response:
    refuse = RequestEntityTooLarge if error.code == "too_large" else UnsupportedMediaType
    return _answer(refuse(_say(error)))


def _refuse_upload(error: UploadError) -> Response:
    if isinstance(error, QuotaUsed):
        return _answer(TooManyRequests(_say(error), retry_after=3600))
    return _answer((NotFound if isinstance(error, NoSuchUpload) else BadRequest)(_say(error)))


def _refuse_version(error: VersionError) -> Response:
    kinds = {
        NoSuchVersion: NotFound,
        NotYourVersion: Forbidden,
        VersionInUse: Conflict,
        VersionTaken: Conflict,
    }
    return _answer(kinds.get(type(error), BadRequest)(_say(error)))


def _refuse_run(error: TrainingError) -> Response:
    kinds = {NoSuchRun: NotFound, RunRefused: Conflict}
    return _answer(kinds.get(type(error), BadRequest)(_say(error)))


def _refuse_review(error: ReviewError) -> Response:
    kind = Forbidden if isinstance(error, NotYours) else Conflict
    return _answer(kind(_say(error)))


def _end_stream(error: StreamEnded) -> Response:
    return _answer(Gone(_say(error)))


def _refuse_wall(error: WallError) -> Response:
    kinds = {"wall_unknown": NotFound, "wall_closed": Gone, "wall_title": BadRequest}
    return _answer(kinds.get(error.code, Conflict)(_say(error)))


def _miss_worksheet(error: NoSuchWorksheet) -> Response:
    return _answer(NotFound(_say(error)))


def _refuse_options(error: WorksheetError) -> Response:
    return _answer(BadRequest(_say(error)))


def _refuse_worksheet(error: WorksheetRefused) -> Response:
    kinds = {"sheet_no_files": BadRequest, "sheet_written": BadRequest}
    return _answer(kinds.get(error.code, Conflict)(_say(error)))


def _miss_model(error: UnknownModel) -> Response:
    known = ", ".join(get_services().models.names)
    words = mark("There is no model %(name)s; there are %(known)s.")
    return _answer(NotFound(gettext(words, name=repr(error.name), known=known)))


def _refuse_model(error: WrongModel) -> Response:
    return _answer(BadRequest(_say(error)))


def _say(error: CodedError | PictureError) -> str:
    return say_error(error, current_language())


def wants_json() -> bool:
    """Say whether the client is a program rather than a person's browser."""
    if is_token_sent():
        return True
    accepts = request.accept_mimetypes
    best = accepts.best_match(["text/html", "application/json", "application/problem+json"])
    return best not in (None, "text/html") or _address_is_for_programs()


def _address_is_for_programs() -> bool:
    """Say whether only programs ask for this address, even if not with this method."""
    endpoints = [request.endpoint]
    refusal = request.routing_exception
    adapter = current_app.create_url_adapter(request)
    if isinstance(refusal, MethodNotAllowed) and adapter is not None:
        endpoints = [adapter.match(method=method)[0] for method in refusal.valid_methods or ()]
    views = [current_app.view_functions.get(endpoint or "") for endpoint in endpoints]
    return bool(views) and all(getattr(view, "is_for_programs", False) for view in views)
