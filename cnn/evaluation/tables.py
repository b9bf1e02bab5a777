"""Tables of text."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["percent", "table"]


def percent(share: float | None) -> str:
    """Format a share as a percentage with two decimals, and None as a dash."""
    return "–" if share is None else f"{share:.2%}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Align columns, the first to the left and the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if column == 0 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
