from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.runs import openapi
from app.blueprints.runs.describe import describe, describe_all
from app.errors import MaintenanceError
from app.languages import mark
from app.sentences import say_error
from app.services.models import DIGITS, LONGEST_REASON
from app.services.training import DEFAULTS, RunSettings, TrainingError
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person
from cnn.errors import ModelFileError

blueprint = Blueprint("runs", __name__)

_NOT_YOURS = mark("Only administrators train models.")
_AMOUNT = "augment."


@blueprint.get("/runs")
@describes(openapi.LIST)
@login_required  # type: ignore[untyped-decorator]
def index() -> str | dict[str, Any]:
    """Show the runs: as a page, or as JSON where that is asked for."""
    _expect_administrator()
    if wants_json():
        return {"runs": describe_all(get_services().runs.recent())}
    return _index({}, None)


@blueprint.post("/runs")
@login_required  # type: ignore[untyped-decorator]
def start() -> tuple[str, int] | WerkzeugResponse:
    """Start a run, by the page's form."""
    _expect_administrator()
    try:
        settings = RunSettings.read(_read_form(request.form))
        run_id = get_services().runs.start(settings, by=logged_in_person().id)
    except TrainingError as error:
        return _index(request.form, say_error(error, current_language())), 422
    return redirect(url_for("runs.page", run_id=run_id))


@blueprint.post("/retrain_model")
@describes(openapi.START)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def retrain_model() -> tuple[dict[str, str], int]:
    """Start a run, for a program."""
    _expect_administrator()
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
    return render_template("runs/page.html", run=run, there=services.versions.names())


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
    try:
        version = get_services().runs.publish(
            run_id, by=logged_in_person().id, reason=reason.strip()
        )
    except (ModelFileError, MaintenanceError):
        abort(409, gettext(mark("This version is damaged or gone: it is not put in service.")))
    if wants_json():
        return {"name": DIGITS, "in_service": version}
    return redirect(url_for("runs.page", run_id=run_id))


def _expect_administrator() -> None:
    if not logged_in_person().is_admin:
        abort(403, gettext(_NOT_YOURS))


def _index(given: Mapping[str, str], problem: str | None) -> str:
    services = get_services()
    return render_template(
        "runs/index.html",
        runs=describe_all(services.runs.recent()),
        versions=(versions := services.versions.all()),
        there={one.name for one in versions},
        in_service=services.publisher.present_and_before(DIGITS)[0],
        given=given,
        problem=problem,
        defaults=DEFAULTS,
    )


def _read_json() -> Any:
    """Return the JSON of a request; an empty one stands for an empty object."""
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


def _number(text: str | None) -> Any:
    """Return a number, None for an empty field, or the text that is none."""
    text = (text or "").strip().replace(",", ".")
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text or None
