"""Generators with the networks that they learn from, by name, untrained.

Class and code go into a network together, as one vector: the code, then a one-hot row of the
class, which a dense layer without bias embeds (its rows are the embeddings). A row that is
between two classes is embedded between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod

from cnn.layers import (
    BatchNorm,
    Concatenate,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    Layer,
    LeakyReLU,
    Merge,
    ReLU,
    Sigmoid,
    Slice,
    Unflatten,
)
from cnn.models.graph import Graph
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["ADVERSARIES", "Adversaries", "dcgan", "doublings", "vae_gan"]

_Nodes = dict[str, tuple[Layer | Merge, str | tuple[str, ...]]]

_EMBEDDED = 32  # numbers that stand for a class
_MIXED = 128  # numbers in which code and class are mixed
_LARGEST_MAP = 8  # side of a generator's smallest map
_SMALLEST, _LARGEST = 16, 64  # sides of pictures


@dataclass(frozen=True, eq=False)
class Adversaries:
    """A generator, the discriminator that it deceives, and the encoder of codes, if there is one.

    Attributes
    ----------
    generator : Network
        Maps codes with classes, (D + classes,), to pictures (C, H, W); ends in `Sigmoid`.
    discriminator : Network
        Maps pictures to a score for each class, above 0 for a real picture of it.
    encoder : Network or None
        Maps pictures with classes, (C·H·W + classes,) as `Flatten` would lay them in a row, to
        means and logarithms of variances of codes, (2D,).
    classes, code : int
        How many classes there are, and D, the numbers of a code.

    Raises
    ------
    ValueError
        If the networks do not fit together.
    """

    generator: Network
    discriminator: Network
    encoder: Network | None
    classes: int
    code: int

    def __post_init__(self) -> None:
        if type(self.generator.last) is not Sigmoid:
            raise ValueError(f"a generator ends in Sigmoid, not in {self.generator.last!r}")
        shape = self.generator.output_shape
        expected = [
            (self.generator.input_shape, (self.code + self.classes,)),
            (self.discriminator.input_shape, shape),
            (self.discriminator.output_shape, (self.classes,)),
        ]
        if self.encoder is not None:
            size = prod(shape)
            expected.append((self.encoder.input_shape, (size + self.classes,)))
            expected.append((self.encoder.output_shape, (2 * self.code,)))
        if wrong := [f"{is_} is not {should}" for is_, should in expected if is_ != should]:
            raise ValueError(f"these networks do not fit together: {', '.join(wrong)}")

    @property
    def networks(self) -> dict[str, Network]:
        """The networks by name."""
        named = {"generator": self.generator, "discriminator": self.discriminator}
        return named if self.encoder is None else {**named, "encoder": self.encoder}


def dcgan(
    *, shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10, code: int = 100, seed: int = 0
) -> Adversaries:
    """Build the textbook's generator and discriminator, with classes.

    The generator: a dense layer to 128 channels of a quarter of the size; transposed 4×4
    convolutions of stride 2, with batch normalisation and ReLU between. The discriminator: 4×4
    convolutions of stride 2, of 64 and 128 filters, each with leaky ReLU.

    Parameters
    ----------
    shape : (int, int, int)
        Of a picture, (C, H, W). H and W are multiples of 4 up to 32 and of 8 up to 64.
    classes, code : int
        As for `Adversaries`.
    seed : int
        Where the initial weights come from.

    Raises
    ------
    ValueError
        If there is no such network for pictures of this size.

    References
    ----------
    Radford et al., "Unsupervised Representation Learning with Deep Convolutional Generative
    Adversarial Networks", 2016; Mirza & Osindero, "Conditional Generative Adversarial Nets",
    2014.
    """
    generator = _add_growth(_embed_class(code, classes), shape, 128, 64, deeper=False)
    layers = [*_shrink(64, 128), Flatten(), Dense(classes, initialiser="xavier")]
    return Adversaries(
        Graph(generator, input_shape=(code + classes,), seed=seed),
        Sequential(layers, input_shape=shape, seed=seed),
        None,
        classes,
        code,
    )


def vae_gan(
    *, shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10, code: int = 32, seed: int = 0
) -> Adversaries:
    """Build a variational autoencoder with classes, and a discriminator that sharpens it.

    The generator is that of `dcgan` with half the channels, a dense layer of 128 before the first,
    and one more convolution, 3×3, before they grow. The encoder has 4×4 convolutions of stride 2,
    of 32 and 64 filters, and a dense layer of 128, all with leaky ReLU; the discriminator the same
    convolutions, and one of 3×3.
    Parameters and errors are those of `dcgan`.

    References
    ----------
    Larsen et al., "Autoencoding beyond pixels using a learned similarity metric", 2016;
    Bao et al., "CVAE-GAN", 2017.
    """
    generator = _add_growth(_embed_class(code, classes), shape, 64, 32, deeper=True)
    judging = [*_shrink(32, 64), Conv2D(64, 3, padding=1), LeakyReLU(slope=0.2), Flatten()]
    judging.append(Dense(classes, initialiser="xavier"))
    return Adversaries(
        Graph(generator, input_shape=(code + classes,), seed=seed),
        Sequential(judging, input_shape=shape, seed=seed),
        _make_encoder(shape, classes, code, seed),
        classes,
        code,
    )


def _make_encoder(shape: tuple[int, int, int], classes: int, code: int, seed: int) -> Network:
    size = prod(shape)
    nodes: _Nodes = {
        "picture": (Slice(0, size), "input"),
        "class": (Slice(size, size + classes), "input"),
        "embedding": (_embed(), "class"),
    }
    row = [Unflatten(shape), *_shrink(32, 64), Flatten()]
    features = _add_row(nodes, "picture", row, "seen")
    nodes["joined"] = (Concatenate(), (features, "embedding"))
    last = [Dense(128), LeakyReLU(slope=0.2), Dense(2 * code, initialiser="xavier")]
    _add_row(nodes, "joined", last, "code")
    return Graph(nodes, input_shape=(size + classes,), seed=seed)


def _shrink(*filters: int) -> list[Layer]:
    layers: list[Layer] = []
    for count in filters:
        layers += [Conv2D(count, 4, stride=2, padding=1), LeakyReLU(slope=0.2)]
    return layers


def doublings(height: int, width: int) -> int:
    """Return how often a generator doubles its smallest map to make pictures of a size.

    Raises ValueError for a size, in pixels, that cannot be made.
    """
    times = 2 if max(height, width) <= 4 * _LARGEST_MAP else 3
    step = 2**times
    if height % step or width % step or not _SMALLEST <= min(height, width) <= _LARGEST:
        raise ValueError(
            f"pictures of {height}×{width} cannot be made: the size is a multiple of 4 from "
            f"{_SMALLEST} to {4 * _LARGEST_MAP}, or a multiple of 8 up to {_LARGEST}"
        )
    return times


def _embed() -> Layer:
    return Dense(_EMBEDDED, bias=False, initialiser="standard")


def _embed_class(code: int, classes: int) -> _Nodes:
    """Return the nodes that every generator begins with: the code beside the class embedded."""
    return {
        "code": (Slice(0, code), "input"),
        "class": (Slice(code, code + classes), "input"),
        "embedding": (_embed(), "class"),
        "joined": (Concatenate(), ("code", "embedding")),
    }


def _add_growth(
    nodes: _Nodes, shape: tuple[int, int, int], first: int, last: int, *, deeper: bool
) -> _Nodes:
    """Add the layers from "joined" to a picture (C, H, W), from `first` to `last` channels."""
    channels, height, width = shape
    times = doublings(height, width)
    step = 2**times
    smallest = (first, height // step, width // step)
    row: list[Layer] = [Dense(_MIXED, bias=False), BatchNorm(), ReLU()] if deeper else []
    row += [Dense(prod(smallest), bias=False), Unflatten(smallest), BatchNorm(), ReLU()]
    if deeper:
        row += [Conv2D(first, 3, padding=1, bias=False), BatchNorm(), ReLU()]
    double = partial(ConvTranspose2D, kernel_size=4, stride=2, padding=1)
    for left in reversed(range(times - 1)):
        row += [double(first if left else last, bias=False), BatchNorm(), ReLU()]
    row += [double(channels, initialiser="xavier"), Sigmoid()]
    _add_row(nodes, "joined", row, "made")
    return nodes


def _add_row(nodes: _Nodes, source: str, layers: list[Layer], name: str) -> str:
    """Add layers one after the other, and return the name of the last."""
    for number, layer in enumerate(layers):
        node = f"{name}-{number}"
        nodes[node] = (layer, source)
        source = node
    return source


#: What `python -m cnn train-generator --architecture` offers.
ADVERSARIES: dict[str, Callable[..., Adversaries]] = {"vae-gan": vae_gan, "dcgan": dcgan}
