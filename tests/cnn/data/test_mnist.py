"""MNIST from a folder or a mirror: small stand-ins with their own digests, and the real one."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from cnn.data import encode_idx, home, load_mnist, mnist
from cnn.errors import DataError

IMAGES = np.arange(5 * 28 * 28, dtype=np.int64).astype(np.uint8).reshape(5, 28, 28)
LABELS = np.array([3, 1, 4, 1, 5], dtype=np.uint8)
CONTENTS = {
    "train-images-idx3-ubyte": encode_idx(IMAGES),
    "train-labels-idx1-ubyte": encode_idx(LABELS),
    "t10k-images-idx3-ubyte": encode_idx(IMAGES[:2]),
    "t10k-labels-idx1-ubyte": encode_idx(LABELS[:2]),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the loader expect the small files above."""
    files = tuple(
        mnist.MnistFile(name, hashlib.sha256(data).hexdigest()) for name, data in CONTENTS.items()
    )
    monkeypatch.setattr(mnist, "FILES", files)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str]]]:
    """Put the right file in place instead of downloading it, and list what was wanted."""
    wanted = []

    def place(path: Path, urls: list[str], *, sha256: str, gzipped: bool, progress: bool) -> None:
        data = CONTENTS[path.name.removesuffix(".gz")]
        assert hashlib.sha256(data).hexdigest() == sha256
        assert gzipped
        assert not progress
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data))
        wanted.append((path, urls))

    monkeypatch.setattr(home, "download_file", place)
    return wanted


def fill(folder: Path, *, separator: str = "-", packed: bool = True) -> None:
    for name, data in CONTENTS.items():
        path = folder / name.replace("-idx", f"{separator}idx")
        if packed:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data))
        else:
            path.write_bytes(data)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("separator", ["-", "."])
def test_files_are_read_under_their_usual_names(
    tmp_path: Path, separator: str, packed: bool
) -> None:
    fill(tmp_path, separator=separator, packed=packed)
    train, test = load_mnist(str(tmp_path))
    assert np.array_equal(train.images, IMAGES[:, np.newaxis])
    assert train.labels.tolist() == LABELS.tolist()
    assert test.images.shape == (2, 1, 28, 28)
    assert train.classes == test.classes == tuple("0123456789")


@pytest.mark.usefixtures("small")
def test_a_named_folder_is_not_downloaded_into(
    tmp_path: Path, downloads: list[tuple[Path, list[str]]]
) -> None:
    fill(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(DataError) as caught:
        load_mnist(tmp_path)
    message = str(caught.value)
    assert "t10k-images-idx3-ubyte[.gz] missing" in message
    assert "train-images" not in message
    assert str(tmp_path) in message
    assert "allow the download" in message
    assert not downloads


@pytest.mark.usefixtures("small")
def test_only_what_is_missing_is_downloaded_when_asked(
    tmp_path: Path, downloads: list[tuple[Path, list[str]]]
) -> None:
    fill(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    _, test = load_mnist(tmp_path, download=True, progress=False)
    assert len(test) == 2
    [(path, urls)] = downloads
    assert path == tmp_path / "t10k-images-idx3-ubyte.gz"
    assert urls == [mirror + path.name for mirror in mnist.MIRRORS]


@pytest.mark.usefixtures("small")
def test_the_cache_is_downloaded_into_once(
    tmp_path: Path, downloads: list[tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITNET_DATA_DIR", str(tmp_path))
    with pytest.raises(DataError, match="not complete"):
        load_mnist(download=False)
    load_mnist(progress=False)
    load_mnist(progress=False)
    assert [path.parent for path, _ in downloads] == [tmp_path / "mnist"] * 4


@pytest.mark.usefixtures("small")
def test_a_file_with_other_bytes_is_refused_and_left_alone(
    tmp_path: Path, downloads: list[tuple[Path, list[str]]]
) -> None:
    fill(tmp_path)
    other = gzip.compress(encode_idx(LABELS[::-1]))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(other)
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz is damaged or not MNIST's"):
        load_mnist(tmp_path, download=True)
    assert (tmp_path / "train-labels-idx1-ubyte.gz").read_bytes() == other
    assert not downloads


@pytest.mark.usefixtures("small")
def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    fill(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"cannot read .*train-images"):
        load_mnist(tmp_path)


def test_every_mirror_is_https_and_there_are_several() -> None:
    parts = [urlsplit(mirror) for mirror in mnist.MIRRORS]
    assert {part.scheme for part in parts} == {"https"}
    assert len({part.netloc for part in parts}) >= 3
    assert all(part.path.endswith("/") for part in parts)


def test_mnist_itself(mnist_folder: Path) -> None:
    train, test = load_mnist(mnist_folder)
    assert train.images.shape == (60_000, 1, 28, 28)
    assert test.images.shape == (10_000, 1, 28, 28)
    # The counts that the data set is known by.
    expected = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(train.labels).tolist() == expected
    assert test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert round(float(train.images.mean()) / 255, 4) == 0.1307
