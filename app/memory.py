"""The memory that the C library keeps for this process, where that is glibc."""

from __future__ import annotations

import ctypes

__all__ = ["hand_memory_back", "set_up_memory"]

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# Bytes: below, what one picture leaves is taken up by the next, which is faster.
_LARGE, _KEPT = 8_000_000, 8_000_000
_HEAPS = 2


def set_up_memory() -> None:
    """Let all threads share two heaps, and every large block go back when it is freed.

    For programs, first of all: it holds for the whole process. Of its own accord glibc gives
    threads up to eight heaps for each core, each of which keeps the most that was ever needed
    in it at once, and keeps blocks of up to 32 MB after the first.
    """
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, _HEAPS)
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
