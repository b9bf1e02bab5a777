from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import login_required
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.runs import openapi
from app.blueprints.runs.describe import describe, describe_all
from app.blueprints.runs.labels import LABELS, field_of, say_on_page
from app.errors import CodedError, MaintenanceError, UploadError
from app.languages import mark
from app.services.models import DIGITS, LONGEST_REASON, read_card
from app.services.training import DEFAULTS, PictureSettings, RunSettings, TrainingError
from app.services.training.picture_settings import LEAST_SIDE, MOST_EPOCHS, MOST_SIDE, SIDE
from app.web.lanes import Lane, runs_in
from app.web.language import gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person
from app.web.uploads import LARGEST_UPLOAD, takes_uploads
from cnn.errors import ModelFileError

blueprint = Blueprint("runs", __name__)

_NOT_YOURS = mark("Only administrators train models.")
_AMOUNT = "augment."
#: What the form of pictures says of its fields.
_BOUNDS = MappingProxyType(
    {
        "side": SIDE,
        "least_side": LEAST_SIDE,
        "most_side": MOST_SIDE,
        "epochs": MOST_EPOCHS,
        "megabytes": LARGEST_UPLOAD // 1_000_000,
    }
)


@blueprint.get("/runs")
@describes(openapi.LIST)
@login_required  # type: ignore[untyped-decorator]
def index() -> str | dict[str, Any]:
    """Show the runs: as a page, or as JSON where that is asked for."""
    _expect_administrator()
    if wants_json():
        return {"runs": describe_all(get_services().runs.recent())}
    return _index()


@blueprint.post("/runs")
@login_required  # type: ignore[untyped-decorator]
def start() -> tuple[str, int] | WerkzeugResponse:
    """Start a run, by the page's form."""
    _expect_administrator()
    try:
        settings = RunSettings.read(_read_form(request.form))
        run_id = get_services().runs.start(settings, by=logged_in_person().id)
    except TrainingError as error:
        return _index(request.form, error), 422
    return redirect(url_for("runs.page", run_id=run_id))


@blueprint.post("/runs/pictures")
@runs_in(Lane.UPLOADS)
@takes_uploads(most=LARGEST_UPLOAD)
@login_required  # type: ignore[untyped-decorator]
def start_pictures() -> tuple[str, int] | WerkzeugResponse:
    """Start a run of other classes, by the page's form."""
    _expect_administrator()
    try:
        run_id = _start_pictures()
    except (TrainingError, UploadError) as error:
        if wants_json():  # the page's script, which keeps what was chosen
            abort(422, say_on_page(error))
        return _index(request.form, error, of_pictures=True), 422
    return redirect(url_for("runs.page", run_id=run_id))


@blueprint.post("/retrain_model")
@describes(openapi.START)
@for_programs
@runs_in(Lane.UPLOADS)
@takes_uploads(most=LARGEST_UPLOAD)
@login_required  # type: ignore[untyped-decorator]
def retrain_model() -> tuple[dict[str, str], int]:
    """Start a run, for a program."""
    _expect_administrator()
    if request.mimetype == "multipart/form-data":
        return {"run": str(_start_pictures())}, 202
    settings = RunSettings.read(_read_json())
    run_id = get_services().runs.start(settings, by=logged_in_person().id)
    return {"run": str(run_id)}, 202


@blueprint.get("/runs/<uuid:run_id>")
@describes(openapi.STATE)
@login_required  # type: ignore[untyped-decorator]
def page(run_id: UUID) -> str | dict[str, Any]:
    """Show a run: as a page, or as JSON where that is asked for."""
    _expect_administrator()
    services = get_services()
    run = describe(services.runs.find(run_id))
    if wants_json():
        return run
    card = run["gate"] and run["gate"].get("card")
    return render_template(
        "runs/page.html",
        run=run,
        there=services.versions.names(),
        card=card and read_card(card, card["classes"]),
    )


@blueprint.post("/runs/<uuid:run_id>/cancel")
@describes(openapi.CANCEL)
@login_required  # type: ignore[untyped-decorator]
def cancel(run_id: UUID) -> WerkzeugResponse | dict[str, Any]:
    _expect_administrator()
    run = get_services().runs.cancel(run_id)
    return describe(run) if wants_json() else redirect(url_for("runs.page", run_id=run_id))


@blueprint.post("/runs/<uuid:run_id>/publish")
@describes(openapi.PUBLISH_RUN)
@login_required  # type: ignore[untyped-decorator]
def publish(run_id: UUID) -> WerkzeugResponse | dict[str, Any]:
    """Put the model of a run in service."""
    _expect_administrator()
    given = _read_json() if request.is_json else request.form
    reason = given.get("reason", "") if isinstance(given, Mapping) else None
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON or not reason.isprintable():
        sentence = mark("A reason is one line of at most %(most)s characters.")
        abort(400, gettext(sentence, most=LONGEST_REASON))
    services = get_services()
    try:
        version = services.runs.publish(run_id, by=logged_in_person().id, reason=reason.strip())
    except (ModelFileError, MaintenanceError):
        abort(409, gettext(mark("This version is damaged or gone: it is not put in service.")))
    if wants_json():
        return {"name": services.runs.find(run_id).settings.model, "in_service": version}
    return redirect(url_for("runs.page", run_id=run_id))


def _expect_administrator() -> None:
    if not logged_in_person().is_admin:
        abort(403, gettext(_NOT_YOURS))


def _index(
    given: Mapping[str, str] = MappingProxyType({}),
    error: CodedError | None = None,
    *,
    of_pictures: bool = False,
) -> str:
    """Return the page, with what was given by one of its forms and what is wrong with that."""
    services = get_services()
    digits: dict[str, Any] = {"given": given}
    pictures: dict[str, Any] = {"given": {}}
    if error is not None:
        digits |= {"problem": say_on_page(error), "wrong": field_of(error)}
    if of_pictures:
        digits, pictures = pictures, digits
    return render_template(
        "runs/index.html",
        runs=describe_all(services.runs.recent()),
        versions=(versions := services.versions.all()),
        there={one.name for one in versions},
        in_service=services.publisher.present_and_before(DIGITS)[0],
        **digits,
        defaults=DEFAULTS,
        labels=LABELS,
        pictures={
            **pictures,
            "names": [name for name, _ in services.models.items() if name != DIGITS],
            "bounds": _BOUNDS,
        },
    )


def _start_pictures() -> UUID:
    """Start a run of other classes with what a form says, and return its id."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise TrainingError("pictures_no_zip")
    settings = PictureSettings.read(_read_picture_form(request.form))
    return get_services().runs.start_pictures(
        settings, file.stream, file=file.filename, by=logged_in_person().id
    )


def _read_json() -> Any:
    """Return the JSON of a request; an empty one stands for an empty object."""
    if (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge  # the route takes archives, and so much more
    return request.get_json(silent=True) if request.get_data(cache=True) else {}


def _read_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what the page's form says, as a program would give it."""
    given: dict[str, Any] = {name: form[name] for name in ("base", "publish") if name in form}
    given["versions"] = form.getlist("versions")
    given["mnist"] = "mnist" in form
    given["quick"] = "quick" in form
    given["epochs"] = _number(form.get("epochs"))
    given["rate"] = _number(form.get("rate"))
    if form.get("augment") == "none":
        given["augment"] = {}
    elif form.get("augment") == "own":
        given["augment"] = {
            name.removeprefix(_AMOUNT): _number(value) or 0.0
            for name, value in form.items()
            if name.startswith(_AMOUNT)
        }
    return given


def _read_picture_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what a form says of a model of other classes; empty fields say nothing."""
    given: dict[str, Any] = {name: form[name] for name in ("model", "publish") if form.get(name)}
    for name in ("size", "channels", "epochs", "rate"):
        value = _number(form.get(name))
        if value is not None:
            given[name] = value
    augment = form.get("augment", "default")
    if augment == "own":
        given["augment"] = ",".join(_own_changes(form)) or "none"
    elif augment != "default":
        given["augment"] = augment
    return given


def _own_changes(form: MultiDict[str, str]) -> Iterator[str]:
    """Yield what the page's form says of the augmentation, as the command line says it."""
    for name, value in form.items():
        if name == f"{_AMOUNT}flip":
            yield "flip"
        elif name.startswith(_AMOUNT) and (number := _number(value)) is not None:
            yield f"{name.removeprefix(_AMOUNT)}={number}"


def _number(text: str | None) -> Any:
    """Return a number, None for an empty field, or the text that is none."""
    text = (text or "").strip().replace(",", ".")
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text or None
