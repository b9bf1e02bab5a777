"""The exceptions of the package: one base, and one class for each kind of fault."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = [
    "CNNError",
    "ChoiceError",
    "DataError",
    "ModelFileError",
    "PictureError",
    "PictureErrorCode",
]

PictureErrorCode: TypeAlias = Literal["not_a_picture", "truncated", "too_large"]


class CNNError(Exception):
    """The base of every error that the package raises on purpose."""


class ChoiceError(CNNError, ValueError):
    """What was chosen is not there: no such digit in a picture, no such stage."""


class DataError(CNNError, ValueError):
    """A data set is missing, incomplete or damaged; the message says what to do."""


class ModelFileError(CNNError, ValueError):
    """A model file is missing, damaged, or does not fit the network it is loaded into."""


class PictureError(CNNError, ValueError):
    """A picture cannot be read.

    Parameters
    ----------
    message : str
        What is wrong, for a person to read.
    code : {"not_a_picture", "truncated", "too_large"}
        The same for a program to read; kept as the attribute ``code``.
    """

    def __init__(self, message: str, *, code: PictureErrorCode) -> None:
        super().__init__(message)
        self.code: PictureErrorCode = code
