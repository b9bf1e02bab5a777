"""Matrix products on the calling thread alone.

This library divides work among threads itself: a core that multiplies what lies in its
own cache is faster than several that share each product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]

_BLAS = ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS use no threads of its own in here.

    The number belongs to the whole process and is put back by who has changed it. Who
    comes while it is changed already may see it put back early: that costs time, but
    nothing else.
    """
    if all(library.get_num_threads() == 1 for library in _BLAS.lib_controllers):
        yield
        return
    with _BLAS.limit(limits=1):
        yield
