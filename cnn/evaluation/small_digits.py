"""Another collection of digits, by other hands than MNIST's, for comparing models.

The 1,797 digits of 43 people in `small-digits.npz`, (8, 8) of 17 grey levels, are the test part of
the Optical Recognition of Handwritten Digits, as scikit-learn's `load_digits` has it, unchanged
but for the file's format.

References
----------
E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998, https://doi.org/10.24432/C50P49. Licence: CC BY 4.0,
https://creativecommons.org/licenses/by/4.0/.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset

__all__ = ["load_small_digits"]

_FILE = Path(__file__).parent / "small-digits.npz"
_DARKEST = 16
_SIDE, _INK = 28, 20  # pixels of MNIST's pictures, and of the square that their ink fits in


def load_small_digits() -> Dataset:
    """Return them as MNIST's pictures are, (1797, 1, 28, 28), white on black.

    Each is enlarged to 20×20 by cubic interpolation, and its centre of mass moved to the middle
    of 28×28.
    """
    with np.load(_FILE, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    enlarged = np.stack([_enlarge(image) for image in images])
    return Dataset(enlarged[:, None], labels.astype(np.int64), tuple("0123456789"))


def _enlarge(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    small = Image.fromarray((image.astype(np.uint16) * 255 // _DARKEST).astype(np.uint8))
    ink = np.asarray(small.resize((_INK, _INK), Image.Resampling.BICUBIC))
    places = np.indices(ink.shape) + 0.5
    centre = (places * ink).sum(axis=(1, 2)) / ink.sum()
    top, left = np.clip(np.rint(_SIDE / 2 - centre), 0, _SIDE - _INK).astype(int)
    page = np.zeros((_SIDE, _SIDE), np.uint8)
    page[top : top + _INK, left : left + _INK] = ink
    return page
