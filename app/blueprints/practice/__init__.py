"""Practice: questions of arithmetic, whose answers are written by hand and marked at once."""

from app.blueprints.practice.views import blueprint

__all__ = ["blueprint"]
