"""What a network's training is drawn from: two curves on one axis."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Curves"]


@dataclass(frozen=True)
class Curves:
    """Two series over the epochs, each of two values or more, and the ends of their axis."""

    name: str
    first: tuple[float, ...]
    second: tuple[float, ...]
    lowest: float
    highest: float

    @classmethod
    def of(cls, name: str, first: tuple[float, ...], second: tuple[float, ...]) -> Curves:
        """Return curves whose axis is as long as their values need it."""
        return cls(name, first, second, min(first + second), max(first + second))

    @property
    def rows(self) -> list[tuple[float, float]]:
        """The values of each epoch."""
        return list(zip(self.first, self.second, strict=True))

    def points(self, values: tuple[float, ...], width: int, height: int) -> str:
        """Return values as the points of an SVG line in a box of so many units."""
        span = self.highest - self.lowest or 1
        across = width / (len(values) - 1)
        return " ".join(
            f"{number * across:.1f},{height * (self.highest - value) / span:.1f}"
            for number, value in enumerate(values)
        )
