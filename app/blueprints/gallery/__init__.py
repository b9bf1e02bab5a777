"""The stored pictures: looking, filtering, labelling, deleting, downloading."""

from app.blueprints.gallery.views import blueprint

__all__ = ["blueprint"]
