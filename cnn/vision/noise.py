"""The noise of a picture, estimated from differences between neighbouring pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image

__all__ = ["estimate_noise", "take_middle"]

_LARGEST = 720  # pixels on each side: enough to see the noise of the whole


def take_middle(image: Image.Image) -> Image.Image:
    """Copy the middle of a picture: as much as `estimate_noise` needs.

    Parameters
    ----------
    image : PIL.Image.Image
        Of any mode and size.

    Returns
    -------
    PIL.Image.Image
        Of the same mode, at most 720 by 720 pixels.
    """
    left, top = (max(0, (side - _LARGEST) // 2) for side in image.size)
    right, bottom = (
        start + min(side, _LARGEST) for start, side in zip((left, top), image.size, strict=True)
    )
    return image.crop((left, top, right, bottom))


def estimate_noise(image: Image.Image) -> float:
    """Estimate the standard deviation of white noise.

    The method is that of Immerkær, "Fast Noise Variance Estimation", 1996: the difference of two
    Laplacians, to which neither shading nor a straight edge along the pixels matters.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode L or RGB.

    Returns
    -------
    float
        As a share of the median light or, if the picture is rather dark, of the median
        darkness; 0 for a picture with a side of less than 3 pixels.
    """
    grey = np.asarray(image.convert("L"), np.int16)
    if min(grey.shape) < 3:
        return 0.0
    down = grey[:-2] - 2 * grey[1:-1] + grey[2:]
    both = down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]
    sigma = np.sqrt(np.pi / 2) * float(np.abs(both).mean()) / 6
    median = float(np.median(grey))
    return float(sigma / max(median, 255 - median))
