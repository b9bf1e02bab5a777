from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from app.services.models import DIGITS
from app.web.security import allow_camera
from app.web.services import get_services

blueprint = Blueprint("live", __name__)


@blueprint.get("/live")
def page() -> Response:
    models = {name: shelved.model for name, shelved in get_services().models.items()}
    return allow_camera(
        make_response(render_template("live/page.html", models=models, digits=DIGITS))
    )
