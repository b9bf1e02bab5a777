"""How the network came to its answer: the page, and the numbers behind it."""

from app.blueprints.explain.views import blueprint

__all__ = ["blueprint"]
