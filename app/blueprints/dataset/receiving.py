"""What a request says of training data, and its files on their way into the spool."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Request, abort
from werkzeug.datastructures import FileStorage

from app.services.accounts import Person
from app.services.models import DIGITS
from app.web.language import gettext
from app.web.services import get_services

__all__ = ["begin_upload", "receive_files"]


def begin_upload(request: Request, person: Person, *, unasked: bool = False) -> UUID:
    """Begin an upload with what the fields say of it; raises UploadError, or answers 400."""
    fields = request.form
    model = fields.get("model") or DIGITS
    if model != DIGITS:
        get_services().models.get(model)  # else it is not known at all
        abort(400, gettext("Only digits are collected so far: leave “model” out."))
    return get_services().collection.begin(
        person.id,
        writer=fields.get("writer"),
        label=fields.get("label"),
        labels=_labels(fields.get("labels")),
        unasked=unasked,
    )


def receive_files(
    upload_id: UUID, number: int, person: Person, files: Iterable[FileStorage]
) -> int:
    """Store files as a piece of an upload, and return how many there were."""
    collection = get_services().collection
    with collection.receive_batch(person.id, upload_id, number) as sink:
        for file in files:
            if file.filename:  # a field without a file has none
                with sink.file(file.filename) as write:
                    shutil.copyfileobj(file.stream, _Writer(write), 1 << 16)
        return sink.count


class _Writer:
    """What `copyfileobj` writes to."""

    def __init__(self, write: Any) -> None:
        self.write = write


def _labels(text: str | None) -> dict[str, str] | None:
    """Return labels by the names of files."""
    if not text:
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        abort(400, gettext('"labels" must be JSON: {"file name": "class", …}.'))
    return {name: str(label) for name, label in given.items()}
