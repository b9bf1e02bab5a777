"""The key that signs sessions: private, kept, and never half-written."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import create_app
from app.errors import StartError
from app.storage.secret_key import SecretKey


def test_it_is_made_once_and_private(settings):
    first = create_app(settings).secret_key
    path = settings.instance_path / "secret_key"
    assert create_app(settings).secret_key == first
    assert isinstance(first, str)
    assert len(first) >= 64
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in settings.instance_path.iterdir()] == ["secret_key"]


def test_all_who_start_at_once_have_the_same(tmp_path):
    for attempt in range(20):
        path = tmp_path / str(attempt) / "secret_key"
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, path=path: SecretKey(path).get(), range(8)))
        assert len(keys) == 1


def test_a_full_disk_leaves_no_key_behind(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StartError, match="No space left on device"):
        SecretKey(tmp_path / "secret_key").get()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert len(SecretKey(tmp_path / "secret_key").get()) == 64


def test_a_file_system_without_links_will_do(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    key = SecretKey(tmp_path / "secret_key").get()
    assert SecretKey(tmp_path / "secret_key").get() == key
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("content", [b"", b"short", bytes(range(128, 192)), b"\0" * 64])
def test_what_is_no_key_is_said(tmp_path, content):
    path = tmp_path / "secret_key"
    path.write_bytes(content)
    with pytest.raises(StartError, match="Delete it, and a new one is made"):
        SecretKey(path).get()
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_said(tmp_path):
    path = tmp_path / "secret_key"
    path.mkdir()
    with pytest.raises(StartError, match="cannot be read"):
        SecretKey(path).get()
