"""Taking over what the original program had stored: its people and their pictures."""

import hashlib
import os
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import create_app
from app.errors import MaintenanceError
from app.services.maintenance.original import Importer
from app.services.pictures.gallery import Filter
from app.services.pictures.images import ImageStore, Limits
from app.storage.models import Holding, Picture, User
from app.web.extensions import db
from tests.app.database import reading
from tests.app.original import Original
from tests.app.pictures import draw, encode
from tests.app.stock import assert_in_step, new_picture


@pytest.fixture
def original(tmp_path):
    return Original(tmp_path / "original")


@pytest.fixture
def take_over(services):
    def run(original):
        return list(Importer(services.database, services.images).run(original.folder))

    return run


def people():
    with reading() as session:
        return {user.username: user for user in session.scalars(select(User))}


def pictures():
    with reading() as session:
        found = session.scalars(select(Picture).order_by(Picture.created_at.desc()))
        return [(str(picture.id), picture.digit) for picture in found]


def held_by(name):
    with reading() as session:
        held = select(Holding.picture_id).join(User, User.id == Holding.user_id)
        return {str(i) for i in session.scalars(held.where(User.username == name))}


def test_people_and_pictures_come_with_their_order_holders_and_ids(original, take_over, services):
    ann, bob = original.add_user("ann"), original.add_user("bob")
    ids = [original.add_image(n, (ann, bob, None)[n % 3]) for n in range(6)]
    report = take_over(original)
    assert report == ["2 of 2 people and 6 of 6 images are here."]
    assert pictures() == [(ids[n], n) for n in reversed(range(6))]
    assert held_by("ann") == {ids[0], ids[3]}
    assert held_by("bob") == {ids[1], ids[4]}
    with reading() as session:
        picture = session.scalars(select(Picture)).first()
    assert picture.source == "import"
    assert picture.confidence == 0.875
    assert picture.label is None
    assert picture.pixels is not None
    assert len(picture.pixels) == 784
    assert_in_step(services.images)


def test_running_it_twice_changes_nothing(original, take_over, services):
    ann = original.add_user("ann")
    for number in range(4):
        original.add_image(number, ann)
    take_over(original)
    before = pictures(), held_by("ann"), people().keys()
    assert take_over(original) == ["1 of 1 people and 4 of 4 images are here."]
    assert (pictures(), held_by("ann"), people().keys()) == before
    original.add_image(7, ann)
    assert "5 of 5 images" in take_over(original)[-1]
    assert len(pictures()) == 5


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_the_original_stays_as_it_is(original, take_over, journal):
    original.run(f"PRAGMA journal_mode = {journal}")
    original.add_image(1, original.add_user("ann"))
    before = original.state()
    take_over(original)
    assert original.state() == before


def test_what_a_killed_original_had_not_merged_is_read_too(original, take_over):
    original.run("PRAGMA journal_mode = WAL")
    with closing(sqlite3.connect(original.folder / "images.db")) as running:
        running.execute("INSERT INTO Users VALUES ('1', 'ann', ?, 's')", ("0" * 64,))
        running.commit()
        before = original.state()
        assert "1 of 1 people" in take_over(original)[-1]
        assert original.state() == before
    assert "ann" in people()


def test_a_folder_that_is_only_for_reading(original, take_over):
    original.run("PRAGMA journal_mode = WAL")
    original.add_image(1, original.add_user("ann"))
    folders = (original.pictures, original.folder)
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert "1 of 1 people and 1 of 1 images" in take_over(original)[-1]
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_without_users(tmp_path, take_over, services):
    original = Original(tmp_path / "original", users=False, holders=False)
    ids = [original.add_image(n) for n in range(3)]
    assert take_over(original) == ["0 of 0 people and 3 of 3 images are here."]
    assert [i for i, _ in pictures()] == ids[::-1]
    assert services.gallery.count(Filter()) == 3


def test_with_users_but_no_holders(tmp_path, take_over):
    original = Original(tmp_path / "original", holders=False)
    original.add_user("ann")
    original.add_image(1)
    assert take_over(original) == ["1 of 1 people and 1 of 1 images are here."]
    assert held_by("ann") == set()


def test_a_picture_of_somebody_who_is_not_there_is_nobodys(original, take_over):
    original.add_image(1, "somebody else")
    assert take_over(original) == ["0 of 0 people and 1 of 1 images are here."]


@pytest.mark.parametrize(
    "salt",
    ["", "5a17", "with$dollars$", "sált ✓", "\n ' ;", b"\x00\xff\xfe binary", "x" * 64],
)
@pytest.mark.parametrize("password", ["old password", "x", "пароль"])
def test_an_old_password_works_and_is_hashed_anew(original, take_over, services, salt, password):
    original.add_user("ann", password, salt)
    take_over(original)
    accounts = services.accounts
    assert people()["ann"].password_hash.startswith("sha256$")
    assert accounts.log_in("ann", password + "?", address="") is None
    assert accounts.log_in("ann", password, address="").person.username == "ann"
    assert people()["ann"].password_hash.startswith("$argon2id$")
    assert accounts.log_in("ann", password, address="").person.username == "ann"
    take_over(original)
    assert people()["ann"].password_hash.startswith("$argon2id$")


def test_a_hash_in_capitals_is_the_same(original, take_over, services):
    digest = hashlib.sha256(b"old passwords").hexdigest().upper()
    original.run("INSERT INTO Users VALUES ('1', 'ann', ?, 's')", digest)
    take_over(original)
    assert services.accounts.log_in("ann", "old password", address="") is not None


def test_names_that_collide_now_are_changed_and_reported(original, take_over, services):
    services.accounts.sign_up("Dora", "correct horse", address="")
    original.add_user("ann")
    renamed = {
        "ANN": "ANN-2",
        "аnn": "аnn-3",
        "dora": "dora-2",
        " eve ": "eve",
        "f\0red\u202e": "fred",
        "x" * 80: "x" * 64,
        "": "user",
        "\u3164": "user-2",
        "\ufdfa" * 64: "user-3",
    }
    for number, name in enumerate(renamed):
        original.add_user(name, user_id=str(number))
    report = take_over(original)
    assert "10 of 10 people" in report.pop()
    assert report == [f"user {old!r}: is now called {new!r}" for old, new in renamed.items()]
    for name in ("ANN-2", "eve", "fred", "x" * 64, "user"):
        assert services.accounts.log_in(name, "old password", address=name) is not None
    assert services.accounts.log_in("Dora", "correct horse", address="") is not None


@pytest.mark.parametrize(
    ("digest", "salt"),
    [
        ("0" * 63, ""),
        ("g" * 64, ""),
        ("", ""),
        (None, ""),
        ("0" * 64, "x" * 5000),
        (b"\xff" * 64, ""),
    ],
)
def test_a_hash_that_is_none_is_skipped_and_reported(original, take_over, digest, salt):
    original.run("INSERT INTO Users VALUES ('1', 'ann', ?, ?)", digest, salt)
    original.add_user("bob")
    report = take_over(original)
    assert "'ann': skipped" in report[0]
    assert report[-1].startswith("1 of 2 people")
    assert people().keys() == {"bob"}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"content": None}, "missing"),
    ({"path": "saved_images\\..\\..\\images.db"}, "missing"),
    ({"path": "..\\images.db"}, "missing"),
    ({"path": "C:\\other\\"}, "missing"),
    ({"path": ""}, "missing"),
    ({"path": ".."}, "missing"),
    ({"path": "a\0b.png"}, "missing"),
    ({"path": "x" * 5000}, "missing"),
    ({"path": None}, "missing"),
    ({"path": b"\xff.png"}, "missing"),
    ({"content": b""}, "no picture"),
    ({"content": b"not a picture"}, "no picture"),
    ({"content": encode(draw([(60, 60), (210, 60)]))[:300]}, "no picture"),
    ({"digit": 10}, "cannot be"),
    ({"digit": -1}, "cannot be"),
    ({"digit": 7.5}, "cannot be"),
    ({"digit": float("inf")}, "cannot be"),
    ({"digit": 2**62}, "cannot be"),
    ({"digit": "seven"}, "no number"),
    ({"digit": ""}, "no number"),
    ({"digit": None}, "no number"),
    ({"digit": b"\xff\xfe"}, "no number"),
    ({"confidence": 1.5}, "cannot be"),
    ({"confidence": -0.1}, "cannot be"),
    ({"confidence": float("inf")}, "cannot be"),
    ({"confidence": "nan"}, "cannot be"),
    ({"confidence": None}, "no number"),
    ({"confidence": "quite high"}, "no number"),
]


def test_bad_rows_are_skipped_and_reported_and_good_ones_kept(original, take_over, services):
    ids = [original.add_image(n, **changes) for n, (changes, _) in enumerate(BAD)]
    good = original.add_image(99)
    report = take_over(original)
    assert report[-1] == f"0 of 0 people and 1 of {len(BAD) + 1} images are here."
    for picture_id, (changes, words), line in zip(ids, BAD, report, strict=False):
        assert line.startswith(f"image {picture_id}: skipped, "), (changes, line)
        assert words in line, (changes, line)
    assert pictures() == [(good, 9)]
    assert_in_step(services.images)


def test_a_fault_while_reading_a_picture_is_not_a_missing_file(original, take_over, monkeypatch):
    original.add_image(1)

    def fail(content):
        raise ValueError("the shapes (28, 28) and (14, 14) do not fit")

    monkeypatch.setattr("app.services.maintenance.original.normalise", fail)
    with pytest.raises(ValueError, match="do not fit"):
        take_over(original)


@pytest.mark.parametrize(
    ("digit", "confidence"),
    [("7", "0.5"), (7.0, 0.5), (struct.pack("<q", 7), struct.pack("<f", 0.5)), (7, 1), (7, 0)],
)
def test_numbers_come_in_every_form_that_sqlite_was_given(original, take_over, digit, confidence):
    original.add_image(7, digit=digit, confidence=confidence)
    assert take_over(original) == ["0 of 0 people and 1 of 1 images are here."]
    assert pictures()[0][1] == 7


@pytest.mark.parametrize("image_id", ["", "1", "not a uuid", None, b"\xff", "../../x"])
def test_ids_may_be_anything(original, take_over, image_id, services):
    original.add_image(1, image_id=image_id)
    assert take_over(original)[-1] == "0 of 0 people and 1 of 1 images are here."
    assert take_over(original)[-1] == "0 of 0 people and 1 of 1 images are here."
    assert len(pictures()) == 1
    assert_in_step(services.images)


def test_an_id_that_is_taken_gives_way(original, take_over, services):
    taken = services.images.keep(None, new_picture(1))
    original.add_image(1, image_id=str(taken))
    take_over(original)
    assert len(pictures()) == 2
    assert_in_step(services.images)


def test_the_same_picture_twice_is_one_that_both_hold(original, take_over, services):
    same = encode(draw([(60, 60), (210, 60)]))
    ann, bob = original.add_user("ann"), original.add_user("bob")
    original.add_image(1, ann, content=same)
    original.add_image(2, bob, content=same)
    original.add_image(3, ann, content=same)
    assert "3 of 3 images" in take_over(original)[-1]
    assert held_by("ann") == held_by("bob")
    assert len(pictures()) == 1
    assert_in_step(services.images)


def test_what_was_imported_is_no_history(original, services):
    small = ImageStore(services.database, services.images.files, Limits(2, 2))
    ann = original.add_user("ann")
    old = {original.add_image(n, ann) for n in range(5)}
    list(Importer(services.database, small).run(original.folder))
    assert held_by("ann") == old
    person = people()["ann"].id
    for number in range(5):
        small.keep(person, new_picture(number))
    assert old < held_by("ann")
    assert len(held_by("ann")) == 7


@pytest.mark.parametrize("moment", [0, 4_000_000_000])
def test_a_database_with_an_odd_date(original, take_over, services, moment):
    original.add_image(1)
    original.add_image(2)
    os.utime(original.folder / "images.db", (moment, moment))
    take_over(original)
    assert [digit for _, digit in pictures()] == [2, 1]
    assert b"labels.csv" in b"".join(services.exporter.zip(Filter()))
    with reading() as session:
        assert session.scalars(select(Picture)).first().created_at.year < 2090


@pytest.mark.parametrize("content", [None, b"", b"no database" * 500])
def test_what_is_not_the_originals_is_said(tmp_path, services, content):
    if content is not None:
        (tmp_path / "images.db").write_bytes(content)
    with pytest.raises(MaintenanceError, match=r"images\.db"):
        list(Importer(services.database, services.images).run(tmp_path))


def test_a_text_that_is_not_utf_8_stops_nothing(original, take_over):
    original.run("INSERT INTO Users VALUES ('1', CAST(x'616eff' AS TEXT), ?, 's')", "0" * 64)
    original.add_user("bob")
    assert "2 of 2 people" in take_over(original)[-1]
    assert "bob" in people()


def test_the_command_reports_and_prepares_a_new_database(original, settings, open_app):
    original.add_image(1, original.add_user("ann"))
    original.add_image(2, content=None)
    app = create_app(settings)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["import-original", str(original.folder)])
    assert done.exit_code == 0, done.output
    assert "skipped, its file 'saved_images" in done.output
    assert "1 of 1 people and 1 of 2 images are here." in done.output
    missing = runner.invoke(args=["import-original", str(Path(original.folder, "saved_images"))])
    assert missing.exit_code == 1
    assert "There is no images.db" in missing.output
    assert "Traceback" not in missing.output
    with app.app_context():
        db.engine.dispose()
