"""Networks of this library as PyTorch modules with the same weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from cnn.layers import (
    Add,
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    LeakyReLU,
    MaxPool2D,
    Merge,
    ReLU,
    Sigmoid,
    Slice,
    Softmax,
    Tanh,
    Unflatten,
    Upsample2D,
)
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["make_twin"]

Array = npt.NDArray[Any]
Shape = tuple[int, ...]


class _GraphTwin(nn.Module):  # type: ignore[misc]
    """A graph's nodes as modules, run in their order."""

    def __init__(self, graph: Graph, depth: int | None) -> None:
        super().__init__()
        self._order = [(node.name, node.operation, node.inputs) for node in graph.nodes[:depth]]
        self._modules_by_name = nn.ModuleDict(
            {
                name: _make_module(layer)
                for name, layer, _ in self._order
                if not isinstance(layer, Merge)
            }
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values = {"input": x}
        for name, operation, inputs in self._order:
            some = [values[each] for each in inputs]
            if isinstance(operation, Merge):
                add = isinstance(operation, Add)
                values[name] = torch.stack(some).sum(0) if add else torch.cat(some, 1)
            else:
                values[name] = self._modules_by_name[name](some[0])
        return values[self._order[-1][0]]


class _Slice(nn.Module):  # type: ignore[misc]
    """Neighbouring numbers of a vector."""

    def __init__(self, layer: Slice) -> None:
        super().__init__()
        self._place = slice(layer.start, layer.stop)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, self._place]


def make_twin(network: Network, *, depth: int | None = None) -> nn.Module:
    """Return a module that computes the same, but for a softmax at the end.

    Of a graph the numbers of flattened pictures stand in PyTorch's order. `depth` is how many
    layers it has, as for `Network.forward`.
    """
    if isinstance(network, Graph):
        return _GraphTwin(network, depth)
    if not isinstance(network, Sequential):
        raise TypeError(f"there is no twin of a {type(network).__name__}")
    modules: list[nn.Module] = []
    layers = network.layers[:depth]
    for place, layer in enumerate(layers):
        before = layers[place - 1] if place else None
        after = layers[place + 1] if place + 1 < len(layers) else None
        if isinstance(layer, GlobalAveragePool2D):
            modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        elif not isinstance(layer, Softmax):
            modules.append(_make_module(layer, before, after))
    return nn.Sequential(*modules)


def _make_module(
    layer: Layer, before: Layer | None = None, after: Layer | None = None
) -> nn.Module:
    if isinstance(layer, Dense):
        return _make_linear(layer, before, after)
    if isinstance(layer, Conv2D | ConvTranspose2D):
        return _make_convolution(layer)
    if isinstance(layer, BatchNorm):
        kind = nn.BatchNorm1d if len(layer.input_shape) == 1 else nn.BatchNorm2d
        norm = kind(layer.input_shape[-1], eps=layer.epsilon)
        norm.weight.data = _tensor(layer.params["scale"])
        norm.bias.data = _tensor(layer.params["shift"])
        return norm
    if isinstance(layer, Dropout):
        return nn.Dropout(layer.rate)
    if isinstance(layer, Slice):
        return _Slice(layer)
    if isinstance(layer, Upsample2D):
        return nn.Upsample(scale_factor=layer.factor)
    if isinstance(layer, Unflatten):
        return nn.Unflatten(1, layer.shape)
    if isinstance(layer, LeakyReLU):
        return nn.LeakyReLU(layer.slope)
    if isinstance(layer, MaxPool2D):
        return nn.MaxPool2d(layer.size, layer.stride, layer.padding)
    plain: dict[type[Layer], type[nn.Module]] = {
        ReLU: nn.ReLU,
        Flatten: nn.Flatten,
        Sigmoid: nn.Sigmoid,
        Tanh: nn.Tanh,
    }
    return plain[type(layer)]()


def _make_convolution(layer: Conv2D | ConvTranspose2D) -> nn.Module:
    options: dict[str, Any] = {"stride": layer.stride, "bias": layer.bias}
    channels = layer.input_shape[2]
    if isinstance(layer, Conv2D):
        (top, bottom), (left, right) = layer.frame(layer.input_shape)
        if top != bottom or left != right:
            raise ValueError(f"PyTorch has no such padding: {layer!r}")
        size = layer.kernel_size
        module: Any = nn.Conv2d(channels, layer.filters, size, padding=(top, left), **options)
    else:
        options |= {"padding": layer.padding, "output_padding": layer.output_padding}
        module = nn.ConvTranspose2d(channels, layer.filters, layer.kernel_size, **options)
    module.weight.data = _tensor(layer.params["weight"].transpose(3, 2, 0, 1))
    if layer.bias:
        module.bias.data = _tensor(layer.params["bias"])
    made: nn.Module = module
    return made


def _make_linear(layer: Dense, before: Layer | None, after: Layer | None) -> nn.Module:
    weight = layer.params["weight"]  # (D, units)
    if isinstance(before, Flatten):
        height, width, channels = before.input_shape
        weight = weight.reshape(height, width, channels, -1).transpose(2, 0, 1, 3)
        weight = weight.reshape(layer.params["weight"].shape)
    if isinstance(after, Unflatten):
        shape = (len(weight), *after.output_shape)
        weight = weight.reshape(shape).transpose(0, 3, 1, 2).reshape(len(weight), -1)
    module = nn.Linear(*weight.shape, bias=layer.bias)
    module.weight.data = _tensor(weight.T)
    if layer.bias:
        module.bias.data = _tensor(layer.params["bias"])
    return module


def _tensor(array: Array) -> torch.Tensor:
    return torch.from_numpy(np.array(array, np.float32, order="C"))
