"""The models in service: a list, a page for each of other pictures, and their files."""

from app.blueprints.models.views import blueprint

__all__ = ["blueprint"]
