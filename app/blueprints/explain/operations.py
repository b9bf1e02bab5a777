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

__all__ = ["DEEPEST", "LONGEST", "OPERATIONS", "WIDEST", "OperationError", "apply_operation"]

Array = npt.NDArray[Any]

LONGEST = 32  # rows and columns of a picture
WIDEST = 7  # rows and columns of a kernel or window
DEEPEST = 4  # channels

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
OPERATIONS = ("convolution", *_POOLS, *_ACTIVATIONS)


class OperationError(CodedError):
    """The operation is impossible."""


def apply_operation(content: Any) -> Array:
    """Apply an operation to a picture, (H, W) to (H', W').

    `content` has "picture", a list of rows, and "operation": "convolution" (with
    "kernel", a list of rows, "bias", "stride", "padding"), "max", "average", "min"
    (with "size", "stride", "padding"), "relu", "leaky_relu", "sigmoid" or "tanh".
    In a picture of several channels, (H, W, C), each place of a row is a list of
    numbers, as it is in the kernel then: the one filter gives (H', W'), any other
    operation (H', W', C). Raises OperationError for anything else.
    """
    if not isinstance(content, dict):
        raise OperationError("operation_without_picture")
    picture = _array(content.get("picture"), "picture", LONGEST)
    x = np.atleast_3d(picture)
    layer = _make_layer(content)
    try:
        # Layers know which pictures they fit.
        layer.build(x.shape, rng=np.random.default_rng(0), dtype=np.float32)
    except ValueError as error:
        height, width, _ = x.shape
        raise OperationError("window_too_large", height=height, width=width) from error
    if isinstance(layer, Conv2D):
        kernel = np.atleast_3d(_array(content.get("kernel"), "kernel", WIDEST))
        if kernel.shape[2] != x.shape[2]:
            raise OperationError("channels_unequal", channels=x.shape[2])
        layer.params["weight"] = kernel[..., None]
        layer.params["bias"] = np.array([_number(content, "bias", 0.0)], np.float32)
    y: Array = layer.forward(x[None])[0][0]
    return y[:, :, 0] if y.shape[2] == 1 else y


def _make_layer(content: dict[str, Any]) -> Layer:
    given = content.get("operation")
    operation = given if isinstance(given, str) else ""
    stride, padding = _whole(content, "stride", 1, 1), _whole(content, "padding", 0, 0)
    if operation == "convolution":
        shape = _array(content.get("kernel"), "kernel", WIDEST).shape
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
    raise OperationError("operation_unknown", names=", ".join(OPERATIONS))


def _array(given: Any, name: str, longest: int) -> Array:
    """Return rows of numbers, or of lists of numbers, as (H, W) or (H, W, C)."""
    problem = OperationError("rows_unequal", name=name, most=longest)
    try:
        array = np.array(given, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise problem from error
    if array.ndim not in (2, 3) or not all(1 <= side <= longest for side in array.shape[:2]):
        raise problem
    if array.ndim == 3 and not 1 <= array.shape[2] <= DEEPEST:
        raise OperationError("channels_too_many", name=name, most=DEEPEST)
    if not np.isfinite(array).all() or np.abs(array).max() > 1e6:
        raise OperationError("numbers_too_large", name=name)
    return array.astype(np.float32)


def _number(content: dict[str, Any], name: str, default: float) -> float:
    value = content.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e6:
        raise OperationError("number_unusable", name=name)
    return float(value)


def _whole(content: dict[str, Any], name: str, default: int, least: int) -> int:
    value = content.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= WIDEST:
        raise OperationError("whole_number_unusable", name=name, least=least, most=WIDEST)
    return value
