"""The errors of this package; each carries a sentence for the person who caused or met it."""

__all__ = [
    "AccountError",
    "BusyError",
    "DigitNetError",
    "LanguageFileError",
    "NoDatabaseError",
    "PersonGone",
    "SettingsError",
    "StartError",
    "StorageError",
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


class BusyError(DigitNetError):
    """There is too much to do just now; later there will be room."""


class AccountError(DigitNetError, ValueError):
    """A name or password that cannot be taken."""
