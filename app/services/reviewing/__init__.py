"""Reviewing the data set: what needs a look first, one person at a time for each picture."""

from app.services.reviewing.reviews import (
    LONGEST_CLAIM,
    Answered,
    NotYours,
    Overtaken,
    ReviewError,
    Reviews,
    Turn,
)
from app.services.reviewing.views import ReviewView, Twin

__all__ = [
    "LONGEST_CLAIM",
    "Answered",
    "NotYours",
    "Overtaken",
    "ReviewError",
    "ReviewView",
    "Reviews",
    "Turn",
    "Twin",
]
