"""The errors of this package.

Errors that a visitor can meet are `CodedError`: `app.sentences` has their sentences, in the
reader's language. Errors that only administrators meet have an English message.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Literal, TypeAlias

__all__ = [
    "AccountError",
    "AccountField",
    "BusyError",
    "CodedError",
    "DigitNetError",
    "ErrorCode",
    "LanguageFileError",
    "MaintenanceError",
    "NoDatabaseError",
    "PersonGone",
    "SettingsError",
    "StartError",
    "StorageError",
    "UnknownModel",
    "UnusableStoreError",
    "UploadError",
]

ErrorCode: TypeAlias = Literal[
    "account_gone",
    "archive_bomb",
    "archive_damaged",
    "archive_encrypted",
    "archive_link",
    "archive_method",
    "archive_names_twice",
    "archive_nested",
    "archive_outside",
    "archive_too_large",
    "archive_too_many",
    "array_damaged",
    "array_labels",
    "array_lengths",
    "array_numbers",
    "array_order",
    "array_pickled",
    "array_shape",
    "array_too_large",
    "channels_too_many",
    "channels_unequal",
    "database_busy",
    "database_cannot_open",
    "database_damaged",
    "database_failing",
    "database_full",
    "database_locked",
    "database_missing",
    "database_outdated",
    "database_read_only",
    "database_row_gone",
    "database_unreachable",
    "database_unusable",
    "database_without_connections",
    "file_cut_off",
    "file_damaged",
    "file_label",
    "file_missing",
    "file_no_picture",
    "file_too_large",
    "file_unlabelled",
    "folder_unreadable",
    "idx_alone",
    "job_failed",
    "job_interrupted",
    "label_limit",
    "label_unknown",
    "log_without_database",
    "name_invisible",
    "name_length",
    "name_spaces",
    "name_taken",
    "name_unprintable",
    "npz_arrays",
    "number_unusable",
    "numbers_too_large",
    "operation_unknown",
    "operation_without_picture",
    "padding_too_large",
    "password_length",
    "password_spaces",
    "password_wrong",
    "picture_blank",
    "picture_immovable",
    "picture_not_saved",
    "picture_of_several",
    "picture_twice",
    "picture_twice_labelled",
    "picture_unwritable",
    "frames_waiting",
    "pictures_waiting",
    "redis_failing",
    "retrain_checkpoint",
    "retrain_digits_missing",
    "retrain_diverged",
    "retrain_examples",
    "retrain_keeps_rejector",
    "retrain_mnist_missing",
    "retrain_model",
    "retrain_no_examples",
    "retrain_settings",
    "retrain_trains_rejector",
    "review_not_yours",
    "review_overtaken",
    "review_overtaken_none",
    "rows_unequal",
    "run_amount",
    "run_body",
    "run_choice",
    "run_compares",
    "run_damaged",
    "run_ended",
    "run_goes_on",
    "run_interrupted",
    "run_nothing",
    "run_only_digits",
    "run_overtaken",
    "run_published",
    "run_unknown",
    "run_unwritable",
    "run_version",
    "run_without_model",
    "run_worse",
    "stream_ended",
    "stream_viewers",
    "table_columns",
    "table_row",
    "table_too_long",
    "table_unreadable",
    "throttled",
    "token_limit",
    "token_name",
    "too_many_downloads",
    "trash_unwritable",
    "upload_empty",
    "upload_gone",
    "upload_piece_number",
    "upload_quota",
    "upload_slice_missing",
    "upload_too_many",
    "upload_unknown",
    "upload_unwritable",
    "version_day",
    "version_days",
    "version_empty",
    "version_in_use",
    "version_licence",
    "version_limit",
    "version_name",
    "version_name_used",
    "version_not_yours",
    "version_taken",
    "version_unknown",
    "wall_closed",
    "wall_full",
    "wall_limit",
    "wall_title",
    "wall_unknown",
    "whole_number_unusable",
    "window_too_large",
    "writer_name",
]


class DigitNetError(Exception):
    """Base of this package's errors."""


class CodedError(DigitNetError):
    """An error that a visitor can meet; as text, it is enough for a log.

    `code` selects its sentence, and `values` fill the sentence's placeholders.
    """

    def __init__(self, code: ErrorCode, /, **values: str | int) -> None:
        super().__init__(code)
        self.code: ErrorCode = code
        self.values: Mapping[str, str | int] = MappingProxyType(values)

    def __str__(self) -> str:
        told = ", ".join(f"{name}: {value}" for name, value in self.values.items())
        words = self.code.replace("_", " ")
        return f"{words} ({told})" if told else words


class SettingsError(DigitNetError, ValueError):
    """A setting has a value that it cannot have."""


class StartError(DigitNetError):
    """The program cannot start here."""


class LanguageFileError(StartError):
    """A file of translations cannot be read, or has a translation that cannot be used."""


class MaintenanceError(DigitNetError):
    """A command cannot do its work; nothing was changed."""


class StorageError(CodedError):
    """The database or the disk failed; nothing half-done remains."""


class NoDatabaseError(StorageError):
    """There is no database yet, or no longer."""


class PersonGone(CodedError):
    """The person's account has ended while something was being done for them."""


class UnknownModel(DigitNetError):
    """No model of that name is in service."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name!r} in service.")
        self.name = name


class UnusableStoreError(StartError):
    """The program cannot start, because of what is wrong with its store."""

    def __init__(self, cause: StorageError, reason: str = "") -> None:
        super().__init__(f"the store cannot be used: {cause}")
        self.cause = cause
        self.reason = reason


class BusyError(CodedError):
    """The server is too busy; the request may be repeated later."""


class UploadError(CodedError):
    """Training data cannot be used as it was sent; nothing of it was stored."""


class AccountField(Enum):
    """The fields of the forms for an account."""

    NAME = "name"
    PASSWORD = "password"  # noqa: S105 (the name of a field)
    #: The present password, which a person who is logged in must confirm.
    PRESENT_PASSWORD = "present password"  # noqa: S105


class AccountError(CodedError, ValueError):
    """The value of `field` is invalid."""

    def __init__(self, code: ErrorCode, /, *, field: AccountField, **values: str | int) -> None:
        super().__init__(code, **values)
        self.field = field
