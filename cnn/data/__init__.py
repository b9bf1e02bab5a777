"""Data sets: MNIST, CIFAR-10, and folders of pictures."""

from __future__ import annotations

from cnn.data.cifar10 import load_cifar10
from cnn.data.dataset import Dataset, as_floats
from cnn.data.download import cache_folder, download_file
from cnn.data.folder import load_folder, read_folder
from cnn.data.folder_parts import find_parts
from cnn.data.idx import decode_idx, encode_idx, encode_idx_header, read_idx, write_idx
from cnn.data.mnist import load_mnist

__all__ = [
    "Dataset",
    "as_floats",
    "cache_folder",
    "decode_idx",
    "download_file",
    "encode_idx",
    "encode_idx_header",
    "find_parts",
    "load_cifar10",
    "load_folder",
    "load_mnist",
    "read_folder",
    "read_idx",
    "write_idx",
]
