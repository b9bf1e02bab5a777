"""Versions of the data set: frozen by name, counted, split, exported and removed."""

from app.services.versions.card import describe
from app.services.versions.choice import EVERYTHING, Choice
from app.services.versions.errors import (
    NoSuchVersion,
    NotYourVersion,
    VersionError,
    VersionInUse,
    VersionTaken,
)
from app.services.versions.export import FORMATS, VersionExporter
from app.services.versions.versions import (
    LONGEST_LICENCE,
    Examples,
    Member,
    Use,
    Versions,
    VersionView,
)

__all__ = [
    "EVERYTHING",
    "FORMATS",
    "LONGEST_LICENCE",
    "Choice",
    "Examples",
    "Member",
    "NoSuchVersion",
    "NotYourVersion",
    "Use",
    "VersionError",
    "VersionExporter",
    "VersionInUse",
    "VersionTaken",
    "VersionView",
    "Versions",
    "describe",
]
