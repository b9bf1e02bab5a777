"""The reference network as first programs do it: float64, im2col by index, scatter-add.

A few lines of our own in the manner of the original, to have something to compare with.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import cnn


class OriginalNetwork:
    """Takes the weights of the reference network."""

    def __init__(self, network: cnn.Sequential) -> None:
        # Kernels as (F, C·K·K), dense weights for channels-first order.
        self.params: list[list[np.ndarray]] = []
        for place in (0, 3, 6, 9, 11):
            layer = network.layers[place].params
            weight, bias = layer["weight"].astype(np.float64), layer["bias"].astype(np.float64)
            if weight.ndim == 4:
                weight = weight.transpose(3, 2, 0, 1).reshape(weight.shape[3], -1)
            elif len(weight) == 3136:
                weight = weight.reshape(7, 7, 64, 128).transpose(2, 0, 1, 3).reshape(3136, 128)
            self.params.append([weight, bias])
        self.moments = [
            [(np.zeros_like(p), np.zeros_like(p)) for p in pair] for pair in self.params
        ]
        self.steps = 0

    def predict(self, x: np.ndarray) -> np.ndarray:
        scores = self.forward(x)[0]
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
        return probabilities

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, list[Any]]:
        y, caches = x.astype(np.float64), []
        for place in range(3):
            y, cache = convolve(y, *self.params[place])
            positive = y > 0
            y = y * positive
            pooled = None
            if place < 2:
                y, pooled = pool(y)
            caches.append((cache, positive, pooled))
        flat = y.reshape(len(y), -1)
        hidden = flat @ self.params[3][0] + self.params[3][1]
        active = np.maximum(hidden, 0)
        return active @ self.params[4][0] + self.params[4][1], [*caches, flat, active, y.shape]

    def train(self, x: np.ndarray, labels: np.ndarray, size: int) -> None:
        for start in range(0, len(x), size):
            self.step(x[start : start + size], labels[start : start + size])

    def step(self, x: np.ndarray, labels: np.ndarray) -> None:
        scores, (*convs, flat, active, shape) = self.forward(x)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        dy = powers / powers.sum(axis=1, keepdims=True)
        dy[np.arange(len(dy)), labels] -= 1
        dy /= len(dy)
        grads = [[active.T @ dy, dy.sum(axis=0)]]
        dy = dy @ self.params[4][0].T * (active > 0)
        grads.insert(0, [flat.T @ dy, dy.sum(axis=0)])
        dy = (dy @ self.params[3][0].T).reshape(shape)
        for place in (2, 1, 0):
            cache, positive, pooled = convs[place]
            if pooled is not None:
                dy = unpool(dy, pooled)
            dy, weight, bias = convolve_back(dy * positive, cache, self.params[place][0])
            grads.insert(0, [weight, bias])
        self.update(grads)

    def update(self, grads: list[list[np.ndarray]]) -> None:
        self.steps += 1
        for pair, grad, moments in zip(self.params, grads, self.moments, strict=True):
            for param, gradient, (mean, square) in zip(pair, grad, moments, strict=True):
                mean += 0.1 * (gradient - mean)
                square += 0.001 * (gradient**2 - square)
                corrected = mean / (1 - 0.9**self.steps)
                param -= 0.001 * corrected / (np.sqrt(square / (1 - 0.999**self.steps)) + 1e-8)


def indices(channels: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = np.tile(np.repeat(np.arange(3), 3), channels)[:, None]
    columns = np.tile(np.arange(3), 3 * channels)[:, None]
    rows = rows + np.repeat(np.arange(height), width)
    columns = columns + np.tile(np.arange(width), height)
    return np.repeat(np.arange(channels), 9)[:, None], rows, columns


def convolve(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, tuple[Any, ...]]:
    n, channels, height, width = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    places = indices(channels, height, width)
    columns = padded[(slice(None), *places)].transpose(1, 2, 0).reshape(channels * 9, -1)
    y = weight @ columns + bias[:, None]
    y = y.reshape(len(weight), height * width, n).transpose(2, 0, 1)
    return y.reshape(n, len(weight), height, width), (columns, places, padded.shape)


def convolve_back(
    dy: np.ndarray, cache: tuple[Any, ...], weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns, places, shape = cache
    flat = dy.reshape(*dy.shape[:2], -1).transpose(1, 2, 0).reshape(len(weight), -1)
    spread = (weight.T @ flat).reshape(len(columns), -1, len(dy)).transpose(2, 0, 1)
    dx = np.zeros(shape)
    np.add.at(dx, (slice(None), *places), spread)
    return dx[:, :, 1:-1, 1:-1], flat @ columns.T, flat.sum(axis=1)


def pool(x: np.ndarray) -> tuple[np.ndarray, tuple[Any, ...]]:
    n, channels, height, width = x.shape
    cells = x.reshape(n, channels, height // 2, 2, width // 2, 2).transpose(0, 1, 2, 4, 3, 5)
    cells = cells.reshape(n, channels, height // 2, width // 2, 4)
    return cells.max(axis=-1), (cells.argmax(axis=-1), x.shape)


def unpool(dy: np.ndarray, cache: tuple[Any, ...]) -> np.ndarray:
    winners, (n, channels, height, width) = cache
    cells = np.zeros((*dy.shape, 4))
    np.put_along_axis(cells, winners[..., None], dy[..., None], axis=-1)
    cells = cells.reshape(n, channels, height // 2, width // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5)
    return cells.reshape(n, channels, height, width)
