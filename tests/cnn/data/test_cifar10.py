"""CIFAR-10 from small stand-ins with their own digests: as a folder, and as an archive."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from cnn.data import cifar10, home, load_cifar10
from cnn.errors import DataError

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
META = ("\n".join(CLASSES) + "\n\n").encode()
RECORDS = 3


def records(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 256, (RECORDS, 3073), dtype=np.uint8)
    rows[:, 0] = rng.integers(0, 10, RECORDS)
    return rows.tobytes()


NAMES = [batch.name for batch in cifar10.BATCHES]
CONTENTS = {name: records(seed) for seed, name in enumerate(NAMES)} | {"batches.meta.txt": META}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = tuple(
        cifar10.Batch(name, hashlib.sha256(CONTENTS[name]).hexdigest(), RECORDS) for name in NAMES
    )
    monkeypatch.setattr(cifar10, "BATCHES", batches)


def fill(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in CONTENTS.items():
        (folder / name).write_bytes(data)
    return folder


def pack(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def inside(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {f"cifar-10-batches-bin/{name}": data for name, data in contents.items()}


def check(folder: Path) -> None:
    train, test = load_cifar10(folder)
    assert train.images.shape == (5 * RECORDS, 3, 32, 32)
    assert train.classes == test.classes == CLASSES
    first = np.frombuffer(CONTENTS[NAMES[0]], np.uint8)
    assert train.labels[0] == first[0]
    # The first plane is the red one, row by row.
    assert np.array_equal(train.images[0, 0, 0], first[1:33])
    assert np.array_equal(train.images[0, 2].ravel(), first[1 + 2048 : 3073])
    last = np.frombuffer(CONTENTS["test_batch.bin"], np.uint8).reshape(RECORDS, 3073)
    assert test.labels.tolist() == last[:, 0].tolist()
    assert np.array_equal(test.images.reshape(RECORDS, 3072), last[:, 1:])


def test_a_folder_of_batches_is_read(tmp_path: Path) -> None:
    check(fill(tmp_path))


def test_the_folder_above_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "cifar-10-batches-bin")
    check(tmp_path)


def test_the_archive_is_read_without_extracting_it(tmp_path: Path) -> None:
    check(pack(tmp_path / "any-name.tgz", inside(CONTENTS)))
    pack(tmp_path / cifar10.ARCHIVE, inside(CONTENTS) | {"cifar-10-batches-bin/readme.html": b"x"})
    check(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"any-name.tgz", cifar10.ARCHIVE}


@pytest.mark.parametrize("name", ["data_batch_3.bin", "batches.meta.txt"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    contents = {other: data for other, data in CONTENTS.items() if other != name}
    archive = pack(tmp_path / "a.tar.gz", inside(contents))
    (fill(tmp_path / "folder") / name).unlink()
    for place in (archive, tmp_path / "folder"):
        with pytest.raises(DataError, match=f"not complete: {name} is missing"):
            load_cifar10(place)


@pytest.mark.parametrize(
    "data", [b"", CONTENTS["data_batch_2.bin"][:-1], CONTENTS["data_batch_2.bin"] + b"x", META]
)
def test_a_damaged_batch_is_named(tmp_path: Path, data: bytes) -> None:
    archive = pack(tmp_path / "a.tar.gz", inside(CONTENTS | {"data_batch_2.bin": data}))
    (fill(tmp_path / "folder") / "data_batch_2.bin").write_bytes(data)
    for place in (archive, tmp_path / "folder"):
        with pytest.raises(DataError, match=r"data_batch_2\.bin in .* is damaged"):
            load_cifar10(place)


@pytest.mark.parametrize("meta", [b"", b"cat\n" * 10, b"\xff\xfe\n", META + b"lorry\n"])
def test_damaged_class_names_are_refused(tmp_path: Path, meta: bytes) -> None:
    (fill(tmp_path) / "batches.meta.txt").write_bytes(meta)
    with pytest.raises(DataError, match=r"batches\.meta\.txt in .* 10 names expected"):
        load_cifar10(tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 5000])
def test_a_truncated_archive_is_refused(tmp_path: Path, keep: int) -> None:
    archive = pack(tmp_path / "a.tar.gz", inside(CONTENTS))
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(DataError, match="is damaged or no cifar-10-binary"):
        load_cifar10(archive)


def test_an_unreadable_batch_is_refused(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "data_batch_4.bin").unlink()
    (tmp_path / "data_batch_4.bin").mkdir()
    with pytest.raises(DataError, match=r"cannot read .*data_batch_4\.bin"):
        load_cifar10(tmp_path)


def test_a_link_in_the_archive_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "elsewhere")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        for name in CONTENTS:
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.type = tarfile.SYMTYPE
            member.linkname = str(tmp_path / "elsewhere" / name)
            tar.addfile(member)
    with pytest.raises(DataError, match="is missing"):
        load_cifar10(tmp_path / "a.tar.gz")


def test_a_named_folder_is_not_downloaded_into(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not in .*allow the download"):
        load_cifar10(tmp_path)


@pytest.mark.parametrize("named", [True, False])
def test_the_archive_is_downloaded_when_asked_or_into_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("DIGITNET_DATA_DIR", str(tmp_path))
    wanted = []

    def place(path: Path, urls: list[str], *, sha256: str, gzipped: bool, progress: bool) -> None:
        assert sha256 == cifar10.ARCHIVE_SHA256
        assert progress
        assert not gzipped  # the digest is of the archive itself
        path.parent.mkdir(exist_ok=True)
        pack(path, inside(CONTENTS))
        wanted.extend(urls)

    monkeypatch.setattr(home, "download_file", place)
    train, _ = load_cifar10(tmp_path / "mine", download=True) if named else load_cifar10()
    assert len(train) == 5 * RECORDS
    assert (tmp_path / ("mine" if named else "cifar10") / cifar10.ARCHIVE).is_file()
    assert wanted == [mirror + cifar10.ARCHIVE for mirror in cifar10.MIRRORS]
    assert all(url.startswith("https://") for url in wanted)
