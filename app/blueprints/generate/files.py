"""Files of made pictures, as answers."""

from __future__ import annotations

from collections.abc import Collection

from flask import Response, abort, request

from app.web.language import gettext

__all__ = ["send_file", "take_kind"]

_MIME = {
    "png": "image/png",
    "zip": "application/zip",
    "idx": "application/zip",
    "svg": "image/svg+xml",
}


def take_kind(kinds: Collection[str]) -> str:
    """Return which of these kinds of files is asked for; answers 400 for any other."""
    kind = request.args.get("as", "png")
    if kind not in kinds:
        abort(400, gettext("“as” must be one of %(kinds)s.", kinds=", ".join(kinds)))
    return kind


def send_file(content: bytes, kind: str, name: str) -> Response:
    """Return the answer with a file of a kind, which is called `name` without its end."""
    end = "zip" if kind == "idx" else kind
    headers = {"Content-Disposition": f'attachment; filename="{name}.{end}"'}
    mimetype = _MIME.get(kind, "application/octet-stream")
    return Response(content, mimetype=mimetype, headers=headers)
