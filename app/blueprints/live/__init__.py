"""The page Live: a camera's picture, and what is written in it as it moves."""

from app.blueprints.live.views import blueprint

__all__ = ["blueprint"]
