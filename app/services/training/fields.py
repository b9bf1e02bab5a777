"""Reading of what a run is asked to be, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import CodedError

__all__ = ["TrainingError", "amount", "choose", "flag", "whole"]


class TrainingError(CodedError):
    """A run cannot be so, or did not come to an end."""


def choose(given: Mapping[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    """Return one of some choices, or the default; raises TrainingError."""
    value = given.get(name, default)
    if value not in choices:
        raise TrainingError("run_choice", name=name, choices=", ".join(choices))
    return str(value)


def flag(given: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """Return true or false, or the default; raises TrainingError."""
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise TrainingError("run_choice", name=name, choices="true, false")
    return value


def whole(given: Mapping[str, Any], name: str, most: int) -> int | None:
    """Return a whole number of at least 1, or None; raises TrainingError."""
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= most:
        raise TrainingError("whole_number_unusable", name=name, least=1, most=most)
    return value


def amount(name: str, value: Any, least: float, most: float) -> float:
    """Return a number from the least to the most; raises TrainingError."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # nor is NaN between them
        raise TrainingError("run_amount", name=name, least=_plain(least), most=_plain(most))
    return float(value)


def _plain(number: float) -> str:
    return f"{number:f}".rstrip("0").rstrip(".")
