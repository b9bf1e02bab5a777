"""Static files under addresses that name their content, so that browsers need not ask again.

`/static/<version>/…` may be kept for a year: the version is a hash of all files, and relative
imports stay within it. There, scripts and style sheets are joined with what they import
(`joining`), but for what is in `vendor/`: other people's programs, each one file. `/static/…`
without a version is a file as it is in the folder.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request

from app.web import joining
from app.web.compression import accepts_gzip, is_text

__all__ = ["StaticFiles", "register_static_files"]

_VERSION = re.compile(r"[0-9a-f]{16}")
_VENDOR = "vendor/"
_FOR_EVER = "public, max-age=31536000, immutable"

_TYPES = {
    # Some Windows registries call scripts plain text, and then no browser runs a module.
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent: its bytes, the same packed by gzip if that helps, and its tag."""

    content: bytes
    packed: bytes | None
    mimetype: str
    tag: str


class StaticFiles:
    """The files of a folder as they were when the first of them was asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, bool], StaticFile] = {}

    @cached_property
    def version(self) -> str:
        """A name for the content of all files, and for how they are joined."""
        whole = hashlib.sha256(Path(joining.__file__).read_bytes())
        for path, content in sorted(self._sources.items()):
            whole.update(f"\0{path}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()[:16]

    def find(self, path: str, *, joined: bool) -> StaticFile | None:
        """Return a file, with what it imports if wanted; None if there is none at this path."""
        if path not in self._sources:
            return None
        if (path, joined) not in self._made:
            self._made[path, joined] = self._make(path, joined=joined)
        return self._made[path, joined]

    @cached_property
    def _sources(self) -> dict[str, bytes]:
        files = (path for path in self._folder.rglob("*") if path.is_file())
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in files}

    def _make(self, path: str, *, joined: bool) -> StaticFile:
        content = self._sources[path]
        joined = joined and not path.startswith(_VENDOR)
        if joined and path.endswith(".js"):
            content = joining.join_script(path, self._read).encode()
        elif joined and path.endswith(".css"):
            content = joining.join_styles(path, self._read).encode()
        mimetype = mimetypes.guess_type(path)[0] or "application/octet-stream"
        packed = gzip.compress(content, mtime=0) if is_text(mimetype) else content
        return StaticFile(
            content=content,
            packed=packed if len(packed) < len(content) else None,
            mimetype=mimetype,
            tag=hashlib.sha256(content).hexdigest()[:16],
        )

    def _read(self, path: str) -> str:
        return self._sources[path].decode()


def register_static_files(app: Flask, folder: Path) -> None:
    """Serve a folder; with Flask's debugger, as it is at the moment, each file by itself."""
    for ending, mimetype in _TYPES.items():
        mimetypes.add_type(mimetype, ending)
    rule = "/static/<path:filename>"
    if app.debug:
        app.static_folder = str(folder)
        app.add_url_rule(rule, endpoint="static", view_func=app.send_static_file)
        return
    files = StaticFiles(folder)

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"{files.version}/{values['filename']}"

    def send(filename: str) -> Response:
        version, _, rest = filename.partition("/")
        versioned = _VERSION.fullmatch(version) is not None
        file = files.find(rest if versioned else filename, joined=versioned)
        if file is None:
            abort(404)
        # A page of an earlier version, or of another process, gets what there is, and keeps it not.
        lasting = version == files.version
        return _send(file, caching=_FOR_EVER if lasting else "no-cache")

    app.add_url_rule(rule, endpoint="static", view_func=send)


def _send(file: StaticFile, *, caching: str) -> Response:
    packed = file.packed if accepts_gzip() else None
    response = Response(packed or file.content, mimetype=file.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.packed:
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = caching
    # Weak: packed or not, it is the same file.
    response.set_etag(file.tag, weak=True)
    response.make_conditional(request)
    return response
