"""Answers in text are sent packed by gzip to those who take it."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

__all__ = ["accepts_gzip", "is_text", "register_compression"]

_WORTHWHILE = 1000  # bytes: what fits into one packet is as fast as it is
_LEVEL = 5  # of 9: the next ones take longer than they save


def accepts_gzip() -> bool:
    """Say whether the client takes answers packed by gzip."""
    return request.accept_encodings["gzip"] > 0


def is_text(mimetype: str) -> bool:
    """Say whether content of this type is text, and so becomes smaller by packing."""
    return mimetype.startswith("text/") or mimetype.endswith(("json", "xml"))


def register_compression(app: Flask) -> None:
    """Pack pages and JSON; downloads, which are streamed, and pictures are packed already."""

    @app.after_request
    def compress(response: Response) -> Response:
        sent_whole = not response.is_streamed and not response.direct_passthrough
        as_it_is = response.content_encoding or response.cache_control.no_transform
        if not sent_whole or not is_text(response.mimetype or "") or as_it_is:
            return response
        response.vary.add("Accept-Encoding")
        content = response.get_data()
        if len(content) >= _WORTHWHILE and accepts_gzip():
            response.set_data(gzip.compress(content, _LEVEL, mtime=0))
            response.content_encoding = "gzip"
        return response
