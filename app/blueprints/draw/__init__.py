"""The page for drawing a digit or sending a picture, with and without scripts."""

from app.blueprints.draw.views import blueprint

__all__ = ["blueprint"]
