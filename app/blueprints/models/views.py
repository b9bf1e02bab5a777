from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.models.openapi import FILE, LIST, ONE_FILE, PUBLISH, ROLLBACK
from app.errors import MaintenanceError
from app.languages import mark
from app.services.models import (
    DIGITS,
    LONGEST_REASON,
    Overtaken,
    ShelvedGenerator,
    describe,
    make_card,
)
from app.web.language import gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person, shown_person
from cnn.errors import ModelFileError
from cnn.models.generator import Generator

blueprint = Blueprint("models", __name__)

_FILE = "application/octet-stream"


@blueprint.get("/models")
@describes(LIST)
def index() -> str | dict[str, Any]:
    """List the models in service: as a page, or as JSON where that is asked for."""
    shelved, generators = dict(get_services().models.items()), get_services().models.generators()
    if wants_json():
        models = [
            {"in_service_as": name, **describe(one.model), "classes": one.model.classes}
            for name, one in shelved.items()
        ]
        makers = [_describe_generator(name, one.generator) for name, one in generators.items()]
        return {"models": models, "generators": makers}
    listed = {name: (one.model, make_card(one.model)) for name, one in shelved.items()}
    return render_template("models/index.html", models=listed, generators=generators, digits=DIGITS)


def _describe_generator(name: str, generator: Generator) -> dict[str, Any]:
    channels, *size = generator.shape
    described = describe(generator)
    return {
        "in_service_as": name,
        "name": described["name"],
        "trained_at": described["trained_at"],
        "classes": generator.classes,
        "size": size,
        "channels": channels,
        "takes_like": generator.encoder is not None,
    }


@blueprint.get("/models/<name>")
def page(name: str) -> str | WerkzeugResponse:
    shelved = get_services().models.find(name)
    if isinstance(shelved, ShelvedGenerator):
        return redirect(url_for("generate.page", model=name))
    model = shelved.model
    if model.normalisation == "digits":
        return redirect(url_for("draw.page"))
    return render_template("models/page.html", name=name, model=model, card=make_card(model))


@blueprint.get("/models/<name>/versions")
def versions(name: str) -> str:
    """Show a model's versions, and to people who are logged in what was in service when."""
    return _show_versions(name)


def _show_versions(name: str, problem: str = "") -> str:
    services, person = get_services(), shown_person()
    serving = services.models.find(name).version
    present, before = services.publisher.present_and_before(name)
    history = services.registry.history(name) if person else []
    deciders = {one.published_by for one in history if one.published_by is not None}
    may_decide = person is not None and person.is_admin
    return render_template(
        "models/versions.html",
        name=name,
        present=present,
        serving=serving,
        listed=services.publisher.versions(name),
        before=before,
        history=history,
        names=services.accounts.names(deciders) if may_decide else {},
        runs={one.model: one for one in services.runs.recent()} if may_decide else {},
        may_decide=may_decide,
        problem=problem,
    )


@blueprint.post("/models/<name>/publish")
@describes(PUBLISH)
@login_required  # type: ignore[untyped-decorator]
def publish(name: str) -> WerkzeugResponse | dict[str, Any]:
    """Put a version of a model in service."""
    given, publisher = _read_decision(name), get_services().publisher
    version = given.get("version")
    if version is None:
        abort(400, gettext("Say which “version” is put in service."))
    if version not in {one.version for one in publisher.versions(name)}:
        words = mark("The model %(name)s has no version %(version)s; %(present)s is in service.")
        present = get_services().models.find(name).version
        abort(404, gettext(words, name=name, version=str(version)[:64], present=present))
    with _refusals(name):
        publisher.publish(version, **_facts(given))
    return _tell(name, version)


@blueprint.post("/models/<name>/rollback")
@describes(ROLLBACK)
@login_required  # type: ignore[untyped-decorator]
def rollback(name: str) -> WerkzeugResponse | dict[str, Any]:
    """Put the version back in service that was there before the present one."""
    given = _read_decision(name)
    with _refusals(name):
        to = given.get("version") or None
        version = get_services().publisher.roll_back(name, **_facts(given), to=to)
    if version is None:
        words = mark("No other version of %(name)s has been in service that is still there.")
        abort(409, gettext(words, name=name))
    return _tell(name, version)


@blueprint.get("/models/<name>/<version>")
@describes(ONE_FILE)
@for_programs
def file(name: str, version: str) -> Response:
    """Send the file of a version, whether it is in service or not; it has an ETag."""
    services = get_services()
    for shelved in (services.models.find(name), services.models.always_there.get(name)):
        if shelved is not None and shelved.version == version:
            return _send(version, shelved.content)
    content = services.registry.content(name, version)
    if content is None:
        words = mark("The model %(name)s has no version %(version)s; %(present)s is in service.")
        present = services.models.find(name).version
        abort(404, gettext(words, name=name, version=version, present=present))
    return _send(version, content)


@blueprint.get("/model")
@describes(FILE)
@for_programs
def digits() -> Response:
    """Send the file of the digit model in service."""
    shelved = get_services().models.get(DIGITS)
    return _send(shelved.version, shelved.content)


def _read_decision(name: str) -> Mapping[str, Any]:
    """Return what an administrator decided, as JSON or by the page's form."""
    get_services().models.find(name)  # else there is no such model
    if not logged_in_person().is_admin:
        abort(403, gettext("Only administrators put models in service."))
    is_json = request.is_json and request.get_data(cache=True) != b""
    given: Any = request.get_json(silent=True) if is_json else request.form
    words = ("version", "reason", "instead_of")
    if not isinstance(given, Mapping) or not all(isinstance(given.get(w, ""), str) for w in words):
        abort(400, gettext("JSON is expected: an object with “version” and “reason”, in words."))
    reason = given.get("reason", "")
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        sentence = mark("A reason is one line of at most %(most)s characters.")
        abort(400, gettext(sentence, most=LONGEST_REASON))
    return given


def _facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return who decides, why, and which version they think is in service."""
    return {
        "by": logged_in_person().id,
        "reason": given.get("reason", "").strip(),
        "instead_of": given.get("instead_of") or None,
    }


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Say in a sentence why a version is not put in service; on the page, above those there are."""
    try:
        yield
        return
    except Overtaken:
        words = mark("Meanwhile another version was put in service. Look again, then decide.")
    except (ModelFileError, MaintenanceError):
        words = mark("This version is damaged or gone: it is not put in service.")
    if wants_json():
        abort(409, gettext(words))
    abort(make_response(_show_versions(name, gettext(words)), 409))


def _tell(name: str, version: str) -> WerkzeugResponse | dict[str, Any]:
    if wants_json():
        return {"name": name, "in_service": version}
    words = mark("%(version)s is in service. Every process of the site takes it within a second.")
    flash(gettext(words, version=version))
    return redirect(url_for("models.versions", name=name))


def _send(version: str, content: bytes) -> Response:
    response = send_file(
        io.BytesIO(content),
        mimetype=_FILE,
        as_attachment=True,
        download_name=f"{version}.dnm",
        etag=hashlib.sha256(content).hexdigest(),
        max_age=0,
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response
