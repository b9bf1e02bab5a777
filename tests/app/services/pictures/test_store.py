"""The store of pictures: rows and files that never part, histories, labels, the sweep."""

import errno
import io
import os
from dataclasses import replace

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.errors import StorageError
from app.services.pictures.images import ImageStore, Limits, encode_for_store
from app.services.pictures.labels import LabelLimit
from app.storage.models import Picture
from app.web.extensions import db
from tests.app.database import reading
from tests.app.pictures import draw, encode
from tests.app.stock import add_person, assert_in_step, files, held, new_picture, rows


@pytest.fixture
def store(services):
    return services.images


@pytest.fixture
def small(services, store):
    """A store that keeps three unlabelled pictures and two labelled ones of each person."""
    return ImageStore(services.database, store.files, Limits(3, 2))


@pytest.fixture
def person(services):
    return add_person("ann")


@pytest.fixture
def other(services):
    return add_person("bob")


def test_what_is_kept_is_a_small_png(shared_settings, store, person):
    photograph = encode(Image.effect_noise((900, 300), 80), "JPEG")
    kept = store.keep(person, replace(new_picture(1), png=encode_for_store(photograph)))
    path = shared_settings.instance_path / "saved_images" / f"{kept}.png"
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.size == (256, 85)


@pytest.mark.parametrize("size", [(1, 1), (256, 256), (3000, 2), (2, 3000)])
def test_no_side_is_longer_than_256_and_none_is_lost(size):
    image = Image.open(io.BytesIO(encode_for_store(encode(Image.new("L", size, 255)))))
    assert min(image.size) >= 1
    assert max(image.size) == min(256, max(size))


def test_nothing_that_the_sender_did_not_draw_is_stored():
    photograph = draw([(60, 60), (210, 60)], size=(400, 200))
    exif = Image.Exif()
    exif[0x010E] = "my secret address"
    exif[0x0112] = 6  # turned
    jpeg = encode(photograph, "JPEG", exif=exif, comment=b"my secret address")
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "my secret address")
    for sent in (jpeg, encode(photograph, "PNG", pnginfo=notes, exif=exif)):
        kept = encode_for_store(sent)
        image = Image.open(io.BytesIO(kept))
        image.load()
        assert b"secret" not in kept
        assert not image.info
        assert not image.getexif()
        assert image.size == (128, 256)


def test_the_same_picture_is_kept_once_for_both(store, person, other):
    first = store.keep(person, new_picture(1))
    assert store.keep(other, new_picture(1, digit=9, confidence=0.1)) == first
    assert store.keep(person, new_picture(1)) == first
    assert store.count() == 1
    assert held(person) == held(other) == {first}
    with reading() as session:
        picture = session.get(Picture, first)
    assert (picture.digit, picture.confidence) == (1, 0.9)
    assert_in_step(store)


def test_a_picture_goes_with_its_last_holder(store, person, other):
    kept = store.keep(person, new_picture(1))
    store.keep(other, new_picture(1))
    assert store.let_go(person, kept)
    assert not store.let_go(person, kept)
    assert rows() == {kept}
    assert store.let_go(other, kept)
    assert rows() == set()
    assert files(store) == set()


def test_a_labelled_picture_stays_without_a_holder_until_the_label_goes(store, person):
    kept = store.keep(person, new_picture(1))
    assert store.label(kept, "7", by=person)
    store.let_go(person, kept)
    assert rows() == {kept}
    assert store.label(kept, None, by=person)
    assert rows() == set()
    assert files(store) == set()
    assert not store.label(kept, "7", by=person)


def test_a_history_keeps_the_newest_of_each_person(small, person, other):
    mine = [small.keep(person, new_picture(n)) for n in range(5)]
    theirs = [small.keep(other, new_picture(n)) for n in (3, 11, 12)]
    assert theirs[0] == mine[3]
    assert held(person) == set(mine[2:])
    more = [small.keep(person, new_picture(n)) for n in (20, 21, 22)]
    assert held(person) == set(more)
    # Theirs too, and so still there:
    assert rows() == {*more, *theirs}
    assert_in_step(small)


def test_labelled_and_imported_pictures_are_no_history(small, person):
    labelled = small.keep(person, new_picture(1))
    small.label(labelled, "none", by=person)
    imported = small.keep(person, new_picture(2, source="import", exempt=True))
    new = [small.keep(person, new_picture(n)) for n in range(10, 16)]
    assert held(person) == {labelled, imported, *new[3:]}
    assert_in_step(small)


def test_a_picture_is_history_again_when_its_label_is_taken_back(small, person):
    labelled = small.keep(person, new_picture(1))
    small.label(labelled, "1", by=person)
    new = [small.keep(person, new_picture(n)) for n in (2, 3, 4)]
    small.label(labelled, None, by=person)
    new.append(small.keep(person, new_picture(5)))
    assert held(person) == set(new[1:])


def test_what_was_imported_for_nobody_outlives_those_who_send_it_again(small, person):
    kept = small.keep(None, new_picture(1, source="import", exempt=True))
    assert small.keep(person, new_picture(1)) == kept
    assert small.let_go(person, kept)
    small.keep(person, new_picture(1))
    new = [small.keep(person, new_picture(n)) for n in range(2, 8)]
    assert held(person) == set(new[3:])
    small.label(kept, "3", by=person)
    small.label(kept, None, by=person)
    assert kept in rows()
    assert_in_step(small)


def test_an_imported_picture_goes_when_its_holder_wants_it(small, person):
    kept = small.keep(person, new_picture(1, source="import", exempt=True))
    assert small.let_go(person, kept)
    assert rows() == set()
    assert_in_step(small)


def test_one_person_labels_so_many_pictures_and_no_more(small, person, other):
    first, second, third = (small.keep(person, new_picture(n)) for n in range(3))
    small.label(first, "1", by=person)
    small.label(second, "2", by=person)
    with pytest.raises(LabelLimit) as refused:
        small.label(third, "3", by=person)
    assert refused.value.values == {"count": 2}
    small.label(first, "5", by=person)
    small.label(third, "3", by=other)
    small.label(first, None, by=person)
    small.label(third, None, by=other)
    assert small.label(third, "4", by=person)


@pytest.mark.parametrize("label", ["10", "", "7 ", "none ", "seven", "-1", "٧", 7, b"7"])
def test_other_labels_are_refused(store, person, label):
    kept = store.keep(person, new_picture(1))
    with pytest.raises(ValueError, match="label"):
        store.label(kept, label, by=person)


def test_a_vanished_file_comes_back_when_it_is_sent_again(store, person, other):
    kept = store.keep(person, new_picture(1))
    store.files.path(kept).unlink()
    assert store.keep(other, new_picture(1)) == kept
    assert store.files.path(kept).read_bytes() == new_picture(1).png
    assert_in_step(store)


@pytest.mark.parametrize("damage", [b"", b"7 bytes", b"x" * 2_000_000])
def test_a_damaged_file_is_replaced_when_it_is_sent_again(store, person, other, damage):
    kept = store.keep(person, new_picture(1))
    store.files.path(kept).write_bytes(damage)
    assert store.keep(other, new_picture(1)) == kept
    assert store.files.path(kept).read_bytes() == new_picture(1).png


def test_a_folder_in_a_pictures_place_makes_room_for_it(store, person):
    kept = store.keep(person, new_picture(1))
    path = store.files.path(kept)
    path.unlink()
    path.mkdir()
    (path / "important.txt").write_text("not to be lost")
    assert store.keep(person, new_picture(1)) == kept
    assert path.read_bytes() == new_picture(1).png
    assert [file.read_text() for file in store.files.trash.folder.rglob("*.txt")] == [
        "not to be lost"
    ]


@pytest.mark.parametrize("broken", ["fsync", "replace", "mkstemp", "mkdir"])
def test_a_full_disk_keeps_nothing(store, person, monkeypatch, broken):
    store.keep(person, new_picture(1))

    def fail(*args, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    places = {
        "fsync": "os.fsync",
        "replace": "pathlib.Path.replace",
        "mkstemp": "tempfile.mkstemp",
        "mkdir": "pathlib.Path.mkdir",
    }
    monkeypatch.setattr(places[broken], fail)
    with pytest.raises(StorageError, match="No space left"):
        store.keep(person, new_picture(2))
    monkeypatch.undo()
    assert len(rows()) == 1
    assert_in_step(store)


def test_a_folder_that_cannot_be_synced_keeps_nothing(store, person, monkeypatch):
    store.keep(person, new_picture(1))
    calls = []

    def fail_second(handle):
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr("os.fsync", fail_second)
    with pytest.raises(StorageError):
        store.keep(person, new_picture(2))
    assert len(rows()) == 1
    assert_in_step(store)


def test_a_file_that_cannot_come_back_changes_nothing(store, person, other, monkeypatch):
    kept = store.keep(person, new_picture(1))
    store.files.path(kept).unlink()

    def fail(handle):
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StorageError):
        store.keep(other, new_picture(1))
    assert held(other) == set()


def failing_at(statement):
    def fail(connection, cursor, text, parameters, context, executemany):
        if text.lstrip().upper().startswith(statement):
            raise OperationalError(text, parameters, Exception("database or disk is full"))

    return fail


@pytest.mark.parametrize("statement", ["INSERT INTO PICTURE", "INSERT INTO HOLDING"])
def test_a_database_that_fails_keeps_nothing(store, person, statement):
    fail = failing_at(statement)
    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(StorageError, match="database unusable"):
            store.keep(person, new_picture(1))
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)
    assert rows() == set()
    assert files(store) == set()
    store.keep(person, new_picture(1))
    assert_in_step(store)


def test_a_commit_that_fails_keeps_nothing(store, person):
    def fail(connection):
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(db.engine, "commit", fail)
    try:
        with pytest.raises(StorageError):
            store.keep(person, new_picture(1))
    finally:
        event.remove(db.engine, "commit", fail)
    assert rows() == set()
    assert files(store) == set()


def test_a_history_that_cannot_be_shortened_does_not_deny_what_was_kept(small, person, caplog):
    for number in range(3):
        small.keep(person, new_picture(number))
    fail = failing_at("DELETE FROM HOLDING")
    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        fourth = small.keep(person, new_picture(4))
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)
    assert fourth in held(person)
    assert len(held(person)) == 4
    small.keep(person, new_picture(5))
    assert len(held(person)) == 3
    assert_in_step(small)
