"""How often a model of cats and dogs says "none of these", and to what.

python -m benchmarks.novelty FOLDER

FOLDER holds `test_set` with the classes' pictures. All else comes with scikit-image and
scikit-learn, is MNIST's, or is made: faces and other patches, squares cut out of photographs, of
printed pages and drawings, digits, noise, plain colours and gradients. Prints the share that is
refused, and the mean confidence that the network would have had in one of its classes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import skimage
import sklearn.datasets
from PIL import Image

from cnn.data import find_parts, load_mnist, read_folder
from cnn.data.pictures import fit_picture
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.reading.classifier import measure_novelty

Array = npt.NDArray[Any]

_SKIMAGE = Path(skimage.__file__).parent / "data"
_SKLEARN = Path(sklearn.datasets.__file__).parent / "images"
_SIDE = 32
_SQUARES = 20  # of each photograph

_PHOTOGRAPHS = [
    *("astronaut.png", "brick.png", "camera.png", "coffee.png", "coins.png", "grass.png"),
    *("gravel.png", "hubble_deep_field.jpg", "ihc.png", "moon.png", "motorcycle_left.png"),
    *("retina.jpg", "rocket.jpg"),
]
_GRAPHICS = [
    *("cell.png", "chessboard_RGB.png", "horse.png", "logo.png", "page.png", "phantom.png"),
    "text.png",
]


def main() -> None:
    """Measure, and print a table."""
    model = load_model(CATS_DOGS_MODEL)
    parts = find_parts(Path(sys.argv[1]))
    own = read_folder(parts["test"], size=(_SIDE, _SIDE), channels=3, classes=model.classes)
    print(f"{'pictures':<28}{'number':>8}{'none of these':>16}{'confidence':>12}")
    _tell(model, "cats and dogs, test", own.data.images)
    for name, images in _others().items():
        _tell(model, name, images)


def _tell(model: Model, name: str, images: Array) -> None:
    novelty = measure_novelty(model, images)
    if novelty is None:
        raise SystemExit("this model cannot tell what shows none of its classes")
    confidence = model.predict(images).max(axis=1).mean()
    print(f"{name:<28}{len(images):>8,}{(novelty > 1).mean():>16.1%}{confidence:>12.1%}")


def _others() -> dict[str, Array]:
    rng = np.random.default_rng(0)
    patches = np.load(_SKIMAGE / "lfw_subset.npy")
    photographs = [_SKIMAGE / name for name in _PHOTOGRAPHS]
    photographs += [_SKLEARN / name for name in ("china.jpg", "flower.jpg")]
    _, digits = load_mnist(os.environ.get("DIGITNET_MNIST_DIR"))
    ends = rng.uniform(0, 255, (2, 100, 3, 1, 1))
    ramp = np.linspace(0, 1, _SIDE)
    return {
        "faces": _fit([_grey(patch) for patch in patches[:100]]),
        "patches without a face": _fit([_grey(patch) for patch in patches[100:]]),
        "photographs": _squares(photographs, rng),
        "pages and drawings": _squares([_SKIMAGE / name for name in _GRAPHICS], rng),
        "digits": _fit([Image.fromarray(255 - image[0]) for image in digits.images[:200]]),
        "noise": rng.integers(0, 256, (100, 3, _SIDE, _SIDE), np.uint8),
        "plain colours": np.broadcast_to(ends[0], (100, 3, _SIDE, _SIDE)).astype(np.uint8),
        "gradients": np.broadcast_to(
            ends[0] * (1 - ramp) + ends[1] * ramp, (100, 3, _SIDE, _SIDE)
        ).astype(np.uint8),
    }


def _grey(patch: Array) -> Image.Image:
    return Image.fromarray((255 * patch.clip(0, 1)).astype(np.uint8))


def _fit(images: list[Image.Image]) -> Array:
    return np.stack([fit_picture(image, (_SIDE, _SIDE), 3) for image in images])


def _squares(files: list[Path], rng: np.random.Generator) -> Array:
    """Cut squares out of photographs, each a third of the shorter side or more."""
    found = []
    for file in files:
        with Image.open(file) as image:
            picture = image.convert("RGB")
        for _ in range(_SQUARES):
            side = int(min(picture.size) * rng.uniform(0.3, 1))
            left = int(rng.integers(0, picture.width - side + 1))
            top = int(rng.integers(0, picture.height - side + 1))
            found.append(picture.crop((left, top, left + side, top + side)))
    return _fit(found)


if __name__ == "__main__":
    main()
