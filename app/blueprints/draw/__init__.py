"""The page for drawing a digit or sending a picture."""

from __future__ import annotations

from flask import Blueprint, render_template

__all__ = ["blueprint"]

blueprint = Blueprint("draw", __name__)


@blueprint.get("/")
def page() -> str:
    return render_template("draw/page.html")
