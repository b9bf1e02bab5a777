"""Memory that pictures leave behind, handed back to the system where glibc keeps it."""

from __future__ import annotations

import ctypes

__all__ = ["hand_memory_back", "return_large_blocks"]

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
# Bytes: below, what one picture leaves is taken up by the next, which is faster.
_LARGE, _KEPT = 8_000_000, 8_000_000


def return_large_blocks() -> None:
    """Let every large block go back to the system when it is freed.

    For programs, once at their start: it holds for the whole process. Elsewhere than on
    glibc nothing is done. By itself, glibc keeps blocks of up to 32 MB after the first.
    """
    library = _glibc()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)


def hand_memory_back() -> None:
    """Give all that is free back to the system; elsewhere than on glibc nothing is done."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no such thing
        return None
    return library if hasattr(library, "malloc_trim") else None
