"""Why a version cannot be made or removed."""

from __future__ import annotations

from app.errors import CodedError

__all__ = ["NoSuchVersion", "NotYourVersion", "VersionError", "VersionInUse", "VersionTaken"]


class VersionError(CodedError):
    """A version cannot be made so; nothing was changed."""


class NoSuchVersion(VersionError):
    """There is no version of this name."""


class VersionTaken(VersionError):
    """There is, or was, a version of this name already."""


class NotYourVersion(VersionError):
    """Somebody else froze the version."""


class VersionInUse(VersionError):
    """A training run that has not ended learns from the version."""
