"""Settings of glibc's memory allocator; nothing is done elsewhere."""

from __future__ import annotations

import ctypes

__all__ = ["hand_memory_back", "set_up_memory"]

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# Bytes: smaller blocks are reused by the next picture, which is faster.
_LARGE, _KEPT = 8_000_000, 8_000_000
_HEAPS = 2


def set_up_memory() -> None:
    """Let all threads share two heaps, and return every large block when it is freed.

    It holds for the whole process, so programs call it first. By default glibc makes up to
    eight heaps for each core, each of which stays as large as it ever was, and keeps blocks of
    up to 32 MB after the first.
    """
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, _HEAPS)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)


def hand_memory_back() -> None:
    """Return free memory to the system, if the C library is glibc."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no such thing
        return None
    return library if hasattr(library, "malloc_trim") else None
