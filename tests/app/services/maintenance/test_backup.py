"""A backup of a running site, and what it becomes in an empty one."""

import os
import sqlite3
import threading
import zipfile
from uuid import uuid4

import pytest

from app.services.maintenance.archive import Archive
from app.services.pictures.images import ImageStore, Limits
from app.web.extensions import db
from app.web.services import get_services, services_of
from tests.app.sites import KINDS, command, content, populate
from tests.app.stock import add_person, fill, new_picture, rows
from tests.app.visitor import Visitor


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
@pytest.mark.parametrize("started", [True, False])
def test_what_was_backed_up_comes_back(make, tmp_path, of, to, started):
    site = make(of, "site")
    ann = populate(site)
    code, said = command(site, "backup", tmp_path / "site.zip")
    assert code == 0, said
    assert "14 of 14 pictures written" in said
    assert (tmp_path / "site.zip").stat().st_mode & 0o077 == 0
    other = make(to, "other", start=started)
    code, said = command(other, "restore", tmp_path / "site.zip")
    assert code == 0, said
    assert f"Restored from {tmp_path / 'site.zip'}: 14 pictures, 2 people, 5 labels." in said
    assert "1 API token as of the backup: one that was revoked since works again." in said
    services_of(other).upkeep.prepare()
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
    # Five pictures, their holdings and reviews, those of the one deleted, and bob's holding.
    last = "18 rows that cannot be right were left out; see flask --app wsgi check"
    assert said.splitlines()[-1] == last
    other = make(to, "other")
    code, said = command(other, "restore", tmp_path / "site.zip")
    assert code == 0, said
    services_of(other).upkeep.prepare()
    assert command(other, "check")[0] == 0
    with other.app_context():
        assert rows() == {ids[0], *ids[7:]}
        assert get_services().gallery.find(ids[0], viewer=ann).label == "3"


@pytest.mark.parametrize("of", KINDS)
def test_a_site_that_is_being_used_gives_a_backup_that_is_whole(make, tmp_path, of):
    site = make(of, "site")
    stop = threading.Event()

    def use(person, start):
        services = services_of(site)
        store = ImageStore(services.database, services.images.files, Limits(20, 10))
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
    assert "14 of 14" not in said
    assert "site.zip: 14 pictures (5 without a file), 2 people, 5 labels; " in said
    assert said.count("only its row, as its file is missing") == 5
    code, said = command(make("sqlite", "other"), "restore", tmp_path / "site.zip")
    assert "9 of 9 pictures unpacked" in said
    assert ": 14 pictures (5 without a file), 2 people, 5 labels.\n" in said


def test_each_command_is_explained_in_a_line(make):
    _, said = command(make("sqlite", "site"), "--help")
    own = [
        "backup",
        "check",
        "import-original",
        "make-admin",
        "native",
        "prepare",
        "restore",
        "revoke-tokens",
        "token",
    ]
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
