"""The gallery of stored pictures: filter, label, delete, download."""

from app.blueprints.gallery.views import blueprint

__all__ = ["blueprint"]
