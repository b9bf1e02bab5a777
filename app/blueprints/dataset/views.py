from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.dataset import openapi
from app.blueprints.dataset.answers import (
    describe_preview,
    describe_upload,
    explain_failure,
    group_left_out,
)
from app.blueprints.dataset.receiving import begin_upload, receive_files
from app.languages import mark
from app.services.collecting import UploadView
from app.web.lanes import Lane, runs_in
from app.web.language import gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person
from app.web.uploads import LARGEST_UPLOAD, takes_uploads

blueprint = Blueprint("dataset", __name__)

_DRY_RUN_SECONDS = 60.0  # that a request waits for a preview
_UNKNOWN = mark("There is no such upload of yours. Perhaps it was deleted, or somebody else’s.")
_NO_FILES = mark(
    "There are no files in the request. Send pictures, a ZIP, .npz or MNIST’s files as the "
    "multipart field “file”."
)


@blueprint.get("/dataset")
@describes(openapi.COUNTS)
@login_required  # type: ignore[untyped-decorator]
def page() -> str | dict[str, Any]:
    """Show what is collected: as a page, or as JSON where that is asked for."""
    person, services = logged_in_person(), get_services()
    collection = services.collection
    everybody, mine = collection.counts(), collection.counts(person.id)
    if wants_json():
        return {"all": everybody, "mine": mine}
    return render_template(
        "dataset/page.html",
        counts=everybody,
        mine=mine,
        most=max(everybody.values()) or 1,
        uploads=collection.recent(person.id),
        quota=collection.quota // 1_000_000,
        left=services.reviews.count(person.id, is_admin=person.is_admin),
    )


@blueprint.post("/dataset/upload")
@runs_in(Lane.UPLOADS)
@takes_uploads(most=LARGEST_UPLOAD)
@login_required  # type: ignore[untyped-decorator]
def upload() -> WerkzeugResponse:
    """Take the page's form as a browser without scripts sends it."""
    upload_id = _take_form(unasked=False)
    return redirect(url_for("dataset.upload_page", upload_id=upload_id))


@blueprint.post("/upload_training_data")
@describes(openapi.UPLOAD)
@for_programs
@runs_in(Lane.UPLOADS)
@takes_uploads(most=LARGEST_UPLOAD)
@login_required  # type: ignore[untyped-decorator]
def upload_training_data() -> tuple[dict[str, Any], int]:
    dry_run = "1" in (request.args.get("dry_run"), request.form.get("dry_run"))
    upload_id = _take_form(unasked=not dry_run)
    if dry_run:
        preview = _wait_for_preview(upload_id)
        if preview is not None:
            return preview, 200
    return {"import": str(upload_id)}, 202


@blueprint.post("/imports")
@describes(openapi.BEGIN)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def begin() -> tuple[dict[str, Any], int]:
    """Begin an upload that comes in pieces."""
    return {"import": str(begin_upload(request, logged_in_person()))}, 201


@blueprint.get("/imports/<uuid:upload_id>")
@describes(openapi.STATE)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def status(upload_id: UUID) -> dict[str, Any]:
    return describe_upload(_find(upload_id))


@blueprint.post("/imports/<uuid:upload_id>/batches/<int:number>")
@describes(openapi.BATCH)
@for_programs
@runs_in(Lane.UPLOADS)
@login_required  # type: ignore[untyped-decorator]
def batch(upload_id: UUID, number: int) -> dict[str, Any]:
    """Take many small files as one piece; the same number again replaces them."""
    person = logged_in_person()
    get_services().collection.check_quota(person.id, request.content_length or 0)
    return {"files": receive_files(upload_id, number, person, request.files.getlist("file"))}


@blueprint.post("/imports/<uuid:upload_id>/files/<int:number>")
@describes(openapi.SLICE)
@for_programs
@runs_in(Lane.UPLOADS)
@login_required  # type: ignore[untyped-decorator]
def file_slice(upload_id: UUID, number: int) -> dict[str, Any]:
    """Take a slice of a large file, from the byte `offset`; again, if need be."""
    person, collection = logged_in_person(), get_services().collection
    collection.check_quota(person.id, request.content_length or 0)
    offset = request.args.get("offset", 0, type=int)
    size = request.args.get("size", type=int)
    name = request.args.get("name", "")
    if offset < 0 or not name or (size is not None and size < 0):
        abort(400, gettext("A slice needs a “name”, and an “offset” of at least 0."))
    there = collection.receive_slice(
        person.id, upload_id, number, name, offset, request.stream, size=size
    )
    return {"size": there}


@blueprint.post("/imports/<uuid:upload_id>/check")
@describes(openapi.CHECK)
@login_required  # type: ignore[untyped-decorator]
def check(upload_id: UUID) -> Response | WerkzeugResponse | dict[str, Any]:
    get_services().collection.check(logged_in_person().id, upload_id)
    return _shown(upload_id)


@blueprint.post("/imports/<uuid:upload_id>/accept")
@describes(openapi.ACCEPT)
@login_required  # type: ignore[untyped-decorator]
def accept(upload_id: UUID) -> Response | WerkzeugResponse | dict[str, Any]:
    get_services().collection.accept(logged_in_person().id, upload_id)
    return _shown(upload_id)


@blueprint.post("/imports/<uuid:upload_id>/cancel")
@describes(openapi.CANCEL)
@login_required  # type: ignore[untyped-decorator]
def cancel(upload_id: UUID) -> Response | WerkzeugResponse | dict[str, Any]:
    get_services().collection.cancel(logged_in_person().id, upload_id)
    if wants_json():
        return {"import": str(upload_id)}
    return redirect(url_for("dataset.page"))


@blueprint.get("/dataset/imports/<uuid:upload_id>")
@login_required  # type: ignore[untyped-decorator]
def upload_page(upload_id: UUID) -> str:
    found = _find(upload_id)
    return render_template(
        "dataset/upload.html",
        upload=found,
        preview=found.preview,
        left_out=group_left_out(found),
        failure=explain_failure(found),
    )


def _take_form(*, unasked: bool) -> UUID:
    """Take a request with everything in it, and have it checked."""
    person, collection = logged_in_person(), get_services().collection
    collection.check_quota(person.id, request.content_length or 0)
    files = request.files.getlist("file")
    if not any(file.filename for file in files):
        abort(400, gettext(_NO_FILES))
    upload_id = begin_upload(request, person, unasked=unasked)
    receive_files(upload_id, 0, person, files)
    collection.check(person.id, upload_id)
    return upload_id


def _wait_for_preview(upload_id: UUID) -> dict[str, Any] | None:
    """Return what the check found; None if that takes long. Answers 400 if it failed."""
    until = time.monotonic() + _DRY_RUN_SECONDS
    while (found := _find(upload_id)).state == "checking":
        if time.monotonic() > until:
            return None
        time.sleep(0.1)
    get_services().collection.cancel(logged_in_person().id, upload_id)
    if found.state == "failed":
        abort(400, explain_failure(found))
    return describe_preview(found)


def _find(upload_id: UUID) -> UploadView:
    found = get_services().collection.find(logged_in_person().id, upload_id)
    if found is None:
        raise NotFound(gettext(_UNKNOWN))
    return found


def _shown(upload_id: UUID) -> WerkzeugResponse | dict[str, Any]:
    if wants_json():
        return describe_upload(_find(upload_id))
    return redirect(url_for("dataset.upload_page", upload_id=upload_id))
