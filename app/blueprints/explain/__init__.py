"""The explanation of an answer: the page, the course, and their API."""

from app.blueprints.explain.views import blueprint

__all__ = ["blueprint"]
