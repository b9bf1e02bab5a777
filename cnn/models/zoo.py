"""Architectures by name, untrained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cnn.layers import (
    Add,
    BatchNorm,
    Concatenate,
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
    Softmax,
    Tanh,
    Unflatten,
    Upsample2D,
)
from cnn.models.graph import Graph
from cnn.models.sequential import Sequential

__all__ = [
    "ARCHITECTURES",
    "PICTURE_ARCHITECTURES",
    "context_reader",
    "digits",
    "discriminator",
    "encoder_decoder",
    "generator",
    "page_segmenter",
    "reference_digits",
    "row_reader",
    "small_vgg",
    "textbook",
    "two_convolutions",
    "vgg_like",
]

_Pair: TypeAlias = int | tuple[int, int]


def reference_digits(*, seed: int = 0) -> Sequential:
    """Build the reference network, of which all figures on speed are.

    Three convolutions, 3×3, of 32, 64 and 64 filters, the first two pooled; a dense
    layer of 128; softmax over 10. About 12 million floating-point operations for a
    picture, 36 million for a step of training.
    """
    layers: list[Layer] = []
    for filters, pooled in ((32, True), (64, True), (64, False)):
        layers += [Conv2D(filters, 3, padding=1), ReLU(), *([MaxPool2D(2)] if pooled else [])]
    layers += [Flatten(), Dense(128), ReLU(), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


def digits(*, seed: int = 0) -> Sequential:
    """Build the network of the digit model that ships.

    Pairs of 3×3 convolutions, each with batch normalisation and ReLU, at 28×28, 14×14
    and 7×7; the mean of each channel; dropout; softmax over 10.
    """
    layers: list[Layer] = []
    for block, filters in enumerate((32, 64, 128)):
        if block:
            layers.append(MaxPool2D(2))
        for _ in range(2):
            layers += [Conv2D(filters, 3, padding=1, bias=False), BatchNorm(), ReLU()]
    layers += [GlobalAveragePool2D(), Dropout(0.2), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


def two_convolutions(*, seed: int = 0) -> Sequential:
    """Build a network for colour pictures of 64×64 that keeps their size.

    Two 3×3 convolutions of 32 filters without padding, each with ReLU; softmax over 10.
    """
    layers: list[Layer] = [Conv2D(32, 3), ReLU(), Conv2D(32, 3), ReLU()]
    layers += [Flatten(), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(3, 64, 64), seed=seed)


def vgg_like(*, seed: int = 0) -> Sequential:
    """Build a network for colour pictures of 32×32, after VGG.

    Pairs of 3×3 convolutions of 32 and of 64 filters, each with batch normalisation and
    ReLU, each pair pooled; the mean of each channel; softmax over 10.

    References
    ----------
    Simonyan & Zisserman, "Very Deep Convolutional Networks", 2015.
    """
    layers: list[Layer] = []
    for filters in (32, 64):
        for _ in range(2):
            layers += [Conv2D(filters, 3, padding=1, bias=False), BatchNorm(), ReLU()]
        layers.append(MaxPool2D(2))
    layers += [GlobalAveragePool2D(), Dense(10, initialiser="xavier"), Softmax()]
    return Sequential(layers, input_shape=(3, 32, 32), seed=seed)


def discriminator(*, seed: int = 0) -> Sequential:
    """Build a network that gives pictures of 28×28 a score: above 0 for real, below for made.

    Two 5×5 convolutions of stride 2, of 64 and 128 filters, each with leaky ReLU.

    References
    ----------
    Radford et al., "Unsupervised Representation Learning with Deep Convolutional
    Generative Adversarial Networks", 2016.
    """
    layers: list[Layer] = []
    for filters in (64, 128):
        layers += [Conv2D(filters, 5, stride=2, padding=2), LeakyReLU(slope=0.2)]
    layers += [Flatten(), Dense(1, initialiser="xavier")]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


def generator(*, noise: int = 100, seed: int = 0) -> Sequential:
    """Build a network that makes pictures of 28×28, from -1 to 1, of random vectors.

    A dense layer to 128 channels of 7×7; two transposed 5×5 convolutions of stride 2, of 64
    filters and of 1; batch normalisation and ReLU between. The source is that of
    `discriminator`.

    Parameters
    ----------
    noise : int
        Length of a vector.
    seed : int
        Where the initial weights come from.
    """
    layers = [
        Dense(7 * 7 * 128, bias=False),
        Unflatten((128, 7, 7)),
        BatchNorm(),
        ReLU(),
        ConvTranspose2D(64, 5, stride=2, padding=2, output_padding=1, bias=False),
        BatchNorm(),
        ReLU(),
        ConvTranspose2D(1, 5, stride=2, padding=2, output_padding=1, initialiser="xavier"),
        Tanh(),
    ]
    return Sequential(layers, input_shape=(noise,), seed=seed)


def encoder_decoder(*, input_shape: tuple[int, int, int] = (1, 256, 256), seed: int = 0) -> Graph:
    """Build a network that answers yes or no for each pixel.

    Pairs of 3×3 convolutions, each with batch normalisation and ReLU, of 16, 32 and 64
    filters on the way down and of 32 and 16 on the way up again, where each pair also sees
    what the pair of the same size gave on the way down; a 1×1 convolution and sigmoid.

    Parameters
    ----------
    input_shape : (int, int, int)
        Shape of one input, (C, H, W); height and width are multiples of 4.
    seed : int
        Where the initial weights come from.

    References
    ----------
    Ronneberger et al., "U-Net", 2015.
    """
    nodes: dict[str, tuple[Layer | Merge, str | tuple[str, ...]]] = {}

    def add_pair(name: str, filters: int, source: str) -> str:
        for step in ("a", "b"):
            conv, norm, relu = (f"{name}{step}-{part}" for part in ("conv", "norm", "relu"))
            nodes[conv] = (Conv2D(filters, 3, padding=1, bias=False), source)
            nodes[norm] = (BatchNorm(), conv)
            nodes[relu] = (ReLU(), norm)
            source = relu
        return source

    first = add_pair("down1", 16, "input")
    nodes["pool1"] = (MaxPool2D(2), first)
    second = add_pair("down2", 32, "pool1")
    nodes["pool2"] = (MaxPool2D(2), second)
    source = add_pair("bottom", 64, "pool2")
    for name, filters, skipped in (("up2", 32, second), ("up1", 16, first)):
        nodes[f"{name}-larger"] = (Upsample2D(2), source)
        nodes[f"{name}-joined"] = (Concatenate(), (f"{name}-larger", skipped))
        source = add_pair(name, filters, f"{name}-joined")
    nodes["scores"] = (Conv2D(1, 1, initialiser="xavier"), source)
    nodes["answers"] = (Sigmoid(), "scores")
    return Graph(nodes, input_shape=input_shape, seed=seed)


def page_segmenter(*, side: int = 256, classes: int = 4, seed: int = 0) -> Graph:
    """Build the network that says for every point of a page what it is.

    A pyramid: a convolution of stride 2 and four halvings on the way down, each followed by
    3×3 convolutions with batch normalisation and ReLU; on the way up what was seen from afar is
    brought to as many channels by a 1×1 convolution, enlarged, and added to what was seen at that
    size. Softmax over the classes at half the input's size. About 190 million multiplications
    for a page, and 270,000 parameters.

    Parameters
    ----------
    side : int
        Of the input, (3, side, side); a multiple of 32.
    classes : int
        Number of classes of the output, (classes, side / 2, side / 2).
    seed : int
        Where the initial weights come from.

    References
    ----------
    Lin et al., "Feature Pyramid Networks for Object Detection", 2017.
    """
    nodes: dict[str, tuple[Layer | Merge, str | tuple[str, ...]]] = {}

    def convolve(name: str, filters: int, source: str, size: int = 3, stride: int = 1) -> str:
        convolution = Conv2D(filters, size, stride=stride, padding=size // 2, bias=False)
        nodes[f"{name}-conv"] = (convolution, source)
        nodes[f"{name}-norm"] = (BatchNorm(), f"{name}-conv")
        nodes[f"{name}-relu"] = (ReLU(), f"{name}-norm")
        return f"{name}-relu"

    sizes = (16, 24, 48, 64, 64)
    source = convolve("down1", sizes[0], "input", stride=2)
    seen = [source]
    for level, filters in enumerate(sizes[1:], 2):
        nodes[f"down{level}-pool"] = (MaxPool2D(2), source)
        source = convolve(f"down{level}a", filters, f"down{level}-pool")
        source = convolve(f"down{level}b", filters, source)
        seen.append(source)
    for level in range(len(sizes) - 1, 0, -1):
        filters = sizes[level - 1]
        if filters != sizes[level]:
            source = convolve(f"up{level}-fewer", filters, source, size=1)
        nodes[f"up{level}-larger"] = (Upsample2D(2), source)
        nodes[f"up{level}-sum"] = (Add(), (f"up{level}-larger", seen[level - 1]))
        source = convolve(f"up{level}", filters, f"up{level}-sum")
    nodes["scores"] = (Conv2D(classes, 1, initialiser="xavier"), source)
    nodes["answers"] = (Softmax(), "scores")
    return Graph(nodes, input_shape=(3, side, side), seed=seed)


def row_reader(
    *, input_shape: tuple[int, int, int] = (1, 32, 128), classes: int = 12, seed: int = 0
) -> Sequential:
    """Build the network that reads rows of digits that touch.

    3×3 convolutions with batch normalisation and ReLU, of 16 to 48 filters; the rows of the
    picture are halved three times, its columns once. A convolution over all rows that are left, and
    one of five columns, which looks to both sides; softmax over the classes for every second
    column. About 28 million multiplications for 32×128, and 94,000 parameters.

    Parameters
    ----------
    input_shape : (int, int, int)
        Of a row, (C, H, W); H is a multiple of 8.
    classes : int
        Number of classes of the output, (classes, 1, W / 2).
    seed : int
        Where the initial weights come from.
    """
    layers: list[Layer] = []

    def convolve(filters: int, size: _Pair = 3, padding: _Pair = 1) -> None:
        layers.extend([Conv2D(filters, size, padding=padding, bias=False), BatchNorm(), ReLU()])

    convolve(16)
    for filters, pooled in ((24, (2, 2)), (32, (2, 1)), (48, (2, 1))):
        layers.append(MaxPool2D(pooled))
        convolve(filters)
        convolve(filters)
    convolve(64, (input_shape[1] // 8, 1), 0)
    convolve(64, (1, 5), (0, 2))
    layers.extend([Dropout(0.1), Conv2D(classes, 1, initialiser="xavier"), Softmax()])
    return Sequential(layers, input_shape=input_shape, seed=seed)


def context_reader(
    *, input_shape: tuple[int, int, int] = (2, 32, 64), classes: int = 11, seed: int = 0
) -> Sequential:
    """Build the network that sees a piece of ink among those beside it.

    3×3 convolutions with batch normalisation and ReLU, of 16 to 48 filters; the picture is halved
    by the first one, and twice by pooling. A convolution of 64 filters over all that is left, and
    softmax. About 3.3 million multiplications for 2×32×64, and 124,000 parameters.

    Parameters
    ----------
    input_shape : (int, int, int)
        Of a picture, (C, H, W); H and W are multiples of 8.
    classes : int
        Number of classes.
    seed : int
        Where the initial weights come from.
    """
    layers: list[Layer] = []

    def convolve(filters: int, size: _Pair = 3, stride: int = 1, padding: int = 1) -> None:
        layers.append(Conv2D(filters, size, stride=stride, padding=padding, bias=False))
        layers.extend([BatchNorm(), ReLU()])

    convolve(16, stride=2)
    convolve(24)
    for filters in (32, 48):
        layers.append(MaxPool2D(2))
        convolve(filters)
    convolve(64, (input_shape[1] // 8, input_shape[2] // 8), padding=0)
    layers.extend([Flatten(), Dropout(0.2), Dense(classes, initialiser="xavier"), Softmax()])
    return Sequential(layers, input_shape=input_shape, seed=seed)


def textbook(
    *, input_shape: tuple[int, int, int], classes: int, head: str = "softmax", seed: int = 0
) -> Sequential:
    """Build the network with which textbooks begin: two convolutions and two dense layers.

    Two 3×3 convolutions of 32 filters, each with ReLU and pooled; dense 128 with ReLU.

    Parameters
    ----------
    input_shape : (int, int, int)
        Shape of one picture, (C, H, W).
    classes : int
        How many there are.
    head : {"softmax", "sigmoid"}
        The end: a probability for each class, or of the second of two.
    seed : int
        Where the initial weights come from.
    """
    layers: list[Layer] = []
    for _ in range(2):
        layers += [Conv2D(32, 3), ReLU(), MaxPool2D(2)]
    layers += [Flatten(), Dense(128), ReLU(), *_head(classes, head)]
    return Sequential(layers, input_shape=input_shape, seed=seed)


def small_vgg(
    *, input_shape: tuple[int, int, int], classes: int, head: str = "softmax", seed: int = 0
) -> Sequential:
    """Build a small network for photographs, after VGG, with batch normalisation.

    Pairs of 3×3 convolutions, each with batch normalisation and ReLU, and pooled: of 32, 64 and
    128 filters, and of 128 again until the map is no larger than 8×8; a map below 4×4 is pooled
    no more. The mean of each channel; dropout. Parameters are those of `textbook`.
    """
    side = min(input_shape[1:])
    pairs = [32, 64, 128]
    while side >> len(pairs) > 8:
        pairs.append(128)
    layers: list[Layer] = []
    for depth, filters in enumerate(pairs):
        for _ in range(2):
            layers += [Conv2D(filters, 3, padding=1, bias=False), BatchNorm(), ReLU()]
        if side >> depth >= 4:
            layers.append(MaxPool2D(2))
    layers += [GlobalAveragePool2D(), Dropout(0.3), *_head(classes, head)]
    return Sequential(layers, input_shape=input_shape, seed=seed)


def _head(classes: int, head: str) -> list[Layer]:
    if head == "sigmoid":
        if classes != 2:
            raise ValueError(f"one sigmoid tells two classes apart, not {classes}: take softmax")
        return [Dense(1, initialiser="xavier"), Sigmoid()]
    return [Dense(classes, initialiser="xavier"), Softmax()]


#: What `python -m cnn train --folder --architecture` offers.
PICTURE_ARCHITECTURES: dict[str, Callable[..., Sequential]] = {
    "small-vgg": small_vgg,
    "textbook": textbook,
}

#: What `python -m cnn train --architecture` offers.
ARCHITECTURES: dict[str, Callable[..., Sequential]] = {
    "digits": digits,
    "reference": reference_digits,
}
