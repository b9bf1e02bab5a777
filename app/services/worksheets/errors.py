"""What can be wrong with what is asked of a worksheet."""

from __future__ import annotations

from app.errors import CodedError

__all__ = ["NoSuchWorksheet", "WorksheetRefused"]


class NoSuchWorksheet(CodedError):
    """The person has no such worksheet, or it has no such page."""


class WorksheetRefused(CodedError):
    """As things are, this cannot be done; nothing was changed."""
