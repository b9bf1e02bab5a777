"""Single layers for the course, computed by the library's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from app.errors import CodedError
from cnn.layers import (
    AveragePool2D,
    Conv2D,
    Layer,
    LeakyReLU,
    MaxPool2D,
    MinPool2D,
    ReLU,
    Sigmoid,
    Tanh,
)

__all__ = ["OperationError", "apply_operation"]

Array = npt.NDArray[Any]

_LONGEST = 28  # rows and columns of a picture
_WIDEST = 7  # rows and columns of a kernel or window

_POOLS: dict[str, Callable[..., Layer]] = {
    "max": MaxPool2D,
    "average": AveragePool2D,
    "min": MinPool2D,
}
_ACTIVATIONS: dict[str, Callable[[], Layer]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}


class OperationError(CodedError):
    """The operation is impossible."""


def apply_operation(content: Any) -> Array:
    """Apply an operation to a picture, (H, W) to (H', W').

    `content` has "picture", a list of rows, and "operation": "convolution" (with
    "kernel", a list of rows, "bias", "stride", "padding"), "max", "average", "min"
    (with "size", "stride", "padding"), "relu", "leaky_relu", "sigmoid" or "tanh".
    Raises OperationError for anything else.
    """
    if not isinstance(content, dict):
        raise OperationError("operation_without_picture")
    x = _matrix(content.get("picture"), "picture", _LONGEST)[:, :, None]
    layer = _make_layer(content)
    try:
        # Layers know which pictures they fit.
        layer.build(x.shape, rng=np.random.default_rng(0), dtype=np.float32)
    except ValueError as error:
        height, width, _ = x.shape
        raise OperationError("window_too_large", height=height, width=width) from error
    if isinstance(layer, Conv2D):
        kernel = _matrix(content.get("kernel"), "kernel", _WIDEST)
        layer.params["weight"] = kernel[:, :, None, None]
        layer.params["bias"] = np.array([_number(content, "bias", 0.0)], np.float32)
    y: Array = layer.forward(x[None])[0][0, :, :, 0]
    return y


def _make_layer(content: dict[str, Any]) -> Layer:
    given = content.get("operation")
    operation = given if isinstance(given, str) else ""
    stride, padding = _whole(content, "stride", 1, 1), _whole(content, "padding", 0, 0)
    if operation == "convolution":
        shape = _matrix(content.get("kernel"), "kernel", _WIDEST).shape
        return Conv2D(1, (shape[0], shape[1]), stride=stride, padding=padding)
    if operation in _POOLS:
        size = _whole(content, "size", 2, 1)
        stride = _whole(content, "stride", size, 1)
        try:
            return _POOLS[operation](size, stride=stride, padding=padding)
        except ValueError as error:
            raise OperationError("padding_too_large", padding=padding, size=size) from error
    if operation in _ACTIVATIONS:
        return _ACTIVATIONS[operation]()
    names = ", ".join(("convolution", *_POOLS, *_ACTIVATIONS))
    raise OperationError("operation_unknown", names=names)


def _matrix(given: Any, name: str, longest: int) -> Array:
    problem = OperationError("rows_unequal", name=name, most=longest)
    try:
        matrix = np.array(given, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise problem from error
    if matrix.ndim != 2 or not all(1 <= side <= longest for side in matrix.shape):
        raise problem
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 1e6:
        raise OperationError("numbers_too_large", name=name)
    return matrix.astype(np.float32)


def _number(content: dict[str, Any], name: str, default: float) -> float:
    value = content.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e6:
        raise OperationError("number_unusable", name=name)
    return float(value)


def _whole(content: dict[str, Any], name: str, default: int, least: int) -> int:
    value = content.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _WIDEST:
        raise OperationError("whole_number_unusable", name=name, least=least, most=_WIDEST)
    return value
