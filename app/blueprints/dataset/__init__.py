"""The data set: what is there, and training data that people upload."""

from app.blueprints.dataset.reviews import register_reviews
from app.blueprints.dataset.versions import register_versions
from app.blueprints.dataset.views import blueprint

register_reviews(blueprint)
register_versions(blueprint)

__all__ = ["blueprint"]
