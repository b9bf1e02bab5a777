"""A backup that is not as it was written, and an installation that cannot take it."""

import json
import shutil
import zipfile

import pytest
from sqlalchemy import select

from app.config import Settings
from app.services.maintenance.archive import Archive, column_kind
from app.storage.database import Base
from app.storage.models import Picture
from app.web.services import get_services, services_of
from tests.app.database import reading
from tests.app.sites import KINDS, command, populate
from tests.app.stock import assert_in_step, new_picture, rows
from tests.app.visitor import Visitor


def rewrite(source, target, change):
    """Copy a backup, with `change` applied to each file's name and bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            made = change(entry.filename, old.read(entry))
            if made is not None:
                new.writestr(*made)


def change_manifest(**changes):
    def change(name, content):
        if name == "backup.json":
            content = json.dumps(json.loads(content) | changes)
        return name, content

    return change


def change_first(kind, change):
    seen: list[str] = []

    def changed(name, content):
        if name.startswith(kind) and seen in ([], [name]):
            seen[:] = [name]
            return change(name, content)
        return name, content

    return changed


def change_row(**changes):
    names = list(Base.metadata.tables["picture"].columns.keys())

    def change(name, content):
        lines = content.splitlines()
        row = json.loads(lines[0])
        for key, value in changes.items():
            row[names.index(key)] = value
        return name, b"\n".join([json.dumps(row).encode(), *lines[1:], b""])

    return change_first("tables/picture.jsonl", change)


HOSTILE = {
    "a newer revision": change_manifest(revision="9999"),
    "a newer form": change_manifest(form=2),
    "no form": change_manifest(form=None),
    "another table": change_manifest(tables={"sqlite_master": {"columns": {}, "rows": 0}}),
    "a list of lists": lambda name, content: (
        (name, b"[" * 100_000) if name == "backup.json" else (name, content)
    ),
    "no list": lambda name, content: None if name == "backup.json" else (name, content),
    "a picture less": change_first("pictures/", lambda *_: None),
    "other bytes": change_first("pictures/", lambda name, content: (name, content[:-1] + b"!")),
    "a way out": change_first("pictures/", lambda name, content: ("pictures/../../x.png", content)),
    "another way out": change_first("pictures/", lambda name, content: ("/tmp/x.png", content)),
    "a large picture": change_first(
        "pictures/", lambda name, content: (name, content + bytes(50_000_000))
    ),
    "a line without end": change_first(
        "tables/picture", lambda name, content: (name, bytes(50_000_000))
    ),
    "a row less": change_first(
        "tables/holding", lambda name, content: (name, content.partition(b"\n")[2])
    ),
    "a holding of nothing": change_first("tables/user", lambda name, content: (name, b"")),
    "a wrong digit": change_row(digit=11),
    "a digit that is none": change_row(digit="7"),
    "an endless number": change_row(confidence=float("inf")),
    "a large number": change_row(digit=10**30),
    "a hash that is another's": change_row(sha256="0" * 64),
    "a moment that is none": change_row(created_at="yesterday"),
    "no moment": change_row(created_at=None),
    "a source that is none": change_row(source="elsewhere"),
    "an id that is none": change_row(id="../../x"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A backup of a site."""
    from tests.app.applications import open_applications

    folder = tmp_path_factory.mktemp("whole")
    with open_applications() as open_one:
        site = open_one(Settings(instance_path=folder / "site"))
        populate(site)
        command(site, "backup", folder / "site.zip")
    return folder / "site.zip"


def refused(make, source, kind="sqlite"):
    """Restore what is refused with a sentence; return that, with the place still empty."""
    other = make(kind, "other", start=False)
    code, said = command(other, "restore", source)
    assert code == 1, said
    assert said.splitlines()[-1].startswith("Error: ")
    assert len(said.splitlines()) <= 2
    with other.app_context():
        files = get_services().images.files
        assert not files.folder.exists() or list(files.folder.iterdir()) == []
    services_of(other).upkeep.prepare()
    with other.app_context():
        assert rows() == set()
    return said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_backup_that_is_not_as_it_was_written_is_refused(make, whole, tmp_path, name, kind):
    rewrite(whole, tmp_path / "bad.zip", HOSTILE[name])
    refused(make, tmp_path / "bad.zip", kind)
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_backup_is_refused(make, whole, tmp_path, share):
    content = whole.read_bytes()
    (tmp_path / "bad.zip").write_bytes(content[: int(len(content) * share)])
    assert "is no backup, or a damaged one" in refused(make, tmp_path / "bad.zip")


def test_a_download_of_the_gallery_is_no_backup(make, whole, tmp_path):
    site = make("sqlite", "site")
    populate(site)
    download = tmp_path / "dignet.zip"
    download.write_bytes(Visitor(site).sign_up("carl").get("/gallery/download.zip").data)
    said = refused(make, download)
    assert f"Error: {download} is no backup" in said
    assert "A backup is what flask --app wsgi backup FILE has written" in said


def test_any_damaged_byte_is_harmless(whole, tmp_path):
    """Either the backup is refused, or what was damaged says nothing, such as a date."""
    from app.services.maintenance.archive import ArchiveError
    from app.services.maintenance.restore import _check_rows

    content = whole.read_bytes()
    for place in range(0, len(content), 97):
        bad = bytearray(content)
        bad[place] ^= 0xFF
        (tmp_path / "bad.zip").write_bytes(bad)
        try:
            with Archive(tmp_path / "bad.zip") as archive:
                _check_rows(archive)
                for picture_id in archive.pictures:
                    archive.picture(picture_id)
        except ArchiveError:
            continue


def test_what_is_no_file_is_said(make, tmp_path):
    assert "cannot be read" in refused(make, tmp_path / "none.zip")


def test_a_disk_that_is_too_small_is_said_before(make, whole, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert "MB free" in refused(make, whole)


def test_every_column_can_be_written():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert column_kind(column)


def test_a_restored_site_goes_on(make, whole):
    other = make("sqlite", "other", start=False)
    assert command(other, "restore", whole)[0] == 0
    services_of(other).upkeep.prepare()
    with other.app_context():
        store = get_services().images
        with reading() as session:
            known = session.scalars(select(Picture.sha256)).all()
        assert len(known) == 14
        store.keep(None, new_picture(99, source="import"))
        assert_in_step(store)
