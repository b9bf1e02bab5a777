"""Kills of the trainer, the worker and the site while all are at work, and what would be noticed.

benchmarks/attack/kill_all.py does the same fifty times each, and prints the figures.
"""

import io

import pytest
from PIL import Image

from benchmarks.attack.kill_all import attack
from benchmarks.attack.stored import Found, Store
from tests.app.applications import new_database
from tests.app.jobs.test_queue import redis_or_skip
from tests.app.programs import ROOT
from tests.app.stock import add_person, new_picture
from tests.app.training import mnist_folder


@pytest.mark.parametrize("kind", ["sqlite", "postgresql and redis"])
def test_kills_of_all_lose_nothing_and_leave_nothing(tmp_path, kind):
    mnist_folder()
    with new_database(kind.partition(" ")[0]) as url:
        settings = {"DATABASE_URL": url, "REDIS_URL": redis_or_skip()} if url else {}
        result = attack(
            ROOT, tmp_path / "instance", times=1, pictures=30, epochs=2, settings=settings
        )
    assert result.is_right, str(result)
    assert set(result.times.values()) == {1}
    assert result.seen["drawings acknowledged"] > 0
    assert result.seen["pictures imported"] > 0
    assert result.seen["runs finished"] >= 1


@pytest.fixture
def stored(site, services, settings):
    """The store of a site with three labelled pictures, and their ids with their labels."""
    person = add_person()
    kept = {
        str(services.images.keep_labelled(person, new_picture(number), "1").id): "1"
        for number in range(3)
    }
    store = Store(services.images.files.folder.parent, site.config["SQLALCHEMY_DATABASE_URI"])
    assert store.look(kept) == Found()
    return store, kept


def test_a_file_that_is_gone_is_noticed(stored):
    store, kept = stored
    one = next(iter(kept))
    (store.instance / "saved_images" / f"{one}.png").unlink()
    assert store.look(kept) == Found(lost={one}, half_there={one})


@pytest.mark.parametrize("content", [b"", b"\x89PNG half of it"])
def test_half_a_file_is_noticed(stored, content):
    store, kept = stored
    one = next(iter(kept))
    (store.instance / "saved_images" / f"{one}.png").write_bytes(content)
    assert store.look(kept, anew=True) == Found(half_there={one})


def test_other_pictures_and_labels_than_were_acknowledged_are_noticed(stored):
    store, kept = stored
    first, *_ = kept
    unknown = "00000000-0000-0000-0000-000000000000"
    found = store.look(kept | {first: "2", unknown: "1"})
    assert found == Found(lost={unknown}, half_there={first})


def test_a_file_without_a_row_is_noticed_and_what_is_temporary(stored):
    store, kept = stored
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "PNG")
    folder = store.instance / "saved_images"
    stray = "11111111-1111-1111-1111-111111111111"
    (folder / f"{stray}.png").write_bytes(file.getvalue())
    (folder / ".part-1").write_bytes(b"half")
    assert store.look(kept) == Found(without_row={stray})
    assert store.unfinished() == ["saved_images/.part-1"]
    assert store.left() == ["saved_images/.part-1", f"saved_images/{stray}.png"]
