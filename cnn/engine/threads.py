"""Threads that compute beside one another, each on a core of its own.

This library divides work among threads itself: a core that multiplies what lies in its
own cache is faster than several that share each product.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from threadpoolctl import ThreadpoolController

__all__ = ["shared_cores"]

_LIBRARIES = ThreadpoolController().select(user_api="blas").lib_controllers
_TURN = 1e-4  # seconds


class _Settings:
    """What belongs to the whole process: the first who comes changes it, the last puts it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = ExitStack()

    def change(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            for library in _LIBRARIES:
                # The other of its two lets only the first thread that ever came set anything.
                set_threads = getattr(library, "_real_set_num_threads", library.set_num_threads)
                self._before.callback(set_threads, library.get_num_threads())
                set_threads(1)
            self._before.callback(sys.setswitchinterval, sys.getswitchinterval())
            sys.setswitchinterval(min(_TURN, sys.getswitchinterval()))

    def put_back(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._before.close()


_SETTINGS = _Settings()


@contextmanager
def shared_cores() -> Iterator[None]:
    """Let BLAS use no threads of its own in here, and give waiting threads their turn soon.

    A thread that calls NumPy lets go of the interpreter, but often for less time than a
    waiting thread takes to wake up: that one finds it taken again. Only a wait longer than
    the switch interval makes sure of its turn, and 5 ms, the usual one, is very long here.
    """
    _SETTINGS.change()
    try:
        yield
    finally:
        _SETTINGS.put_back()
