from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.languages import mark
from app.services.models import DIGITS, Shelved, describe, figures_by_class
from app.web.language import gettext
from app.web.problems import for_programs, wants_json
from app.web.services import get_services

blueprint = Blueprint("models", __name__)

_FILE = "application/octet-stream"


@blueprint.get("/models")
def index() -> str | dict[str, Any]:
    """List the models in service: as a page, or as JSON where that is asked for."""
    shelved = dict(get_services().models.items())
    if wants_json():
        listed = [
            {"in_service_as": name, **describe(one.model), "classes": one.model.classes}
            for name, one in shelved.items()
        ]
        return {"models": listed}
    models = {name: one.model for name, one in shelved.items()}
    return render_template("models/index.html", models=models, digits=DIGITS)


@blueprint.get("/models/<name>")
def page(name: str) -> str | WerkzeugResponse:
    model = get_services().models.get(name).model
    if model.normalisation == "digits":
        return redirect(url_for("draw.page"))
    return render_template(
        "models/page.html", name=name, model=model, by_class=figures_by_class(model)
    )


@blueprint.get("/models/<name>/<version>")
@for_programs
def file(name: str, version: str) -> Response:
    """Send a model's file, which has an ETag."""
    shelved = get_services().models.get(name)
    if version != shelved.model.name:
        words = mark("Of the model %(name)s, %(version)s is in service.")
        abort(404, gettext(words, name=name, version=shelved.model.name))
    return _send(shelved)


@blueprint.get("/model")
@for_programs
def digits() -> Response:
    """Send the file of the digit model in service."""
    return _send(get_services().models.get(DIGITS))


def _send(shelved: Shelved) -> Response:
    response = send_file(
        shelved.file,
        mimetype=_FILE,
        as_attachment=True,
        download_name=f"{shelved.model.name}.dnm",
        max_age=0,
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response
