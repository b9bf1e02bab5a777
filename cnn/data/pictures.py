"""How a picture as a whole becomes a network's input: in training and where models are used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cnn.data.greys import has_deep_greys, reduce_greys

__all__ = ["MODES", "fit_picture", "stretch_picture"]

#: Pillow's mode for each number of channels.
MODES = {1: "L", 3: "RGB"}


def fit_picture(image: Image.Image, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """Return the middle of a picture in the shape of a network's input.

    Transparency is laid on white, greys of more than 8 bits are spread over 0 to 255; what is
    too wide or too high is cut off on both sides, and the rest is scaled.

    Parameters
    ----------
    image : PIL.Image.Image
        Any picture, upright.
    size : (int, int)
        Height and width to return, in pixels.
    channels : {1, 3}
        Grey or RGB.

    Returns
    -------
    ndarray of uint8, (channels, *size)
    """
    height, width = size
    fitted = ImageOps.fit(
        _opaque(image).convert(MODES[channels]), (width, height), Image.Resampling.LANCZOS
    )
    return _channels_first(fitted, size, channels)


def stretch_picture(image: Image.Image, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """Return a whole picture, stretched to a size; otherwise as `fit_picture`."""
    height, width = size
    opaque = _opaque(image).convert(MODES[channels])
    stretched = opaque.resize((width, height), Image.Resampling.LANCZOS)
    return _channels_first(stretched, size, channels)


def _opaque(image: Image.Image) -> Image.Image:
    if has_deep_greys(image):
        return reduce_greys(image)
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)


def _channels_first(image: Image.Image, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    # (H, W) or (H, W, 3) -> (channels, H, W)
    return np.moveaxis(np.asarray(image).reshape(*size, channels), -1, 0)
