"""What runs of training need."""

import os
from pathlib import Path

import pytest

__all__ = ["mnist_folder"]


def mnist_folder():
    """Return the folder of MNIST's files, with which every model is compared."""
    folder = Path(os.environ.get("DIGITNET_MNIST_DIR", ""))
    if not (folder / "train-images-idx3-ubyte.gz").is_file():
        pytest.skip("DIGITNET_MNIST_DIR names no folder with MNIST")
    return folder
