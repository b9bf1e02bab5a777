"""Files that are made while they are sent."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request
from werkzeug.exceptions import TooManyRequests

from app.sentences import say_error
from app.services.pictures.export import TooManyDownloads
from app.web.language import current_language
from app.web.services import get_services
from app.web.sessions import logged_in_person

__all__ = ["send_pieces"]

_MINUTE = 60
_KINDS = {"zip": "application/zip", "npz": "application/octet-stream", "csv": "text/csv"}


def send_pieces(pieces: Iterator[bytes], name: str, *, etag: str | None = None) -> Response:
    """Answer with a file of this name, made piece by piece, as one of the person's downloads.

    With an `etag` nothing is sent to who has it already. Raises TooManyRequests.
    """
    exporter, person = get_services().exporter, logged_in_person()
    if etag is not None and request.if_none_match.contains(etag):
        unchanged = Response(status=304)
        unchanged.set_etag(etag)
        return unchanged
    try:
        exporter.begin(person.id)
    except TooManyDownloads as error:
        words = say_error(error, current_language())
        raise TooManyRequests(words, retry_after=_MINUTE) from error
    try:
        # The first piece is made before the answer begins, so that an error is told as one.
        first = next(pieces)
    except BaseException:
        exporter.end(person.id)
        raise

    def stream() -> Iterator[bytes]:
        yield first
        yield from pieces

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = Response(stream(), mimetype=_KINDS[name.rpartition(".")[2]], headers=headers)
    response.call_on_close(lambda: exporter.end(person.id))
    if etag is not None:
        response.set_etag(etag)
        response.cache_control.private = True
    return response
