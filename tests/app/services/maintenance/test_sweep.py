"""The sweep at every start: what goes, what goes to the trash, and when nothing goes."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import StorageError
from app.services.maintenance.sweep import Sweeper
from app.services.pictures.images import ImageStore, Limits
from app.storage.database import utc_now
from app.storage.files import PictureFiles
from app.storage.trash import Trash
from app.web.services import get_services
from tests.app.stock import add_person, assert_in_step, fill, new_picture, rows


@pytest.fixture
def store(services):
    return services.images


@pytest.fixture
def person(services):
    return add_person("ann")


def sweep(store, clock=utc_now):
    return Sweeper(get_services().database, store, clock).sweep()


def trash(store):
    """Return what lies in the trash, by day and name."""
    folder = store.files.trash.folder
    return {str(path.relative_to(folder)) for path in folder.glob("*/*")}


def stray(store, name, age):
    path = store.files.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"stray")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_old_strays_go_to_the_trash_and_young_ones_stay(store, person):
    kept = store.keep(person, new_picture(1))
    os.utime(store.files.path(kept), (0, 0))
    ids = [f"00000000-0000-4000-8000-00000000000{n}.png" for n in range(2)]
    old, young = stray(store, ids[0], 3700), stray(store, ids[1], 3500)
    old_part, young_part = stray(store, ".part-a", 3700), stray(store, ".part-b", 3500)
    foreign = [stray(store, name, 99999) for name in ("notes.txt", "holiday.png", "x.PNG")]
    assert "1 file without" in sweep(store)
    assert not old.exists()
    assert trash(store) == {f"{utc_now().date()}/{ids[0]}"}
    assert not old_part.exists()
    assert young.exists()
    assert young_part.exists()
    assert all(path.exists() for path in foreign)
    assert store.files.path(kept).read_bytes() == new_picture(1).png


def test_the_sweep_changes_nothing_if_many_files_are_missing(store, person, caplog):
    ids = fill(90, folder=store.files.folder)
    old = stray(store, "00000000-0000-4000-8000-000000000000.png", 9999)
    store.files.path(ids[0]).unlink()
    said = sweep(store)
    assert "1 of 90 picture files is missing" in said
    backup, repair = said.index("A backup may still have"), said.index("check --repair --many")
    assert backup < repair
    assert "removes all other pictures without a file" in said
    assert "Nothing was changed" in said
    assert said in caplog.text
    assert len(rows()) == 90
    assert old.exists()


def test_the_sweep_changes_nothing_if_the_folder_is_away(store, person):
    for number in range(5):
        store.keep(person, new_picture(number))
    folder = store.files.folder
    folder.rename(folder.with_name("unmounted"))
    assert "Nothing was changed" in sweep(store)
    folder.with_name("unmounted").rename(folder)
    assert len(rows()) == 5
    assert_in_step(store)


def test_the_sweep_removes_rows_without_a_file_but_never_a_label(services, person):
    store = services.images
    ids = fill(250, user_id=person, folder=store.files.folder)
    store.label(ids[0], "5", by=person)
    for picture_id in ids[:2]:
        store.files.path(picture_id).unlink()
    said = sweep(store)
    assert "1 row without a file removed" in said
    assert "1 labelled picture is kept without a file. A backup" in said
    assert ids[0] in rows()
    assert ids[1] not in rows()
    assert "0 rows" in sweep(store)


def test_labelled_pictures_without_files_stop_no_sweep(services, person, caplog):
    """They stay whatever is done, so that every later start would be stopped as well."""
    store = services.images
    ids = [store.keep(person, new_picture(number)) for number in range(5)]
    for picture_id in ids[:2]:
        store.label(picture_id, "5", by=person)
        store.files.path(picture_id).unlink()
    old = stray(store, "00000000-0000-4000-8000-000000000000.png", 9999)
    said = sweep(store)
    assert "1 file without a row moved to the trash" in said
    assert "2 labelled pictures are kept without a file. A backup" in said
    assert "--repair" not in said
    assert not old.exists()
    assert rows() == set(ids)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_sweep_of_nothing(store):
    assert (
        sweep(store) == "0 files without a row moved to the trash, 0 rows without a file removed."
    )


def test_a_folder_that_cannot_be_read_is_said(store):
    store.files.folder.write_text("in the way")
    with pytest.raises(StorageError, match="folder unreadable"):
        sweep(store)


def test_the_sweep_throws_away_no_more_than_a_share(services):
    store = services.images
    fill(40, folder=store.files.folder)
    paths = [stray(store, f"{n:08}-0000-4000-8000-000000000000.png", 9999) for n in range(30)]
    said = sweep(store)
    assert "30 of 70 picture files have no row" in said
    assert "check --repair" in said
    assert all(path.exists() for path in paths)


def test_what_thirty_kills_leave_does_not_stop_the_sweep(services):
    store = services.images
    fill(300, folder=store.files.folder)
    for number in range(90):
        stray(store, f"{number:08}-0000-4000-8000-000000000000.png", 9999)
    assert "90 files" in sweep(store)
    assert len(trash(store)) == 90
    assert_in_step(store)


def test_rows_that_are_all_gone_take_no_file_with_them(services):
    store = services.images
    paths = [stray(store, f"{n:08}-0000-4000-8000-000000000000.png", 9999) for n in range(17)]
    assert "17 of 17" in sweep(store)
    assert all(path.exists() for path in paths)


def test_the_first_picture_ever_may_be_the_one_that_was_under_way(services):
    store = services.images
    stray(store, "00000000-0000-4000-8000-000000000000.png", 9999)
    assert "1 file without" in sweep(store)
    assert len(trash(store)) == 1


def test_the_trash_is_emptied_after_thirty_days(services, tmp_path):
    moment = datetime(2026, 11, 26, 12, tzinfo=UTC)
    bin_ = Trash(tmp_path / "trash", lambda: moment)
    store = ImageStore(
        services.database, PictureFiles(services.images.files.folder, bin_), Limits()
    )
    fill(20, folder=store.files.folder)
    stray(store, "00000000-0000-4000-8000-000000000000.png", 9999)
    (tmp_path / "trash").mkdir()
    (tmp_path / "trash" / "2020-my-own").mkdir()
    sweep(store)
    thrown = tmp_path / "trash/2026-11-26/00000000-0000-4000-8000-000000000000.png"
    assert thrown.read_bytes() == b"stray"
    moment += timedelta(days=30)
    sweep(store)
    assert thrown.exists()
    moment += timedelta(days=1)
    sweep(store)
    assert [path.name for path in (tmp_path / "trash").iterdir()] == ["2020-my-own"]


def test_a_clock_that_went_back_empties_nothing(services, tmp_path):
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    day = tmp_path / "trash" / "2026-11-26"
    day.mkdir(parents=True)
    store = ImageStore(
        services.database,
        PictureFiles(services.images.files.folder, Trash(tmp_path / "trash", lambda: moment)),
        Limits(),
    )
    fill(20, folder=store.files.folder)
    path = stray(store, "00000000-0000-4000-8000-000000000000.png", 9999)
    assert "0 files" in sweep(store, lambda: moment)
    assert path.exists()
    assert day.exists()


def test_what_its_owner_deletes_is_not_kept_in_the_trash(store, person):
    kept = store.keep(person, new_picture(1))
    store.files.path(kept).write_bytes(b"damaged")
    store.keep(person, new_picture(1))
    assert len(trash(store)) == 1
    store.let_go(person, kept)
    assert trash(store) == set()
    assert not store.files.path(kept).exists()
