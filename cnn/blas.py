"""Matrix products on the calling thread alone.

This library divides work among threads itself: a core that multiplies what lies in its
own cache is faster than several that share each product. The number of threads belongs
to the whole process, so it is put back when the last user has finished.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]

_lock = threading.Lock()
_libraries = ThreadpoolController().select(user_api="blas").lib_controllers
_users = 0
_before: list[int] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS use no threads of its own in here; any number of threads may do so at once."""
    global _users, _before
    with _lock:
        if not _users:
            _before = [library.get_num_threads() for library in _libraries]
            for library in _libraries:
                library.set_num_threads(1)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                for library, threads in zip(_libraries, _before, strict=True):
                    library.set_num_threads(threads)
