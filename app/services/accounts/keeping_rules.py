"""What is kept of what a person draws and sends, which is their choice."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KeepingRule"]


class KeepingRule(StrEnum):
    """What is kept without being asked for each time."""

    #: Pictures that are sent, and drawings that the person confirms, corrects or keeps.
    CONFIRMED = "confirmed"
    #: Pictures that are sent, and drawings once they are finished.
    EVERYTHING = "everything"
    #: Nothing: only what the person says something of, or keeps.
    ASKED = "asked"
