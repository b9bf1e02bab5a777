"""Versions of the data set: frozen by name, counted, split, and exported."""

from app.services.versions.export import FORMATS, VersionExporter, describe
from app.services.versions.versions import (
    Choice,
    Examples,
    Member,
    NoSuchVersion,
    VersionError,
    Versions,
    VersionTaken,
    VersionView,
)

__all__ = [
    "FORMATS",
    "Choice",
    "Examples",
    "Member",
    "NoSuchVersion",
    "VersionError",
    "VersionExporter",
    "VersionTaken",
    "VersionView",
    "Versions",
    "describe",
]
