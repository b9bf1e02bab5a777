"""The API's reference: its document, and a page to read and try it."""

from app.blueprints.reference.views import blueprint

__all__ = ["blueprint"]
