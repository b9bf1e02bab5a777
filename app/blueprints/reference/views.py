from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template

from app.blueprints.reference.listing import list_operations
from app.web.openapi import make_document
from app.web.problems import wants_json

blueprint = Blueprint("reference", __name__)


@blueprint.get("/api")
def page() -> str | Response:
    """Show the API's document: as a page, or as JSON where that is asked for."""
    if wants_json():
        return document()
    described = make_document(current_app)
    return render_template(
        "reference/page.html", info=described["info"], groups=list_operations(described)
    )


@blueprint.get("/api/openapi.json")
def document() -> Response:
    return jsonify(make_document(current_app))
