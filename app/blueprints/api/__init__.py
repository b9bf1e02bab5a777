"""What other programs use, and the pages' own scripts: /predict and /status."""

from app.blueprints.api.views import blueprint

__all__ = ["blueprint"]
