"""The generator: a page that makes new digits, its API, and the sheet for one's own handwriting."""

from app.blueprints.generate.handwriting import register_handwriting
from app.blueprints.generate.views import blueprint, make

register_handwriting(blueprint)

__all__ = ["blueprint", "make"]
