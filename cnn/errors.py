"""The exceptions of the package: one base, and one class for each kind of fault."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

__all__ = [
    "CNNError",
    "ChoiceError",
    "ChoiceErrorReason",
    "DataError",
    "ModelFileError",
    "NoReadablePicture",
    "PictureError",
    "PictureErrorCode",
    "PictureErrorReason",
]

ChoiceErrorReason: TypeAlias = Literal[
    "no_page_network", "no_such_digit", "no_such_stage", "not_in_a_row", "picture_as_a_whole"
]
PictureErrorCode: TypeAlias = Literal["not_a_picture", "truncated", "too_large"]
PictureErrorReason: TypeAlias = Literal[
    "cannot_open",
    "unknown_format",
    "damaged",
    "too_many_bytes",
    "too_many_pixels",
    "too_much_work",
]


class CNNError(Exception):
    """The base of every error that the package raises on purpose."""


class ChoiceError(CNNError, ValueError):
    """There is no such digit, stage or network.

    Parameters
    ----------
    message : str
        What is wrong, in English, for programmers and logs.
    reason : str
        The reason, for a sentence in any language, one of `ChoiceErrorReason`; kept as ``reason``.
        "no_such_digit" has the values `count`, the number of digits, and `digit`;
        "no_such_stage" has `stages`, the names of all stages.
    **values : str or int
        Values for the sentence; kept as the read-only mapping ``values``.
    """

    def __init__(self, message: str, *, reason: ChoiceErrorReason, **values: str | int) -> None:
        super().__init__(message)
        self.reason: ChoiceErrorReason = reason
        self.values: Mapping[str, str | int] = MappingProxyType(values)


class DataError(CNNError, ValueError):
    """A data set is missing, incomplete or damaged; the message says what to do."""


class NoReadablePicture(DataError):
    """None of a class's files is a readable picture; `folder` is the class's."""

    def __init__(self, message: str, *, folder: str) -> None:
        super().__init__(message)
        self.folder = folder


class ModelFileError(CNNError, ValueError):
    """A model file is missing, damaged, or does not fit the network it is loaded into."""


class PictureError(CNNError, ValueError):
    """A picture cannot be read.

    Parameters
    ----------
    message : str
        What is wrong, in English, for programmers and logs.
    code : {"not_a_picture", "truncated", "too_large"}
        The kind of error, for programs; kept as the attribute ``code``.
    reason : str
        The reason, for a sentence in any language; kept as ``reason``:
        "cannot_open" (with `path` and `problem`), "unknown_format" (with
        `formats`, those that are read), "damaged", "too_many_bytes" (with
        `size` and `most`), "too_many_pixels" (with `most`, in megapixels) or
        "too_much_work".
    **values : str or int
        Values for the sentence; kept as the read-only mapping ``values``.
    """

    def __init__(
        self,
        message: str,
        *,
        code: PictureErrorCode,
        reason: PictureErrorReason,
        **values: str | int,
    ) -> None:
        super().__init__(message)
        self.code: PictureErrorCode = code
        self.reason: PictureErrorReason = reason
        self.values: Mapping[str, str | int] = MappingProxyType(values)
