"""Uploads of training data, done by a worker that is a process of its own, and killed."""

import random

import pytest

from benchmarks.attack.kill import drawn
from benchmarks.attack.kill_import import Upload, attack
from tests.app.applications import new_database
from tests.app.jobs.test_queue import redis_or_skip
from tests.app.programs import ROOT, running, site


@pytest.fixture
def pictures():
    dice = random.Random(7)
    return [drawn(dice) for _ in range(40)]


def test_kills_of_the_site_and_of_the_worker_leave_no_picture_half_there(tmp_path):
    seen = attack(ROOT, tmp_path / "instance", kills=1, pictures=300)
    assert {what: count for what, count in seen.items() if what.startswith("WRONG")} == {}
    assert seen["kills of the site"] >= 1
    assert seen["kills of the worker"] >= 1
    assert seen["pictures imported"] == 300 * seen["uploads"]


def test_an_import_with_its_queue_on_redis_and_its_rows_on_postgresql(tmp_path, pictures):
    with new_database("postgresql") as url:
        settings = {"DATABASE_URL": url, "REDIS_URL": redis_or_skip()}
        folder = tmp_path / "instance"
        worker = ("-m", "flask", "--app", "wsgi", "worker")
        with (
            site(tmp_path, **settings) as program,
            running(*worker, INSTANCE_PATH=folder, **settings) as process,
        ):
            assert "worker is ready" in process.line
            for stored, known in ((40, 0), (0, 40)):
                upload = Upload(program.site_port, pictures, number=1)
                upload.run()
                told = upload.result
                assert (told["stored"], told["known"], told["left_out"]) == (stored, known, [])
        assert not (folder / "digitnet.db").exists()
        assert not (folder / "queue.db").exists()
        assert len(list((folder / "saved_images").glob("*.png"))) == 40
        assert list((folder / "uploads").iterdir()) == []
