"""Runs of models of other classes, done by a worker with the real program as its child."""

import io
import os
import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

import cnn
from app.errors import CodedError, MaintenanceError
from app.languages import ENGLISH
from app.sentences import say_error
from app.services.training import PictureSettings, RunRefused
from app.services.training import runs as runs_module
from app.storage.models import Job, TrainingRun
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.reading.classifier import classify
from tests.app.collecting import packed, work
from tests.app.database import reading, writing
from tests.app.folders import colour, colours, lying
from tests.app.stock import add_person

QUICK = PictureSettings(model="colours", size=16, epochs=2)


@pytest.fixture
def owner(services):
    services.models.look_again()
    return add_person("ann")


@pytest.fixture
def folder(shared_settings):
    """Where runs have what they need on the disk."""
    folder = shared_settings.instance_path / "runs"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def kept(folder):
    """List what runs have on the disk."""
    return lambda: sorted(path.name for path in folder.iterdir())


def start(services, owner, files=None, settings=QUICK):
    content = files if isinstance(files, bytes) else packed(colours(16) if files is None else files)
    return services.runs.start_pictures(settings, io.BytesIO(content), file="colours.zip", by=owner)


def test_a_run_of_other_classes_trains_and_waits_and_is_put_in_service(services, owner, kept):
    run_id = start(services, owner)
    waiting = services.runs.find(run_id)
    assert (waiting.state, waiting.settings.model) == ("queued", "colours")
    assert waiting.settings.counts == {"blue": 16, "red": 16}
    assert kept() == [f"{run_id}.zip"]
    work(services)
    done = services.runs.find(run_id)
    assert (done.state, done.message) == ("finished", None), done.values
    assert (done.base, done.compared_with, done.model) == (None, None, "colours-1")
    assert done.decision == "first"
    assert (done.progress.epoch, done.progress.epochs) == (2, 2)
    assert len(done.progress.history["val_accuracy"]) == 2
    assert [one["code"] for one in done.progress.log] == ["run_first"]
    assert done.gate["card"]["classes"] == ["blue", "red"]
    assert done.gate["candidate"]["name"] == "colours-1"
    assert kept() == []
    # It waits, and nothing answers under the name.
    assert "colours" not in services.models.names
    assert services.runs.publish(run_id, by=owner, reason="tried") == "colours-1"
    model = services.models.get("colours").model
    assert classify(model, colour("red", 500)).probabilities.keys() == {"blue", "red"}
    assert model.metadata["tested_on"] == "held-out pictures"


def test_the_next_version_is_compared_published_rolled_back_and_removed(services, owner, kept):
    first = start(services, owner, settings=replace(QUICK, epochs=1, publish="if_better"))
    work(services)
    assert services.publisher.in_service()["colours"] == "colours-1"
    run = services.runs.find(first)
    assert [one["code"] for one in run.progress.log] == ["run_first", "run_published_first"]
    assert "the first version of its name" in services.registry.history("colours")[0].reason

    # The same classes, in folders within parts; one file is no picture, and one in no folder.
    files = colours(20, within="train/") | colours(10, within="test/", seed=90)
    files |= {"train/red/notes": b"no picture", "train/README": b"colours"}
    second = start(services, owner, files, replace(QUICK, size=24, channels=1, augment="flip"))
    work(services)
    run = services.runs.find(second)
    assert (run.state, run.message) == ("finished", None), run.values
    assert (run.compared_with, run.model) == ("colours-1", "colours-2")
    assert run.decision in ("better", "as_good", "worse")
    [compared] = run.gate["sets"]
    assert (compared["name"], compared["count"]) == ("test", 20)
    told = {one["code"]: one["values"] for one in run.progress.log}
    assert told.keys() == {"run_compares", "run_files_beside", "retrain_left_out"}
    assert told["retrain_left_out"] == {"count": 1, "names": "train/red/notes"}
    assert kept() == []
    assert services.publisher.in_service()["colours"] == "colours-1"

    # Whatever the comparison has found: another machine's arithmetic may find otherwise.
    decide(run.gate, "as_good")
    assert services.runs.publish(second, by=owner) == "colours-2"
    assert services.models.get("colours").model.input_shape == (1, 24, 24)
    assert services.publisher.roll_back("colours", by=owner) == "colours-1"
    assert services.models.get("colours").model.name == "colours-1"
    services.publisher.remove("colours-2")
    with pytest.raises(MaintenanceError):
        services.runs.publish(second, by=owner)


def decide(gate, decision):
    with writing() as session:
        newest = update(TrainingRun).where(TrainingRun.number == 2)
        session.execute(newest.values(gate=gate | {"decision": decision}))


def test_a_name_that_ships_gets_its_next_version(services, owner):
    animals = {"blue": "cats", "red": "dogs"}
    files = {
        f"{animals[name.split('/')[0]]}/{place}.png": content
        for place, (name, content) in enumerate(colours(8).items())
    }
    run_id = start(services, owner, files, replace(QUICK, model="cats-dogs", epochs=1))
    work(services)
    run = services.runs.find(run_id)
    assert (run.compared_with, run.model) == ("cats-dogs-1", "cats-dogs-2"), run.values
    assert services.publisher.in_service()["cats-dogs"] == "cats-dogs-1"


@pytest.mark.parametrize(
    ("files", "settings", "code"),
    [
        (b"no archive", {}, "archive_damaged"),
        (colours(3, ["blue"]), {}, "pictures_one_class"),
        (colours(1), {}, "pictures_few"),
        (colours(2, within="../"), {}, "archive_outside"),
        (colours(2), {"model": "cats-dogs"}, "pictures_other_classes"),
        (
            {f"{name}/{number}": b"" for name in "ab" for number in range(7000)},
            {"size": 128},
            "pictures_memory",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_refused_and_nothing_is_kept(
    services, owner, kept, files, settings, code
):
    with pytest.raises(CodedError) as refused:
        start(services, owner, files, replace(QUICK, **settings))
    assert refused.value.code == code
    assert "Nothing was stored." in say_error(refused.value, ENGLISH)
    assert kept() == []
    assert services.runs.recent() == []


def test_so_many_archives_wait_and_no_more(services, owner, kept, monkeypatch):
    monkeypatch.setattr(runs_module, "_MOST_ARCHIVES", 1)
    first = start(services, owner)
    with pytest.raises(RunRefused) as refused:
        start(services, owner)
    assert refused.value.code == "archives_waiting"
    assert kept() == [f"{first}.zip"]
    services.runs.cancel(first)
    assert kept() == []
    services.runs.cancel(start(services, owner))
    assert kept() == []


@pytest.mark.parametrize(
    ("files", "code", "values"),
    [
        (lying(), "archive_damaged", {"name": "colours.zip"}),
        (
            colours(3) | {f"green/{number}": b"no picture" for number in range(3)},
            "retrain_class_unreadable",
            {"name": "green"},
        ),
    ],
)
def test_what_turns_out_while_it_is_at_work_is_said_and_nothing_stays(
    services, owner, kept, files, code, values
):
    run_id = start(services, owner, files)
    work(services)
    run = services.runs.find(run_id)
    assert (run.state, run.message, run.values) == ("failed", code, values)
    assert kept() == []


def test_an_archive_that_is_gone_ends_its_run(services, owner, folder):
    run_id = start(services, owner)
    (folder / f"{run_id}.zip").unlink()
    work(services)
    assert services.runs.find(run_id).message == "upload_gone"


def test_a_run_that_is_cancelled_at_work_leaves_nothing(services, owner, kept):
    run_id = start(services, owner, settings=replace(QUICK, epochs=300))
    thread = threading.Thread(target=work, args=(services,))
    thread.start()
    until = time.monotonic() + 200
    while services.runs.find(run_id).progress.epoch < 1:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert kept() == [str(run_id)]
    services.runs.cancel(run_id)
    thread.join(60)
    assert not thread.is_alive()
    assert services.runs.find(run_id).state == "cancelled"
    assert kept() == []


def test_what_a_kill_leaves_is_swept_but_not_what_is_about_to_begin(services, owner, kept, folder):
    waits, lost = start(services, owner), start(services, owner)
    old, young = (folder / f"{uuid4()}.zip" for _ in range(2))
    for path in (old, young):
        path.write_bytes(b"")
    for path in (old, folder / f"{waits}.zip", folder / f"{lost}.zip"):
        os.utime(path, (0, 0))
    with reading() as session:
        job = session.get(TrainingRun, lost).job_id
    with writing() as session:
        session.execute(delete(Job).where(Job.id == job))
    services.run_trainer.sweep()
    assert kept() == sorted((f"{waits}.zip", young.name))
    young.unlink()
    services.runs.cancel(waits)


def test_the_first_of_a_name_does_not_take_the_place_of_another_one(services, owner, tmp_path):
    run_id = start(services, owner)
    services.runs.cancel(run_id)
    values = {
        "state": "finished",
        "gate": {"decision": "first", "reasons": [], "sets": []},
        "model": "pets-1",
        "settings": QUICK.dump() | {"model": "pets"},
    }
    with writing() as session:
        session.execute(update(TrainingRun).values(values))
    model = load_model(CATS_DOGS_MODEL)
    for number in (1, 2):
        path = tmp_path / f"{number}.dnm"
        cnn.save_model(replace(model, metadata={"name": "pets", "seed": number}), path)
        services.publisher.add(path, name="pets", publish_first=False)
    services.publisher.publish("pets-2")
    with pytest.raises(RunRefused) as refused:
        services.runs.publish(run_id, by=owner)
    told = (refused.value.code, refused.value.values)
    assert told == ("run_overtaken_first", {"present": "pets-2"})
