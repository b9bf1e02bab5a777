"""The errors of this package; each carries a sentence for the person who caused or met it."""

from __future__ import annotations

from enum import Enum

__all__ = [
    "AccountError",
    "AccountField",
    "BusyError",
    "DigitNetError",
    "LanguageFileError",
    "NoDatabaseError",
    "PersonGone",
    "SettingsError",
    "StartError",
    "StorageError",
    "UnknownModel",
]


class DigitNetError(Exception):
    """Base of this package's errors."""


class SettingsError(DigitNetError, ValueError):
    """A setting has a value that it cannot have."""


class StartError(DigitNetError):
    """The program cannot start here."""


class LanguageFileError(StartError):
    """A file of translations cannot be read, or has a translation that cannot be used."""


class StorageError(DigitNetError):
    """The database or the disk failed; nothing half-done remains."""


class NoDatabaseError(StorageError):
    """There is no database yet, or no longer."""


class PersonGone(DigitNetError):
    """The person's account has ended while something was being done for them."""


class UnknownModel(DigitNetError):
    """No model of that name is in service."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name!r} in service.")


class BusyError(DigitNetError):
    """There is too much to do just now; later there will be room."""


class AccountField(Enum):
    """What somebody gives for an account."""

    NAME = "name"
    PASSWORD = "password"  # noqa: S105 (the name of a field)
    #: The password that somebody who is logged in has now, asked for once more.
    PRESENT_PASSWORD = "present password"  # noqa: S105


class AccountError(DigitNetError, ValueError):
    """What was given for `field` cannot be taken."""

    def __init__(self, message: str, *, field: AccountField) -> None:
        super().__init__(message)
        self.field = field
