"""Convolution as matrix products: windows gathered to rows, and rows spread to windows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn.layers.base import Array
from cnn.layers.functional import windows

__all__ = ["correlate", "correlate_transposed", "gather"]

# Windows are gathered for as many pictures at a time as fit a core's cache: a
# matrix product fed from the cache runs about twice as fast as one fed from memory.
_COLUMNS_BYTES = 4 << 20
# Products are spread from the cache in the same way; they lie beside what they are added to.
_PRODUCTS_BYTES = 2 << 20


def gather(
    x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Iterator[tuple[slice, Array]]:
    """Yield the windows of some pictures at a time as rows (n·H'·W', K·K·C), in one buffer."""
    view = windows(x, size, stride)
    one = view[:1].size
    step = max(1, min(len(x), _COLUMNS_BYTES // max(one * x.itemsize, 1)))
    buffer = np.empty((step, *view.shape[1:]), x.dtype)
    for start in range(0, len(x), step):
        part = slice(start, min(start + step, len(x)))
        columns = buffer[: part.stop - start]
        np.copyto(columns, view[part])
        yield part, columns.reshape(-1, view.shape[3] * view.shape[4] * view.shape[5])


def correlate(x: Array, weight: Array, stride: tuple[int, int]) -> tuple[Array, Array | None]:
    """Slide `weight` (K, K, C, F) over padded pictures (N, H, W, C).

    Returns the result and, if all windows were gathered at once, the windows.
    """
    kh, kw, c, f = weight.shape
    height, width = (x.shape[1] - kh) // stride[0] + 1, (x.shape[2] - kw) // stride[1] + 1
    y = np.empty((len(x), height, width, f), x.dtype)
    matrix = weight.reshape(kh * kw * c, f)
    columns: Array | None = None
    for part, columns in gather(x, (kh, kw), stride):
        np.matmul(columns, matrix, out=y[part].reshape(-1, f))
    whole = columns is not None and len(columns) == len(x) * height * width
    return y, columns if whole else None


def correlate_transposed(x: Array, weight: Array, stride: tuple[int, int]) -> Array:
    """Spread every number of a batch over a window, and add up where windows overlap.

    The transposed map of `correlate`, which has the same kernels.

    Parameters
    ----------
    x : ndarray, (N, H, W, F)
        The batch.
    weight : ndarray, (K, K, C, F)
        The kernels.
    stride : (int, int)
        Rows and columns from one window to the next.

    Returns
    -------
    ndarray, (N, (H - 1) · stride + K, (W - 1) · stride + K, C)
    """
    (n, h, w, f), (kh, kw, c, _), (sh, sw) = x.shape, weight.shape, stride
    y = np.empty((n, (h - 1) * sh + kh, (w - 1) * sw + kw, c), x.dtype)
    taps = np.ascontiguousarray(weight.reshape(kh * kw, c, f).transpose(0, 2, 1))  # (K·K, F, C)
    one = kh * kw * h * w * c
    step = max(1, min(n, _PRODUCTS_BYTES // max(one * x.itemsize, 1)))
    buffer = np.empty(step * one, x.dtype)
    for start in range(0, n, step):
        part = x[start : start + step]
        rows = part.reshape(-1, f)  # (n·H·W, F)
        products = buffer[: len(part) * one].reshape(kh * kw, len(rows), c)
        np.matmul(rows, taps, out=products)
        _add_up(products.reshape(kh, kw, -1, h, w, c), stride, y[start : start + step])
    return y


def _add_up(products: Array, stride: tuple[int, int], y: Array) -> None:
    """Put the sums of overlapping windows into `y`; `products` are (K, K, n, H, W, C).

    Row h of the input meets row a + sh · b of the kernel in row a + sh · (h + b) of the
    result: rows and columns with the same remainder `a` are added up by themselves, as
    neighbours, and put into their places at the end.
    """
    (h, w), (sh, sw) = products.shape[3:5], stride
    for top in range(sh):
        for left in range(sw):
            place = y[:, top::sh, left::sw]
            own = products[top::sh, left::sw]  # (K / sh, K / sw, n, H, W, C)
            if own.shape[:2] == (1, 1):
                place[...] = own[0, 0]
                continue
            total = np.zeros(place.shape, y.dtype)
            for down, across in np.ndindex(own.shape[:2]):
                total[:, down : down + h, across : across + w] += own[down, across]
            place[...] = total
