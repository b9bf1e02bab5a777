"""Models: those that ship and those that were added, and which is in service under which name."""

from app.services.models.card import describe, make_card, read_card
from app.services.models.curves import Curves
from app.services.models.publishing import Publisher
from app.services.models.registry import LONGEST_REASON, Overtaken, Registry
from app.services.models.shelf import CATS_DOGS, DIGITS, Models, Shelved, ShelvedGenerator

__all__ = [
    "CATS_DOGS",
    "DIGITS",
    "LONGEST_REASON",
    "Curves",
    "Models",
    "Overtaken",
    "Publisher",
    "Registry",
    "Shelved",
    "ShelvedGenerator",
    "describe",
    "make_card",
    "read_card",
]
