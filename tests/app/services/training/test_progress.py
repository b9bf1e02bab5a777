"""How far a run is, as read from the file of events."""

import json
from itertools import pairwise

import pytest

from app.services.training.progress import Progress


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.jsonl"


def write(file, *events):
    with file.open("a") as opened:
        opened.writelines(f"{json.dumps(event)}\n" for event in events)


def batch(epoch, number, of, loss=0.5):
    return {
        "event": "batch",
        "epoch": epoch,
        "batch": number,
        "batches": of,
        "loss": loss,
        "accuracy": 1 - loss,
        "seconds_left": 7.5,
    }


def epoch(number, loss):
    return {"event": "epoch", "epoch": number, "loss": loss, "val_accuracy": 0.9}


def start(epochs=4, resumed_at=0):
    return {"event": "start", "epochs": epochs, "batches": 10, "resumed_at": resumed_at}


def test_events_become_curves_phases_and_a_log(file):
    progress = Progress()
    assert not progress.follow(file)
    write(file, {"event": "phase", "phase": "loading"})
    assert progress.follow(file)
    assert not progress.follow(file)
    keeps = {"event": "log", "code": "retrain_keeps_rejector", "values": {"base": "digits-1"}}
    write(file, keeps, {"event": "phase", "phase": "training"}, start())
    write(file, batch(1, 5, 10), epoch(1, 0.4), batch(2, 10, 10, 0.2), {"event": "unknown"})
    assert progress.follow(file)
    assert (progress.phase, progress.epoch, progress.epochs) == ("training", 1, 4)
    assert progress.seconds_left == 7.5
    assert progress.history == {"loss": [0.4], "val_accuracy": [0.9]}
    assert progress.batches == {"epoch": [0.5, 2.0], "loss": [0.5, 0.2], "accuracy": [0.5, 0.8]}
    assert [one["code"] for one in progress.log] == ["retrain_keeps_rejector"]
    write(file, {"event": "phase", "phase": "comparing"})
    progress.follow(file)
    assert progress.dump()["phase"] == "comparing"
    assert progress.dump()["seconds_left"] is None


def test_half_a_line_waits_for_its_rest(file):
    progress = Progress()
    line = json.dumps({"event": "phase", "phase": "loading"})
    file.write_text(line[:12])
    assert not progress.follow(file)
    file.write_text(f"{line}\n")
    assert progress.follow(file)
    assert progress.phase == "loading"


def test_it_goes_on_where_another_worker_read_to(file):
    write(file, start(), epoch(1, 0.4))
    first = Progress()
    first.follow(file)
    write(file, epoch(2, 0.3))
    second = Progress(json.loads(json.dumps(first.dump())))
    second.follow(file)
    assert second.history["loss"] == [0.4, 0.3]


def test_what_was_after_the_checkpoint_is_forgotten(file):
    progress = Progress()
    write(file, start(), batch(1, 10, 10), epoch(1, 0.4), batch(2, 10, 10), epoch(2, 0.3))
    write(file, batch(3, 5, 10), start(resumed_at=1), batch(2, 3, 10, 0.35))
    progress.follow(file)
    assert progress.history["loss"] == [0.4]
    assert progress.batches["epoch"] == [1.0, 1.3]
    [said] = progress.log
    assert (said["code"], said["values"]) == ("run_goes_on", {"epoch": 1})


def test_many_points_are_thinned_evenly(file):
    progress = Progress()
    write(file, start(), *(batch(1, number, 5000) for number in range(1, 5001)))
    progress.follow(file)
    moments = progress.batches["epoch"]
    assert 100 < len(moments) <= 400
    steps = {round(after - before, 4) for before, after in pairwise(moments)}
    assert len(steps) == 1
    assert {len(values) for values in progress.batches.values()} == {len(moments)}
