from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_login import login_required
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.gallery.openapi import DELETE, IDX, IMAGE, LABELLING, NPZ, ZIP
from app.languages import mark
from app.sentences import UNKNOWN_LABEL, say_error
from app.services.pictures.gallery import Cursor, Filter, PictureView
from app.services.pictures.labels import LABELS, LabelLimit, UnknownLabel
from app.web.downloads import send_pieces
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person

blueprint = Blueprint("gallery", __name__, url_prefix="/gallery")

_GONE = mark("This picture is not here. It may have been deleted.")
_PLACE = ("digit", "mine", "after", "before")


@blueprint.before_request
@login_required  # type: ignore[untyped-decorator]
def _only_for_people() -> None:
    return None


@blueprint.after_request
def _forbid_keeping(response: Response) -> Response:
    """Forbid storing pages and errors, so that Back shows nothing after a log-out."""
    if response.mimetype == "text/html" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def _filter() -> Filter:
    """Read the filter from the address: ?digit=7&mine=1."""
    mine = request.args.get("mine") == "1"
    try:
        return Filter(request.args.get("digit") or None, logged_in_person().id if mine else None)
    except UnknownLabel:
        abort(404, gettext("The gallery can be filtered by the digits 0 to 9."))


def _find(picture_id: UUID) -> PictureView:
    picture = get_services().gallery.find(picture_id, viewer=logged_in_person().id)
    if picture is None:
        raise NotFound(gettext(_GONE))
    return picture


def _cursor(name: str) -> Cursor | None:
    """Read a place in the gallery from the address: ?after=… or ?before=…."""
    given = request.args.get(name)
    try:
        return None if given is None else Cursor.parse(given)
    except ValueError:
        abort(404, gettext("There is no such page of the gallery. Start with the newest pictures."))


def _way_back() -> dict[str, Any]:
    """Return the part of the address that says from which page of the gallery somebody came."""
    return {name: request.args[name] for name in _PLACE if name in request.args}


@blueprint.get("/")
def page() -> str:
    chosen, gallery = _filter(), get_services().gallery
    after, before = _cursor("after"), _cursor("before")
    return render_template(
        "gallery/page.html",
        page=gallery.page(chosen, viewer=logged_in_person().id, after=after, before=before),
        count=gallery.count(chosen),
        digit=chosen.shown,
        mine=chosen.holder is not None,
        after=after,
        before=before,
        labels=LABELS,
    )


@blueprint.get("/<uuid:picture_id>")
def picture(picture_id: UUID) -> str:
    found = _find(picture_id)
    may_label = found.mine or logged_in_person().is_admin
    is_lost = get_services().images.files.read(found.id, found.sha256) is None
    return render_template(
        "gallery/picture.html",
        picture=found,
        is_lost=is_lost,
        may_label=may_label,
        labels=LABELS,
        place=_way_back(),
    )


@blueprint.get("/<uuid:picture_id>.png")
@describes(IMAGE)
def image(picture_id: UUID) -> Response:
    """Send a picture's file, which a browser caches but revalidates each time."""
    found = _find(picture_id)
    content = get_services().images.files.read(found.id, found.sha256)
    if content is None:
        raise NotFound(gettext("The file of this picture is missing or damaged."))
    response = send_file(
        io.BytesIO(content),
        mimetype="image/png",
        etag=found.sha256,
        as_attachment=request.args.get("download") == "1",
        download_name=f"{found.shown}-{found.id}.png",
    )
    response.cache_control.private = True
    return response


@blueprint.post("/<uuid:picture_id>/label")
@describes(LABELLING)
def label(picture_id: UUID) -> WerkzeugResponse:
    """Set a person's label of a picture, or remove it if the word is empty.

    Programs get the person's label and, if another one is shown, that one too.
    """
    person, found = logged_in_person(), _find(picture_id)
    if not (found.mine or person.is_admin):
        abort(403, gettext("Only its owner can say what a picture shows."))
    word = request.form.get("label", "")
    try:
        there = get_services().images.label(
            found.id, word or None, by=person.id, as_admin=person.is_admin
        )
    except LabelLimit as error:
        abort(409, say_error(error, current_language()))
    except UnknownLabel:
        abort(400, gettext(UNKNOWN_LABEL))
    if not there:
        raise NotFound(gettext(_GONE))
    get_services().habits.learn(person.id, {found.own_label, word})
    if wants_json():
        answer = {"id": str(found.id), "label": word or None}
        for_all = _find(found.id).label
        if for_all != answer["label"]:
            answer["label_for_all"] = for_all
        return jsonify(answer)
    return redirect(url_for("gallery.picture", picture_id=found.id, **_way_back()))


@blueprint.post("/<uuid:picture_id>/delete")
@describes(DELETE)
def delete(picture_id: UUID) -> WerkzeugResponse:
    """Remove a person's holding of a picture, and with `with_label=1` their label too."""
    images = get_services().images
    remove = images.take_back if request.form.get("with_label") == "1" else images.let_go
    person, found = logged_in_person(), _find(picture_id)
    if not remove(person.id, found.id):
        abort(403, gettext("Only its owner can delete a picture."))
    get_services().habits.learn(person.id, {found.own_label})
    if wants_json():
        return jsonify({"id": str(picture_id), "deleted": True})
    flash(gettext("The picture has been deleted from your history."))
    return redirect(url_for("gallery.page", **(_way_back() or {"mine": "1"})))


def _download(make: Callable[[Filter], Iterator[bytes]], ending: str) -> Response:
    chosen = _filter()
    parts = ["digitnet", "mine" if chosen.holder else None, chosen.shown, str(date.today())]
    return send_pieces(make(chosen), "-".join(part for part in parts if part) + ending)


@blueprint.get("/download.zip")
@describes(ZIP)
@runs_in(Lane.EXPORTS)
def download_zip() -> Response:
    return _download(get_services().exporter.zip, ".zip")


@blueprint.get("/download.npz")
@describes(NPZ)
@runs_in(Lane.EXPORTS)
def download_npz() -> Response:
    return _download(get_services().exporter.npz, ".npz")


@blueprint.get("/download-idx.zip")
@describes(IDX)
@runs_in(Lane.EXPORTS)
def download_idx() -> Response:
    exporter = get_services().exporter
    return _download(lambda chosen: exporter.idx({"digitnet": chosen}), "-idx.zip")
