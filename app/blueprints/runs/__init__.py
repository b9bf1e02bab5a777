"""Training runs: started, followed, cancelled and published by administrators."""

from app.blueprints.runs.views import blueprint

__all__ = ["blueprint"]
