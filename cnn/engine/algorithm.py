"""How a convolution is computed: the one place that chooses, for inference and training."""

from __future__ import annotations

from enum import Enum

from cnn.engine.strided import StridedWinograd
from cnn.engine.transposed import find_convolution
from cnn.layers import Conv2D, ConvTranspose2D

__all__ = ["Algorithm", "choose_algorithm", "choose_transposed_algorithm"]

_FEW_CHANNELS = 4
_MANY_CHANNELS = 64
_STRIDED_CHANNELS = 16  # Winograd's algorithm for stride 2 pays from so many on
_STRIDED_KERNEL = 5  # and kernels of so many rows and columns: smaller ones multiply as often
_FRAMES = (((0, 0), (0, 0)), ((1, 1), (1, 1)))


class Algorithm(Enum):
    """Ways to compute a convolution."""

    WINDOWS = "a product with the matrix of all windows (im2col)"
    PATCHES = "the same with patches of several windows: `cnn.engine.patches`"
    WINOGRAD = "fewer multiplications for 3×3 kernels: `cnn.engine.winograd`"
    STRIDED_WINOGRAD = "the same for larger kernels and stride 2: `cnn.engine.strided`"
    OVERLAP = "sums of overlapping windows, for few output channels: `cnn.engine.transposed`"


def choose_algorithm(layer: Conv2D, *, training: bool, first: bool) -> Algorithm:
    """Return the fastest algorithm for a convolution.

    Parameters
    ----------
    layer : Conv2D
        Built.
    training : bool
        Whether gradients are wanted.
    first : bool
        Whether it is the network's first layer, whose input needs no gradient.
    """
    if layer.stride == (1, 1) and layer.input_shape[2] <= _FEW_CHANNELS:
        # Patches give no gradient of the input.
        return Algorithm.PATCHES if first or not training else Algorithm.WINDOWS
    if _pays_strided(layer) and layer.input_shape[2] >= _STRIDED_CHANNELS:
        return Algorithm.STRIDED_WINOGRAD
    frame = layer.frame(layer.input_shape)
    if frame not in _FRAMES or layer.kernel_size != (3, 3) or layer.stride != (1, 1):
        return Algorithm.WINDOWS
    (height, width, _), channels = layer.output_shape, layer.input_shape[2]
    if not training and (height % 2 or width % 2) and channels <= _MANY_CHANNELS:
        # A line and a column more than the picture has would cost more than is gained.
        return Algorithm.WINDOWS
    return Algorithm.WINOGRAD


def choose_transposed_algorithm(layer: ConvTranspose2D) -> Algorithm:
    """Return the fastest algorithm for a transposed convolution."""
    if layer.filters <= _FEW_CHANNELS:
        return Algorithm.OVERLAP
    if layer.filters >= _STRIDED_CHANNELS and _pays_strided(find_convolution(layer)):
        return Algorithm.STRIDED_WINOGRAD
    return Algorithm.WINDOWS


def _pays_strided(layer: Conv2D) -> bool:
    return min(layer.kernel_size) >= _STRIDED_KERNEL and StridedWinograd.fits(layer)
