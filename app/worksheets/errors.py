"""What can be wrong with a worksheet, or with a picture of one."""

from __future__ import annotations

from app.errors import CodedError

__all__ = ["PageError", "WorksheetError"]


class WorksheetError(CodedError, ValueError):
    """A worksheet cannot be made as it was asked for, or its layout cannot be used."""


class PageError(CodedError):
    """A picture cannot be marked: it shows no page of the worksheet, or not all of one."""
