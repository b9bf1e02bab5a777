"""Buffers that are kept, and how pictures lie in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "WIDEST",
    "Call",
    "Layout",
    "ParameterCall",
    "Scratch",
    "Target",
    "fitted",
    "fitting",
    "in_memory",
    "in_stored_order",
    "like",
    "row_of_zeros",
    "stored",
    "widen",
]

Array = npt.NDArray[Any]
Call = Callable[[], object]


class ParameterCall(partial[object]):
    """A call on the way back that only the gradients of parameters need."""


#: Where results go: pairs of an index into the results and the view that takes them; see
#: `fitted`.
Target = list[tuple[Any, Array]]


_CACHE = 1 << 20  # bytes: of what a layer gives for all pictures that go through at once


def fitting(shapes: Iterable[tuple[int, ...]], most: int) -> int:
    """Return how many pictures may go through layers with outputs of these shapes at once."""
    largest = max(map(prod, shapes), default=1)
    return max(1, min(most, _CACHE // (np.dtype(np.float32).itemsize * largest)))


#: How many pixels `widen` puts in a row, at most.
WIDEST = 8

_ROW = 64  # pixels


def widen(y: Array) -> tuple[Array, int]:
    """Show contiguous (..., F) with several pixels in a row, and say how many: it goes faster."""
    filters = y.shape[-1]
    many = next(k for k in (WIDEST, 4, 2, 1) if y.size % (k * filters) == 0)
    return y.reshape(-1, many * filters), many


def fitted(x: Array, place: Any, view: Array) -> Array:
    """Return what a view of a `Target` takes, in its shape.

    A view with five axes, (N, H, 2, W / 2, C), has the even and the odd columns apart.
    """
    part: Array = x[place]
    if view.ndim == 5:
        n, height, width, *rest = part.shape
        part = part.reshape(n, height, width // 2, 2, *rest).swapaxes(2, 3)
    return part


def stored(pictures: Array) -> Array:
    """Show pictures (N, H, W, C) with the same pixels beside one another: (H, W, N, C)."""
    return pictures.transpose(1, 2, 0, 3)


def in_stored_order(pictures: Array) -> bool:
    """Say whether pictures (N, H, W, C) lie in memory, without gaps, as `stored` shows them."""
    return stored(pictures).flags.c_contiguous


def like(x: Array, scratch: Scratch, key: object, dtype: type = np.float32) -> Array:
    """Return a buffer in which the same numbers have the same places as in `x`, without gaps."""
    if x.ndim == 4 and in_stored_order(x):
        return scratch.pictures(key, x.shape, dtype)
    return scratch.get(key, x.shape, dtype)


def in_memory(view: Array) -> list[int]:
    """Return the axes of pictures (..., C), but for the last, as they lie in memory."""
    return sorted(range(view.ndim - 1), key=lambda axis: -abs(view.strides[axis]))


def row_of_zeros(view: Array) -> Array:
    """Return zeros that broadcast to a view (..., C), and lie in memory as it does.

    There are so many that NumPy works on long rows: with a single zero, it would not even
    use vector instructions.
    """
    order = in_memory(view)
    shape = [1] * len(order) + [view.shape[-1]]
    pixels = 1
    for axis in reversed(order):
        pixels *= view.shape[axis]
        if pixels <= _ROW:
            shape[axis] = view.shape[axis]
    zeros = np.zeros([shape[axis] for axis in [*order, -1]], np.float32)
    return np.moveaxis(zeros, range(len(order)), order)


class Scratch:
    """Buffers for one thread at a time, made when first asked for and kept.

    Attributes
    ----------
    version : int
        Changes when a buffer had to be replaced by a larger one: whoever has a view of the
        smaller one should ask again, so that all share one, which stays in the cache.
    """

    def __init__(self) -> None:
        self._buffers: dict[object, Array] = {}
        self.version = 0

    def get(self, key: object, shape: tuple[int, ...], dtype: type = np.float32) -> Array:
        """Return a buffer, zero at first; a smaller shape gets the beginning of a larger one."""
        size = prod(shape)
        buffer = self._buffers.get(key)
        if buffer is None or buffer.size < size:
            self.version += buffer is not None
            buffer = self._buffers[key] = np.zeros(size, dtype)
        return buffer[:size].reshape(shape)

    def pictures(self, key: object, shape: Sequence[int], dtype: type = np.float32) -> Array:
        """Return a buffer for pictures (N, H, W, C) that lie as `stored` shows them."""
        n, height, width, channels = shape
        return self.get(key, (height, width, n, channels), dtype).transpose(2, 0, 1, 3)


@dataclass(frozen=True)
class Layout:
    """How a step wants pictures (N, H, W, C) to lie in memory.

    Attributes
    ----------
    frame : ((int, int), (int, int))
        Zeros around each picture: (top, bottom), (left, right).
    split : bool
        Whether the same pixels of all pictures lie beside one another, and the even columns
        before the odd ones: (H, 2, W / 2, N, C).
    """

    frame: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    split: bool = False

    def make(
        self, scratch: Scratch, key: object, shape: tuple[int, ...], n: int
    ) -> tuple[Array, Target]:
        """Return a buffer for `n` pictures of a shape (or rows of it), and how to fill it.

        What is around the pictures is never written to, and so stays zero.
        """
        if len(shape) != 3:
            whole = scratch.get(key, (n, *shape))
            return whole, [(..., whole)]
        (top, bottom), (left, right) = self.frame
        height, width, channels = shape
        rows, columns = height + top + bottom, width + left + right
        if not self.split:
            whole = scratch.get(key, (n, rows, columns, channels))
            return whole, [(..., whole[:, top : top + height, left : left + width])]
        # By number: the pictures' pixels stand elsewhere among more of them.
        whole = scratch.get((key, n), (rows, 2, columns // 2, n, channels))
        if left == right == 1 and width % 2 == 0:
            # The odd columns follow the even ones of the frame at once: one view takes all.
            beside = whole.reshape(rows, columns, n, channels)[top : top + height, 1:-1]
            apart = beside.reshape(height, 2, width // 2, n, channels)[:, ::-1]
            return whole, [(..., np.moveaxis(apart, 3, 0))]
        target: Target = []
        for start in range(2):
            place, odd = divmod(start + left, 2)
            count = (width - start + 1) // 2
            inner = whole[top : top + height, odd, place : place + count]
            target.append((np.s_[:, :, start::2], np.moveaxis(inner, 2, 0)))
        return whole, target
