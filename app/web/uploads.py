"""Requests with many or large files: bounded by a limit of their own, and kept on the disk.

Werkzeug would keep each small file in memory and give each large one a descriptor.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.languages import mark
from app.web.language import gettext

__all__ = [
    "LARGEST_UPLOAD",
    "UploadRequest",
    "largest_body",
    "register_uploads",
    "takes_uploads",
]

#: Bytes of one request that brings training data.
LARGEST_UPLOAD = 100_000_000


_View = TypeVar("_View", bound=Callable[..., Any])

_LARGEST_FIELD = 8_000_000  # bytes: labels of many files

_TOO_LARGE = mark(
    "One request may have at most %(most)s MB. Send the files in several requests, or use the "
    "page Collect, which sends them in parts."
)


def takes_uploads(*, most: int) -> Callable[[_View], _View]:
    """Let a view take requests of so many bytes, with any number of files."""

    def mark_view(view: _View) -> _View:
        view.largest_body = most  # type: ignore[attr-defined]
        return view

    return mark_view


def largest_body(app: Flask, method: str, path: str) -> int:
    """Return how many bytes a request may have."""
    usual = int(app.config["MAX_CONTENT_LENGTH"])
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method)
    except HTTPException:
        return usual
    return _limit_of(app, endpoint) or usual


def register_uploads(app: Flask) -> None:
    """Set the limits of requests, before anything looks into them."""
    app.request_class = UploadRequest

    @app.before_request
    def set_limits() -> None:
        most = _limit_of(current_app, request.endpoint or "")
        if most is None:
            return
        request.max_content_length = most
        request.max_form_parts = None
        request.max_form_memory_size = _LARGEST_FIELD
        if (request.content_length or 0) > most:
            raise RequestEntityTooLarge(gettext(_TOO_LARGE, most=most // 1_000_000))


class UploadRequest(Request):
    """A request whose files lie one after the other in a single temporary file."""

    _kept: IO[bytes] | None = None

    def _get_file_stream(self, *arguments: Any, **options: Any) -> IO[bytes]:
        if _limit_of(current_app, self.endpoint or "") is None:
            return super()._get_file_stream(*arguments, **options)
        if self._kept is None:
            self._kept = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the request)
        return _Part(self._kept)  # type: ignore[return-value]

    def close(self) -> None:
        """Close all files."""
        super().close()
        if self._kept is not None:
            self._kept.close()


class _Part(io.RawIOBase):
    """A part of a file: written at the file's end first, and then read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._start = file.seek(0, io.SEEK_END)
        self._size = self._place = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._file.seek(self._start + self._place)
        written = self._file.write(data)
        self._place += written
        self._size = max(self._size, self._place)
        return written

    def readinto(self, buffer: Any, /) -> int:
        self._file.seek(self._start + self._place)
        data = self._file.read(min(len(buffer), self._size - self._place))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        origin = (0, self._place, self._size)[whence]
        self._place = origin + offset
        return self._place

    def tell(self) -> int:
        return self._place


def _limit_of(app: Flask, endpoint: str) -> int | None:
    most: int | None = getattr(app.view_functions.get(endpoint), "largest_body", None)
    return most
