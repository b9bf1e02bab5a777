"""A backup of a running site, and what it becomes in an empty one."""

import json
import os
import shutil
import sqlite3
import threading
import zipfile
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.config import Settings
from app.database import Base, db, reading
from app.models import Picture
from app.services import get_services
from app.services.archive import Archive, column_kind
from app.services.images import ImageStore, Limits
from app.upkeep import prepare_store
from tests.app.conftest import _database
from tests.app.stock import add_person, assert_in_step, fill, new_picture, rows
from tests.app.visitor import Visitor


@pytest.fixture
def make(tmp_path, open_app):
    """Make a site on a kind of database; `start` makes it ready to serve."""
    with contexts() as enter:

        def one(kind, name, start=True):
            url = enter(_database(kind))
            settings = Settings(instance_path=tmp_path / name, database_url=url)
            return open_app(settings, start=start)

        yield one


@contextmanager
def contexts():
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield stack.enter_context


def command(app, *arguments):
    answer = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def content(app):
    """Return all that lasts: every table's rows, and every file's bytes."""
    with app.app_context():
        with reading() as session:
            tables = {
                table.name: sorted(map(str, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables
                if not table.info.get("volatile")
            }
        folder = get_services().images.files.folder
        return tables, {path.name: path.read_bytes() for path in folder.iterdir()}


def populate(app):
    ann = Visitor(app).sign_up("ann")
    with app.app_context():
        store = get_services().images
        bob = add_person("bob")
        with reading() as session:
            table = Base.metadata.tables["user"]
            owner = session.scalar(select(table.c.id).where(table.c.username == "ann"))
        for number in range(12):
            new = new_picture(number, probabilities=tuple(n / 45 for n in range(10)))
            kept = store.keep(owner, new)
            if number % 2:
                store.keep(bob, new_picture(number))
            if number % 3 == 0:
                store.label(kept, "none" if number == 6 else str(number % 10), by=owner)
        store.keep(None, new_picture(50, source="import", exempt=True, pixels=None))
    return ann


KINDS = ["sqlite", "postgresql"]


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
@pytest.mark.parametrize("started", [True, False])
def test_what_was_backed_up_comes_back(make, tmp_path, of, to, started):
    site = make(of, "site")
    ann = populate(site)
    code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 0, said
    assert "13 of 13 pictures written" in said
    assert (tmp_path / "site.zip").stat().st_mode & 0o077 == 0
    other = make(to, "other", start=started)
    code, said = command(other, "restore", tmp_path / "site.zip")
    assert code == 0, said
    assert f"Restored from {tmp_path / 'site.zip'}: 13 pictures, 2 people, 4 labels." in said
    prepare_store(other)
    assert content(other) == content(site)
    there = Visitor(other)
    assert there.log_in("ann", "another one").status_code == 400
    assert there.log_in("ann").status_code == 302
    assert there.gallery("mine=1") == ann.gallery("mine=1")
    for picture in there.gallery():
        assert there.get(f"/gallery/{picture}.png").data == ann.get(f"/gallery/{picture}.png").data
    assert command(other, "check")[0] == 0
    assert (tmp_path / "other" / "secret_key").read_text() != site.secret_key


@pytest.mark.parametrize("to", KINDS)
def test_what_is_backed_up_can_be_restored_whatever_was_done_by_hand(make, tmp_path, to):
    site = make("sqlite", "site")
    with site.app_context():
        store, ann, bob = get_services().images, add_person("ann"), add_person("bob")
        ids = [store.keep(ann, new_picture(number)) for number in range(9)]
        store.keep(bob, new_picture(0))
        store.label(ids[0], "3", by=bob)
    changes = (
        ("DELETE FROM user WHERE id = ?", bob.hex),
        ("DELETE FROM picture WHERE id = ?", ids[1].hex),
        ("UPDATE picture SET confidence = 'abc' WHERE id = ?", ids[2].hex),
        ("UPDATE picture SET created_at = 'garbage' WHERE id = ?", ids[3].hex),
        ("UPDATE picture SET probabilities = '{bad' WHERE id = ?", ids[4].hex),
        ("UPDATE picture SET id = 'zz' WHERE id = ?", ids[5].hex),
        ("UPDATE picture SET model = CAST(x'ff' AS TEXT) WHERE id = ?", ids[6].hex),
    )
    with sqlite3.connect(tmp_path / "site" / "digitnet.db") as connection:
        for statement, value in changes:
            assert connection.execute(statement, [value]).rowcount == 1
    connection.close()
    code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 0, said
    assert "its user_id names nothing; left empty" in said
    assert "its labelled_by names nothing; left empty" in said
    assert f"picture {ids[2]}: its confidence is 'abc'; left out" in said
    # Five pictures, their holdings, that of the one deleted, and bob's.
    last = "12 rows that cannot be right were left out; see flask --app wsgi check"
    assert said.splitlines()[-1] == last
    other = make(to, "other")
    code, said = command(other, "restore", tmp_path / "site.zip")
    assert code == 0, said
    prepare_store(other)
    assert command(other, "check")[0] == 0
    with other.app_context():
        assert rows() == {ids[0], *ids[7:]}
        assert get_services().gallery.find(ids[0], viewer=ann).label == "3"


@pytest.mark.parametrize("of", KINDS)
def test_a_site_that_is_being_used_gives_a_backup_that_is_whole(make, tmp_path, of):
    site = make(of, "site")
    stop = threading.Event()

    def use(person, start):
        with site.app_context():
            store = ImageStore(get_services().images.files, Limits(20, 10))
            for number in range(start, start + 100_000):
                kept = store.keep(person, new_picture(number))
                if number % 3 == 0:
                    store.let_go(person, kept)
                if stop.is_set():
                    return

    with site.app_context():
        people = [add_person(f"person {n}") for n in range(3)]
        fill(300)  # rows whose files are missing
    threads = [
        threading.Thread(target=use, args=(person, n * 10**6)) for n, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    try:
        for number in range(5):
            code, said = command(site, "backup", tmp_path / f"{number}.zip")
            assert code == 0, said
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    other = make(of, "other", start=False)
    code, said = command(other, "restore", tmp_path / "4.zip")
    assert code == 0, said
    with other.app_context():
        store = get_services().images
        missing = rows() - store.files.listed().keys()
        assert len(missing) == 300
        assert store.files.listed().keys() <= rows()


def test_a_picture_deleted_meanwhile_is_left_out(make, tmp_path, monkeypatch):
    site = make("sqlite", "site")
    with site.app_context():
        store, person = get_services().images, add_person("ann")
        ids = [store.keep(person, new_picture(n)) for n in range(3)]
        lost = store.keep(person, new_picture(9))
        store.label(lost, "9", by=person)
        store.files.path(lost).unlink()
        read = store.files.read

        def delete_first(picture_id, sha256):
            if picture_id == ids[0]:
                store.let_go(person, ids[0])
            return read(picture_id, sha256)

        monkeypatch.setattr(type(store.files), "read", lambda _, *given: delete_first(*given))
        code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 0, said
    assert f"picture {lost}: only its row" in said
    with Archive(tmp_path / "site.zip") as archive:
        assert archive.pictures == set(ids[1:])
        assert {row["id"] for row in archive.rows("picture")} == {*ids[1:], lost}
        assert {row["picture_id"] for row in archive.rows("holding")} == {*ids[1:], lost}


def test_nothing_is_overwritten_unless_that_is_asked(make, tmp_path):
    site = make("sqlite", "site")
    target = tmp_path / "site.zip"
    target.write_text("precious")
    code, said = command(site, "backup", target)
    assert code == 1
    assert "--overwrite" in said
    assert target.read_text() == "precious"
    assert command(site, "backup", target, "--overwrite")[0] == 0
    assert zipfile.is_zipfile(target)


def test_a_full_disk_leaves_no_half_backup(make, tmp_path, monkeypatch):
    import errno

    site = make("sqlite", "site")
    populate(site)
    folder = tmp_path / "backups"
    folder.mkdir()

    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    code, said = command(site, "backup", folder / "site.zip")
    assert code == 1
    assert "No space left" in said
    assert list(folder.iterdir()) == []


def test_what_is_lost_already_is_counted(make, tmp_path):
    site = make("sqlite", "site")
    populate(site)
    folder = tmp_path / "site" / "saved_images"
    for path in sorted(folder.glob("*.png"))[:5]:
        path.unlink()
    code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 0
    assert "13 of 13" not in said
    assert "site.zip: 13 pictures (5 without a file), 2 people, 4 labels; " in said
    assert said.count("only its row, as its file is missing") == 5
    code, said = command(make("sqlite", "other"), "restore", tmp_path / "site.zip")
    assert "8 of 8 pictures unpacked" in said
    assert ": 13 pictures (5 without a file), 2 people, 4 labels.\n" in said


def test_each_command_is_explained_in_a_line(make):
    _, said = command(make("sqlite", "site"), "--help")
    own = ("backup", "check", "import-original", "make-admin", "native", "prepare", "restore")
    lines = [line for line in said.splitlines() if line.split()[:1] and line.split()[0] in own]
    assert len(lines) == len(own)
    assert not [line for line in lines if line.endswith("...")]


def test_a_backup_makes_no_database(make, tmp_path):
    site = make("sqlite", "site", start=False)
    code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 1
    assert "There is no database" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", KINDS)
def test_an_installation_that_is_in_use_is_left_alone(make, tmp_path, to):
    site = make("sqlite", "site")
    populate(site)
    command(site, "backup", tmp_path / "site.zip")
    other = make(to, "other")
    Visitor(other).sign_up("somebody")
    before = content(other)
    code, said = command(other, "restore", tmp_path / "site.zip")
    assert code == 1
    assert "not empty" in said
    assert content(other) == before


def test_pictures_of_another_site_are_left_alone(make, tmp_path):
    site = make("sqlite", "site")
    command(site, "backup", tmp_path / "site.zip")
    folder = tmp_path / "other" / "saved_images"
    folder.mkdir(parents=True)
    (folder / f"{uuid4()}.png").write_bytes(b"somebody's")
    code, said = command(make("sqlite", "other", start=False), "restore", tmp_path / "site.zip")
    assert code == 1
    assert "holds pictures" in said
    assert len(list(folder.iterdir())) == 1


def test_the_database_was_lost_and_the_pictures_were_not(make, tmp_path):
    site = make("sqlite", "site")
    populate(site)
    command(site, "backup", tmp_path / "site.zip")
    before = content(site)
    with site.app_context():
        db.engine.dispose()
    for path in (tmp_path / "site").glob("digitnet.db*"):
        path.unlink()
    code, said = command(site, "restore", tmp_path / "site.zip")
    assert code == 0, said
    assert content(site) == before


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
    seen = []

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
    from tests.app.conftest import _opener

    folder = tmp_path_factory.mktemp("whole")
    with _opener() as open_one:
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
    prepare_store(other)
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
    from app.services.archive import ArchiveError
    from app.services.restore import _check_rows

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
    prepare_store(other)
    with other.app_context():
        store = get_services().images
        with reading() as session:
            known = session.scalars(select(Picture.sha256)).all()
        assert len(known) == 13
        store.keep(None, new_picture(99, source="import"))
        assert_in_step(store)
