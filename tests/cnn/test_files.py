"""Files that are there whole or not at all."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cnn.files import atomic_file, write_atomically


def failing(monkeypatch: pytest.MonkeyPatch, function: str, *, at: int = 1) -> None:
    """Let a function of `os` fail from its call of a number on, as on a full disk."""
    calls = 0
    original = getattr(os, function)

    def fail(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*arguments, **options)

    monkeypatch.setattr(os, function, fail)


def test_a_file_is_there_when_the_block_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with atomic_file(path, prefix=".part-") as file:
        file.write(b"one ")
        assert not path.exists()
        assert [entry.name[:6] for entry in tmp_path.iterdir()] == [".part-"]
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_its_permissions_are_those_asked_for(tmp_path: Path, mode: int) -> None:
    write_atomically(tmp_path / "a", b"new", mode=mode)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("function", ["fsync", "replace", "chmod"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"old")
    with monkeypatch.context() as patch:
        failing(patch, function)
        with pytest.raises(OSError, match="No space left"):
            write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_an_error_in_the_block_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with atomic_file(tmp_path / "a") as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_whose_name_is_not_on_the_disk_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "fsync", at=2)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "a", b"new")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten_unless_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_atomically(path, b"new", overwrite=False)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    path = tmp_path / "a"
    if is_there:
        path.write_bytes(b"old")
    failing(monkeypatch, "link")
    if is_there:
        with pytest.raises(FileExistsError):
            write_atomically(path, b"new", overwrite=False)
    else:
        write_atomically(path, b"new", overwrite=False)
    assert path.read_bytes() == (b"old" if is_there else b"new")
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_who_write_at_once_one_is_first(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def write(number: int) -> bool:
        try:
            write_atomically(path, b"%d" % number, overwrite=False)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(write, range(32)))
    assert first.count(True) == 1
    assert path.read_bytes() == b"%d" % first.index(True)
