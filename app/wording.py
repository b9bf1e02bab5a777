"""Counts with their nouns."""

__all__ = ["counted"]


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return "1 picture" or "2,000 pictures"; `many` is an irregular plural."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
