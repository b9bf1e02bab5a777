"""What the page's forms ask for, as its address says it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.services.generating import Order

__all__ = ["COUNTS", "MOST_SHOWN", "MOST_UNUSUAL", "SEEDS", "Choices", "own_text"]

#: How many can be made at a time.
COUNTS = (20, 50, 100, 200, 500, 1000)
#: How many of them the page shows.
MOST_SHOWN = 100
#: Where the slider of the page ends.
MOST_UNUSUAL = 2.0
#: How many seeds the page chooses from.
SEEDS = 1_000_000

_COUNT = 100
_TEXT = "31415"
_DIGITS = "0123456789"


@dataclass(frozen=True)
class Choices:
    """Which digits, how many, how unusual, and the seed; what cannot be is as usual."""

    digits: str
    count: int
    spread: float
    seed: int

    @classmethod
    def read(cls, given: MultiDict[str, str], *, seed: int) -> Choices:
        """Read the query of the page's address; `seed` is for one that says none."""
        digits = "".join(digit for digit in _DIGITS if digit in given.getlist("digit"))
        count, own_seed = (_whole(given.get(name)) for name in ("count", "seed"))
        return cls(
            digits or _DIGITS,
            count if count in COUNTS else _COUNT,
            _spread(given.get("spread", "")),
            seed if own_seed is None or own_seed >= SEEDS else own_seed,
        )

    @property
    def shown(self) -> Order:
        """The order of what the page shows."""
        return Order(
            digits=tuple(map(int, self.digits)),
            count=min(self.count, MOST_SHOWN),
            spread=self.spread,
            seed=self.seed,
        )


def own_text(given: MultiDict[str, str]) -> str:
    """Return what is to be written in one's own hand, whether it can be or not."""
    return given.get("text", _TEXT)


def _whole(text: str | None) -> int | None:
    is_whole = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_whole and text else None


def _spread(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), MOST_UNUSUAL) if math.isfinite(value) else 1.0
