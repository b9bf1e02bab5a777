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
    "PictureError",
    "PictureErrorCode",
    "PictureErrorReason",
]

ChoiceErrorReason: TypeAlias = Literal["no_such_digit", "no_such_stage"]
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
    """What was chosen is not there.

    Parameters
    ----------
    message : str
        What is wrong, in English, for programmers and logs.
    reason : {"no_such_digit", "no_such_stage"}
        What a sentence for people is chosen by, in any language; kept as ``reason``. With
        `count`, how many digits there are, and `digit`; or with `stages`, those that
        there are.
    **values : str or int
        What the sentence says beside its words; kept as the read-only mapping ``values``.
    """

    def __init__(self, message: str, *, reason: ChoiceErrorReason, **values: str | int) -> None:
        super().__init__(message)
        self.reason: ChoiceErrorReason = reason
        self.values: Mapping[str, str | int] = MappingProxyType(values)


class DataError(CNNError, ValueError):
    """A data set is missing, incomplete or damaged; the message says what to do."""


class ModelFileError(CNNError, ValueError):
    """A model file is missing, damaged, or does not fit the network it is loaded into."""


class PictureError(CNNError, ValueError):
    """A picture cannot be read.

    Parameters
    ----------
    message : str
        What is wrong, in English, for programmers and logs.
    code : {"not_a_picture", "truncated", "too_large"}
        What a program decides by; kept as the attribute ``code``.
    reason : str
        What a sentence for people is chosen by, in any language; kept as ``reason``:
        "cannot_open" (with `path` and `problem`), "unknown_format", "damaged",
        "too_many_bytes" (with `size` and `most`), "too_many_pixels" (with
        `most`, in megapixels) or "too_much_work".
    **values : str or int
        What the sentence says beside its words; kept as the read-only mapping ``values``.
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
