"""The memory that the C library keeps for this process."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["share_heap"]

_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2


def share_heap() -> None:
    """Let all threads that are started after this share two heaps; does nothing without glibc.

    Of its own accord glibc gives threads up to eight heaps for each core, and each of them
    keeps the most that was ever needed in it at once: with hundreds of clients that send
    pictures, several times what all of them need together.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, _ARENAS)
