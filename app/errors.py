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
    "WrongModel",
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
    "archives_waiting",
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
    "generator_missing",
    "idx_alone",
    "job_failed",
    "job_interrupted",
    "label_limit",
    "label_unknown",
    "log_without_database",
    "make_class",
    "make_class_missing",
    "make_digits",
    "make_fields",
    "make_long",
    "make_no_digit",
    "make_no_encoder",
    "make_number",
    "make_own_few",
    "make_places",
    "make_places_alone",
    "make_sample_blank",
    "make_samples",
    "make_several",
    "make_style",
    "make_way",
    "model_makes",
    "model_reads",
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
    "page_again",
    "page_beyond",
    "page_code",
    "page_corners",
    "page_count",
    "page_damaged",
    "page_no_picture",
    "page_nobody",
    "page_none",
    "page_other_own",
    "page_other_program",
    "page_other_sheet",
    "page_same",
    "page_small",
    "page_too_large",
    "page_two",
    "page_unclear",
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
    "pictures_augment",
    "pictures_class_name",
    "pictures_class_twice",
    "pictures_class_unknown",
    "pictures_classes",
    "pictures_digits",
    "pictures_few",
    "pictures_memory",
    "pictures_makes",
    "pictures_name",
    "pictures_no_folders",
    "pictures_no_training",
    "pictures_no_zip",
    "pictures_one_class",
    "pictures_other_classes",
    "pictures_parts_twice",
    "pictures_too_large",
    "pictures_too_many",
    "frames_waiting",
    "pictures_waiting",
    "redis_failing",
    "retrain_checkpoint",
    "retrain_class_unreadable",
    "retrain_digits_missing",
    "retrain_diverged",
    "retrain_examples",
    "retrain_keeps_rejector",
    "retrain_left_out",
    "retrain_mnist_missing",
    "retrain_model",
    "retrain_no_examples",
    "retrain_pictures",
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
    "run_files_beside",
    "run_files_large",
    "run_first",
    "run_goes_on",
    "run_interrupted",
    "run_nothing",
    "run_only_digits",
    "run_overtaken",
    "run_overtaken_first",
    "run_published",
    "run_published_first",
    "run_unknown",
    "run_unwritable",
    "run_version",
    "run_without_model",
    "run_worse",
    "sheet_carries",
    "sheet_columns",
    "sheet_count",
    "sheet_impossible",
    "sheet_kind",
    "sheet_layout",
    "sheet_letters",
    "sheet_limit",
    "sheet_names",
    "sheet_no_carries",
    "sheet_no_files",
    "sheet_option",
    "sheet_options",
    "sheet_page_named",
    "sheet_page_unknown",
    "sheet_paper",
    "sheet_pdf",
    "sheet_range",
    "sheet_sheets",
    "sheet_table_answer",
    "sheet_table_columns",
    "sheet_table_question",
    "sheet_table_row",
    "sheet_table_unreadable",
    "sheet_text",
    "sheet_text_wide",
    "sheet_too_wide",
    "sheet_unknown",
    "sheet_uploads",
    "sheet_whole",
    "sheet_written",
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


class WrongModel(CodedError):
    """A model of that name is in service, but it does something else than it is asked for."""


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
