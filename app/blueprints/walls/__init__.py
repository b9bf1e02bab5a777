"""Walls: what a class writes, on one screen; joined by a code, without an account."""

from app.blueprints.walls.views import alive, blueprint

__all__ = ["alive", "blueprint"]
