"""The HTTP API for programs and the pages' scripts: /predict and /status."""

from app.blueprints.api.views import blueprint

__all__ = ["blueprint"]
