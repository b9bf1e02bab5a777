from __future__ import annotations

from typing import Any

import numpy as np
from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.languages import mark
from app.services.models import DIGITS, Shelved, describe
from app.web.language import gettext
from app.web.problems import for_programs
from app.web.services import get_services
from cnn.models.model import Model

blueprint = Blueprint("models", __name__)

_FILE = "application/octet-stream"


@blueprint.get("/models")
def index() -> str | dict[str, Any]:
    """List the models in service: as a page, or as JSON where that is asked for."""
    shelved = dict(get_services().models.items())
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "text/html":
        models = {name: _card(one.model) for name, one in shelved.items()}
        return render_template("models/index.html", models=models, digits=DIGITS)
    listed = [
        {"in_service_as": name, **describe(one.model), "classes": one.model.classes}
        for name, one in shelved.items()
    ]
    return {"models": listed}


@blueprint.get("/models/<name>")
def page(name: str) -> str | WerkzeugResponse:
    model = _find(name).model
    if model.normalisation == "digits":
        return redirect(url_for("draw.page"))
    return render_template("models/page.html", name=name, model=model, card=_card(model))


@blueprint.get("/models/<name>/<version>")
@for_programs
def file(name: str, version: str) -> Response:
    """Send a model's file, which has an ETag."""
    shelved = _find(name)
    if version != shelved.model.name:
        words = mark("Of the model %(name)s, %(version)s is in service.")
        abort(404, gettext(words, name=name, version=shelved.model.name))
    return _send(shelved)


@blueprint.get("/model")
@for_programs
def digits() -> Response:
    """Send the file of the digit model in service."""
    return _send(get_services().models.get(DIGITS))


def _find(name: str) -> Shelved:
    return get_services().models.get(name)


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


def _card(model: Model) -> dict[str, Any]:
    """Return what a page says of a model: its metadata, and figures for each class."""
    matrix = np.array(model.metadata.get("confusion_matrix", ()))
    rows = []
    if matrix.shape == (len(model.classes),) * 2:
        for name, counts, right in zip(model.classes, matrix, np.diag(matrix), strict=True):
            total = int(counts.sum())
            rows.append(
                {"name": name, "count": total, "right": int(right) / total if total else None}
            )
    return {
        "classes": model.classes,
        "rows": rows,
        "accuracy": model.metadata.get("accuracy"),
        "calibration": model.metadata.get("expected_calibration_error"),
        "trained_on": model.metadata.get("trained_on"),
        "tested_on": int(matrix.sum()) if rows else None,
        "version": model.name,
        "shape": model.input_shape,
    }
