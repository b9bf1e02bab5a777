"""Threads that compute beside one another, each on a core of its own.

This library divides work among threads itself: a core that multiplies what lies in its
own cache is faster than several that share each product.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

__all__ = ["shared_cores"]

_LIBRARIES = ThreadpoolController().select(user_api="blas").lib_controllers
_TURN = 1e-4  # seconds


@contextmanager
def shared_cores() -> Iterator[None]:
    """Let BLAS use no threads of its own in here, and give waiting threads their turn soon.

    A thread that calls NumPy lets go of the interpreter, but often for less time than a
    waiting thread takes to wake up: that one finds it taken again. Only a wait longer than
    the switch interval makes sure of its turn, and 5 ms, the usual one, is very long here.

    Both settings belong to the whole process and are put back by who has changed them. Who
    comes while they are changed already may see them put back early: that costs time, but
    nothing else.
    """
    many = [library.get_num_threads() for library in _LIBRARIES]
    interval = sys.getswitchinterval()
    if max(many, default=1) == 1 and interval <= _TURN:
        yield
        return
    for library in _LIBRARIES:
        library.set_num_threads(1)
    sys.setswitchinterval(min(_TURN, interval))
    try:
        yield
    finally:
        for library, threads in zip(_LIBRARIES, many, strict=True):
            library.set_num_threads(threads)
        sys.setswitchinterval(interval)
