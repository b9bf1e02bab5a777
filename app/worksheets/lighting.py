"""Light: how dark ink is on a page that is lit unevenly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from cnn.vision.morphology import close

__all__ = ["darkness_of"]

Array = npt.NDArray[Any]

_PAPER = 4.0  # millimetres: what is wider is paper


def darkness_of(patch: Image.Image, scale: float) -> Array:
    """Return how much of the paper's light is missing, float32 (H, W), 0 to 1.

    The paper is what a window sees that is wider than any stroke.

    Parameters
    ----------
    patch : PIL.Image.Image
        Of mode L.
    scale : float
        Pixels of a millimetre.
    """
    grey = np.asarray(patch, np.float32)
    paper = np.asarray(_paper(patch, scale), np.float32)
    darkness: Array = np.clip(1 - grey / np.maximum(paper, 16), 0, 1)
    return darkness


def _paper(patch: Image.Image, scale: float) -> Image.Image:
    factor = max(1, round(scale / 2))
    window = max(3, round(_PAPER * scale / factor)) | 1
    closed = Image.fromarray(close(np.asarray(patch.reduce(factor)), window))
    smooth = closed.filter(ImageFilter.GaussianBlur(window / 4))
    # At the edge of a shadow, what is smooth is too light on its dark side.
    darker = ImageChops.darker(closed, smooth)
    return darker.resize(patch.size, Image.Resampling.BILINEAR)
