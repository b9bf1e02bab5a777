"""Walls: what everybody of a class writes, on one screen."""

from app.services.walls.walls import (
    LONGEST_TITLE,
    MOST_PARTICIPANTS,
    MOST_WALLS,
    NoSuchWall,
    WallError,
    Walls,
    WallView,
)

__all__ = [
    "LONGEST_TITLE",
    "MOST_PARTICIPANTS",
    "MOST_WALLS",
    "NoSuchWall",
    "WallError",
    "WallView",
    "Walls",
]
