"""Pure functions that layers and losses are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "channels_first",
    "channels_last",
    "log_softmax",
    "one_hot",
    "pad_or_crop",
    "same_padding",
    "sigmoid",
    "softmax",
    "windows",
]

Array = npt.NDArray[Any]


def channels_first(x: Array) -> Array:
    """Show pictures (N, H, W, C) as (N, C, H, W); return vectors (N, D) as they are."""
    return x.transpose(0, 3, 1, 2) if x.ndim == 4 else x


def channels_last(x: Array) -> Array:
    """Show pictures (N, C, H, W) as (N, H, W, C); return vectors (N, D) as they are."""
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def softmax(logits: Array) -> Array:
    """Turn scores into probabilities along the last axis.

    Parameters
    ----------
    logits : ndarray, (..., D)
        Scores of any size; the largest is subtracted first, so nothing overflows.

    Returns
    -------
    ndarray, (..., D)
        Numbers from 0 to 1 that add up to 1.
    """
    shifted: Array = logits - logits.max(axis=-1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=-1, keepdims=True)
    return shifted


def log_softmax(logits: Array) -> Array:
    """Return the logarithm of `softmax`, (..., D), without taking a logarithm of 0."""
    shifted: Array = logits - logits.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)) for an array of any shape, without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


def one_hot(labels: Array, classes: int, dtype: npt.DTypeLike = np.float32) -> Array:
    """Write class numbers as rows with a single 1.

    Parameters
    ----------
    labels : ndarray of int, (N,)
        Class numbers from 0 to `classes` - 1.
    classes : int
        How many there are.
    dtype : dtype
        Type of the result.

    Returns
    -------
    ndarray, (N, classes)

    Raises
    ------
    ValueError
        If `labels` is not a row of whole numbers in that range.
    """
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be whole numbers of shape (N,), got {labels.dtype} {labels.shape}"
        )
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(f"labels must lie in 0..{classes - 1}, got {labels.min()}..{labels.max()}")
    rows = np.zeros((len(labels), classes), dtype)
    rows[np.arange(len(labels)), labels] = 1
    return rows


def windows(x: Array, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    """Show every window of a batch, without copying a number.

    Parameters
    ----------
    x : ndarray, (N, H, W, C)
        The batch, already padded.
    size, stride : (int, int)
        Rows and columns of a window, and of the step to the next.

    Returns
    -------
    ndarray, (N, H', W', K, K', C)
        A read-only view; copied into one matrix it is what is called im2col.
    """
    (n, h, w, c), (kh, kw), (sh, sw) = x.shape, size, stride
    shape = (n, (h - kh) // sh + 1, (w - kw) // sw + 1, kh, kw, c)
    a, b, d, e = x.strides
    strides = (a, b * sh, d * sw, b, d, e)
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)


def same_padding(length: int, size: int, stride: int) -> tuple[int, int]:
    """Return the padding before and after that makes the output ceil(length / stride) long."""
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


def pad_or_crop(
    x: Array, rows: tuple[int, int], columns: tuple[int, int], *, value: float = 0.0
) -> Array:
    """Add a frame to a batch, or cut one away where a number is negative.

    Parameters
    ----------
    x : ndarray, (N, H, W, C)
        The batch.
    rows, columns : (int, int)
        How much to add before and after.
    value : float
        What the frame is filled with.

    Returns
    -------
    ndarray, (N, H + sum(rows), W + sum(columns), C)
        `x` itself where there is nothing to do.
    """
    if rows == columns == (0, 0):
        return x
    (top, bottom), (left, right) = rows, columns
    n, h, w, c = x.shape
    out = np.full((n, h + top + bottom, w + left + right, c), value, x.dtype)
    inner = x[:, max(-top, 0) : h - max(-bottom, 0), max(-left, 0) : w - max(-right, 0)]
    out[
        :,
        max(top, 0) : max(top, 0) + inner.shape[1],
        max(left, 0) : max(left, 0) + inner.shape[2],
    ] = inner
    return out
