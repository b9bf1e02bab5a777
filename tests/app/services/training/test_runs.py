"""Runs of training, done by a worker with the real program as its child."""

import json
import shutil
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from app.services.models import DIGITS
from app.services.training import (
    TRAIN,
    DigitPreparation,
    NoSuchRun,
    RunFiles,
    RunRefused,
    RunSettings,
    RunTrainer,
    TrainingError,
    preparing,
)
from app.services.training import trainer as trainer_module
from app.storage.models import Job, TrainingRun, VersionMember
from cnn.models.model_file import load_model, save_model
from tests.app.collecting import in_folders, take_in, work
from tests.app.database import writing
from tests.app.stock import add_person
from tests.app.training import mnist_folder

QUICK = RunSettings(versions=("first",), mnist=False, quick=True)


@pytest.fixture
def owner(services):
    return add_person("ann")


@pytest.fixture
def version(services, owner):
    """A version of the data set with 40 digits."""
    take_in(services, owner, in_folders(40))
    services.versions.freeze("first", by=owner)


@pytest.fixture
def worker(services, version, tmp_path, monkeypatch):
    """Does the runs in this thread, with few pictures."""
    monkeypatch.setattr(preparing, "_QUICK_COMPARED", 20)
    services.models.look_again()

    def run():
        work(replace(services, run_trainer=make_trainer(services, tmp_path)))

    return run


def make_trainer(services, folder):
    digits = DigitPreparation(services.versions, services.models, mnist_folder=mnist_folder())
    return RunTrainer(
        services.database,
        services.runs,
        services.models,
        services.publisher,
        RunFiles(folder / "runs"),
        {"digits": digits},
    )


def test_a_run_trains_compares_and_adds_a_model_that_waits(services, owner, worker, tmp_path):
    run_id = services.runs.start(QUICK, by=owner)
    waiting = services.runs.find(run_id)
    assert (waiting.state, waiting.number, waiting.progress.epochs) == ("queued", 1, 2)
    worker()
    done = services.runs.find(run_id)
    assert (done.state, done.message) == ("finished", None), done.values
    assert (done.base, done.compared_with, done.model) == ("digits-1", "digits-1", "digits-2")
    assert done.progress.epoch == 2
    for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"):
        assert len(done.progress.history[name]) == 2
    assert [one["name"] for one in done.gate["sets"]] == [
        "mnist",
        "corruptions",
        "load_digits",
        "people",
    ]
    assert done.gate["candidate"]["name"] == "digits-2"
    assert done.decision == done.gate["decision"]
    assert [one["code"] for one in done.progress.log] == [
        "run_compares",
        "retrain_keeps_rejector",
    ]
    assert list((tmp_path / "runs").iterdir()) == []
    # It waits: nothing has changed yet.
    assert services.publisher.present_and_before(DIGITS)[0] == "digits-1"
    [added, _] = services.publisher.versions(DIGITS)
    assert added.version == "digits-2"
    [listed] = services.runs.recent()
    assert (listed.id, listed.gate, listed.decision) == (run_id, None, done.decision)
    assert services.jobs.find(_job_of(services, run_id)).state == "finished"


def _job_of(services, run_id):
    with services.database.reading() as session:
        return session.get(TrainingRun, run_id).job_id


class _Decided(RunTrainer):
    """Has a candidate at once, and a decision."""

    decision = "better"
    candidate = Path()

    def _prepare(self, task):
        task.note(base="digits-1", compared_with="digits-1")
        task.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.candidate, task.folder / "candidate.dnm")
        reason = {"set": "mnist", "candidate": 0.9, "in_service": 0.99, "margin": 0.0005}
        gate = {"decision": self.decision, "reasons": [reason], "candidate": {"name": "x"}}
        (task.folder / "gate.json").write_text(json.dumps(gate))


@pytest.fixture
def decided(services, tmp_path):
    """Do the runs that wait, with a decision."""
    services.models.look_again()
    path = tmp_path / "candidate.dnm"
    save_model(replace(load_model(), metadata={"name": "candidate"}), path)

    def one(decision):
        trainer = _Decided(
            services.database,
            services.runs,
            services.models,
            services.publisher,
            RunFiles(tmp_path / "runs"),
            {},
        )
        trainer.candidate, trainer.decision = path, decision
        work(replace(services, run_trainer=trainer))

    return one


@pytest.mark.parametrize(
    ("decision", "publish", "quick", "expected"),
    [
        ("better", "if_better", False, "digits-2"),
        ("better", "if_better", True, "digits-1"),
        ("better", "never", False, "digits-1"),
        ("as_good", "if_better", False, "digits-1"),
        ("worse", "if_better", False, "digits-1"),
    ],
)
def test_a_better_model_goes_in_service_by_itself_if_that_was_asked_for(
    services, owner, decided, decision, publish, quick, expected
):
    run_id = services.runs.start(RunSettings(publish=publish, quick=quick), by=owner)
    decided(decision)
    run = services.runs.find(run_id)
    assert (run.state, run.decision) == ("finished", decision), run.values
    assert services.publisher.present_and_before(DIGITS)[0] == expected
    published = [one["code"] for one in run.progress.log if one["code"] == "run_published"]
    assert len(published) == (expected == "digits-2")
    if published:
        [publication] = services.registry.history(DIGITS)
        assert (publication.published_by, publication.reason) == (owner, "Training run 1: better")


def test_a_worse_model_is_refused_with_figures(services, owner, decided):
    run_id = services.runs.start(RunSettings(), by=owner)
    with pytest.raises(RunRefused) as refused:
        services.runs.publish(run_id, by=owner)
    assert refused.value.code == "run_without_model"
    decided("worse")
    with pytest.raises(RunRefused) as refused:
        services.runs.publish(run_id, by=owner)
    assert refused.value.code == "run_worse"
    assert refused.value.values == {"set": "mnist", "before": "99.00", "after": "90.00"}
    assert services.registry.history(DIGITS) == []


def test_a_model_is_published_once_and_not_over_one_it_was_not_compared_with(
    services, owner, decided
):
    first, second = (services.runs.start(RunSettings(), by=owner) for _ in range(2))
    decided("as_good")
    assert services.runs.publish(first, by=owner, reason="tried") == "digits-2"
    assert services.runs.publish(first, by=owner) == "digits-2"
    assert [one.reason for one in services.registry.history(DIGITS)] == ["tried"]
    services.publisher.publish("digits-1")
    services.publisher.publish("digits-2")
    # The second run's file is the same model, so its version is as well.
    assert services.runs.publish(second, by=owner) == "digits-2"
    services.publisher.publish("digits-1")
    with writing() as session:
        session.execute(update(TrainingRun).values(compared_with="digits-0"))
    with pytest.raises(RunRefused) as refused:
        services.runs.publish(second, by=owner)
    assert refused.value.code == "run_overtaken"
    assert refused.value.values == {"present": "digits-1", "compared": "digits-0"}


def test_another_model_put_in_service_meanwhile_stays(services, owner, decided, tmp_path):
    other = tmp_path / "other.dnm"
    save_model(replace(load_model(), metadata={"name": "digits-7"}), other)
    services.publisher.add(other)
    services.publisher.publish("digits-7")
    run_id = services.runs.start(RunSettings(publish="if_better"), by=owner)
    decided("better")
    run = services.runs.find(run_id)
    assert run.progress.log[-1]["code"] == "run_overtaken"
    assert services.publisher.present_and_before(DIGITS)[0] == "digits-7"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (RunSettings(versions=("nothing",)), "run_version"),
        (RunSettings(versions=("first", "x" * 100)), "run_version"),
    ],
)
def test_versions_must_be_there(services, owner, version, settings, code):
    with pytest.raises(TrainingError) as refused:
        services.runs.start(settings, by=owner)
    assert refused.value.code == code
    assert services.runs.recent() == []


def test_a_refusal_of_the_training_ends_the_run_with_its_sentence(services, owner, worker):
    only_sevens = update(VersionMember).values(label="7")
    with writing() as session:
        session.execute(only_sevens)
    run_id = services.runs.start(replace(QUICK, base="scratch"), by=owner)
    worker()
    run = services.runs.find(run_id)
    expected = {"digits": "0, 1, 2, 3, 4, 5, 6, 8, 9"}
    assert (run.state, run.message) == ("failed", "retrain_digits_missing")
    assert run.values == expected


def test_a_run_that_waits_or_runs_is_cancelled_and_leaves_nothing(
    services, owner, worker, tmp_path
):
    waits = services.runs.start(QUICK, by=owner)
    assert services.runs.cancel(waits).state == "cancelled"
    with pytest.raises(RunRefused) as refused:
        services.runs.cancel(waits)
    assert refused.value.code == "run_ended"
    with pytest.raises(NoSuchRun):
        services.runs.cancel(uuid4())

    runs = services.runs.start(replace(QUICK, epochs=200), by=owner)
    thread = threading.Thread(target=worker)
    thread.start()
    until = time.monotonic() + 60
    while services.runs.find(runs).progress.epoch < 1:
        assert time.monotonic() < until
        time.sleep(0.05)
    services.runs.cancel(runs)
    thread.join(60)
    assert not thread.is_alive()
    assert services.runs.find(runs).state == "cancelled"
    assert list((tmp_path / "runs").iterdir()) == []


def test_how_runs_ended_outlasts_their_jobs(services, owner, tmp_path):
    trainer = make_trainer(services, tmp_path)
    cancelled, lost, waits = (services.runs.start(RunSettings(), by=owner) for _ in range(3))
    services.runs.cancel(cancelled)
    for run_id in (cancelled, lost, waits):
        (tmp_path / "runs" / str(run_id)).mkdir(parents=True)
    (tmp_path / "runs" / f"{cancelled}.new").mkdir()
    with writing() as session:
        session.execute(delete(Job).where(Job.id == _job_of(services, lost)))
    trainer.sweep()
    with writing() as session:
        session.execute(delete(Job).where(Job.kind == TRAIN))
    states = {one.id: (one.state, one.message) for one in services.runs.recent()}
    assert states[cancelled] == ("cancelled", None)
    assert states[lost] == ("failed", "run_interrupted")
    assert [one.name for one in (tmp_path / "runs").iterdir()] == [str(waits)]


def test_a_child_that_dies_again_and_again_ends_the_run(services, owner, worker, monkeypatch):
    monkeypatch.setattr(trainer_module, "_PAUSE", 0.0)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    run_id = services.runs.start(QUICK, by=owner)
    worker()
    run = services.runs.find(run_id)
    assert (run.state, run.message) == ("failed", "run_interrupted")
