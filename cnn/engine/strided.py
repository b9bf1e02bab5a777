"""Winograd's algorithm for convolutions of stride 2 with kernels of 4×4 to 6×6.

The pixels of the input fall into four phases: even and odd lines, even and odd columns.
Taken as four times as many channels, they are convolved with stride 1 by a kernel of 3×3,
to which each phase contributes every second line and column of the kernel: that is
`cnn.engine.winograd`. A 5×5 kernel has only two odd lines, and then a phase of odd lines has
nothing to add to the last of each four lines of products: 49 multiplications are left of
100 for four outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.memory import Layout, Scratch, Target
from cnn.engine.winograd import Winograd
from cnn.layers import Conv2D

__all__ = ["StridedWinograd", "by_phase"]

Array = npt.NDArray[Any]

# In this order the phases of even lines are neighbours, and so are those of even columns.
_PHASES = ((0, 1), (0, 0), (1, 0), (1, 1))
_EVEN_ROWS, _EVEN_COLUMNS, _BOTH_EVEN = (0, 2), (1, 3), (1, 2)
_CORNER = 2  # padding at the top and on the left; kernels with less get lines of zeros before
_LARGEST = 6


@dataclass(frozen=True)
class _PhaseLayout(Layout):
    """Pictures in phases, (I, 2, J / 2, n, 4 · C), even columns J before odd ones.

    Attributes
    ----------
    corner : (int, int)
        Padding at the top and on the left.
    lines : (int, int)
        I and J.
    """

    corner: tuple[int, int] = (_CORNER, _CORNER)
    lines: tuple[int, int] = (0, 0)

    def make(
        self, scratch: Scratch, key: object, shape: tuple[int, ...], n: int
    ) -> tuple[Array, Target]:
        """Return a buffer for n pictures, and the views of it that take them."""
        (rows, columns), (height, width, channels) = self.lines, shape
        whole = scratch.get((key, n), (rows, 2, columns // 2, n, 4 * channels))
        target: Target = []
        for block, (p, q) in enumerate(_PHASES):
            own = whole[..., block * channels : (block + 1) * channels]
            row = (p - self.corner[0]) % 2
            top = (row + self.corner[0]) // 2
            down = len(range(row, height, 2))
            for odd in range(2):
                column = (q + 2 * odd - self.corner[1]) % 4
                left = (column + self.corner[1]) // 4
                across = len(range(column, width, 4))
                view = own[top : top + down, odd, left : left + across]
                target.append((np.s_[:, row::2, column::4], np.moveaxis(view, 2, 0)))
        return whole, target


class StridedWinograd(Winograd):
    """A convolution of stride 2.

    Parameters
    ----------
    layer : Conv2D
        One that `fits`.
    """

    def __init__(self, layer: Conv2D) -> None:
        height, width, filters = layer.output_shape
        self._channels = layer.input_shape[2]
        super().__init__(height, width, 4 * self._channels, filters)
        self._picture = layer.input_shape
        corner, self._before = _corner_and_zeros(layer)
        self._corner = corner
        self._kernel_size = layer.kernel_size
        self._stacked = np.zeros((3, 3, 4 * self._channels, filters), np.float32)
        self._stacked_gradient = np.empty_like(self._stacked)
        self._gradient = np.empty((*layer.kernel_size, self._channels, filters), np.float32)
        # Copies of such large matrices would take longer than the products gain by them.
        self.transposed = self.matrices.swapaxes(1, 2)
        down, across = self.cells
        self.layout: Layout = _PhaseLayout(corner=corner, lines=(2 * down + 2, 2 * across + 2))
        rows, columns = (
            zeros + size == _LARGEST
            for zeros, size in zip(self._before, layer.kernel_size, strict=True)
        )
        every = (0, 4)
        both = {
            (False, False): _BOTH_EVEN,
            (False, True): _EVEN_ROWS,
            (True, False): _EVEN_COLUMNS,
            (True, True): every,
        }[rows, columns]
        self.used = [
            (points, slice(first * self._channels, last * self._channels))
            for points, (first, last) in (
                (np.s_[:3, :3], every),
                (np.s_[3:, :3], every if rows else _EVEN_ROWS),
                (np.s_[:3, 3:], every if columns else _EVEN_COLUMNS),
                (np.s_[3:, 3:], both),
            )
        ]

    @staticmethod
    def fits(layer: Conv2D) -> bool:
        """Say whether a convolution can be computed in this way."""
        if layer.stride != (2, 2):
            return False
        corner, before = _corner_and_zeros(layer)
        for axis in range(2):
            size = before[axis] + layer.kernel_size[axis]
            cells = (layer.output_shape[axis] + 1) // 2
            last = layer.input_shape[axis] - 1 + corner[axis]
            # The gradient of the input has 2 · cells lines of each phase, from the second on.
            if not (4 < size <= _LARGEST and corner[axis] <= 3 and last // 2 <= 2 * cells):
                return False
        return True

    def set_weight(self, weight: Array, *, training: bool = False) -> None:
        """Take over kernels (K, K, C, F); see `Winograd.set_weight`."""
        for part, place in self._parts(self._stacked):
            part[...] = weight[place]
        self.spread(self._stacked)

    def weight_gradient(self, gradient: Array) -> Array:
        """Return the gradient of the kernels (K, K, C, F), given that of `matrices`."""
        self.gather_weight(gradient, self._stacked_gradient)
        for part, place in self._parts(self._stacked_gradient):
            self._gradient[place] = part
        return self._gradient

    def _parts(self, stacked: Array) -> Iterator[tuple[Array, tuple[int, int]]]:
        """Yield each kernel (C, F) that stands in one of 3×3 with all phases, and its place."""
        for row, column in product(*map(range, self._kernel_size)):
            a, p = divmod(self._before[0] + row, 2)
            b, q = divmod(self._before[1] + column, 2)
            first = _PHASES.index((p, q)) * self._channels
            yield stacked[a, b, first : first + self._channels], (row, column)

    def unpack(
        self, places: Array, scratch: Scratch
    ) -> tuple[Array, Sequence[tuple[Array, Array]]]:
        """Return a buffer for pictures (n, H, W, C), and pairs of parts of it and of `places`."""
        _, _, down, across, n, _ = places.shape
        channels, (height, width, _) = self._channels, self._picture
        shape = (n, 4 * down, 4 * across, channels)
        whole = scratch.pictures("dx", shape)
        pixels = whole.transpose(1, 2, 0, 3).reshape(down, 2, 2, across, 2, 2, n, channels)
        pairs = []
        for block, (p, q) in enumerate(_PHASES):
            own = places[..., block * channels : (block + 1) * channels]
            pairs.append((pixels[:, :, p, :, :, q], own.transpose(2, 0, 3, 1, 4, 5)))
        top, left = (corner - _CORNER for corner in self._corner)
        return whole[:, top : top + height, left : left + width], pairs


def by_phase(target: Target, cells: Array) -> Iterator[tuple[Array, Array]]:
    """Pair the views of the layout of a `StridedWinograd` with the same pixels by cell.

    `cells` are (2, 2, down, across, n, C), as for `cnn.engine.winograd.by_cell`.
    """
    for (_, rows, columns), view in target:
        half, odd = divmod(columns.start, 2)
        source = np.moveaxis(cells[rows.start, odd, :, half::2], 2, 0)
        yield view, source[:, : view.shape[1], : view.shape[2]]


def _corner_and_zeros(layer: Conv2D) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return a padding at the top and on the left, and the zeros that the kernel needs for it."""
    rows, columns = layer.frame(layer.input_shape)
    padding = rows[0], columns[0]
    before = max(0, _CORNER - padding[0]), max(0, _CORNER - padding[1])
    return (padding[0] + before[0], padding[1] + before[1]), before
