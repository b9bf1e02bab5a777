"""python -m cnn retrain: what it writes, that it goes on after a kill, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn.cli import main
from cnn.models.model_file import DIGIT_MODEL, load_model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, mnist_folder: Path, sheet: tuple[np.ndarray, np.ndarray]) -> Path:
    """Return a folder of a short run: 30 digits to learn from, and 10 held out."""
    images, labels = sheet
    save(tmp_path / "few.npz", images, labels)
    write(tmp_path, mnist_folder=str(mnist_folder))
    return tmp_path


def save(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    held_out = np.arange(len(labels)) >= len(labels) - 10
    np.savez(path, images=images, labels=labels.astype(np.int64), held_out=held_out)


def write(folder: Path, **changes: Any) -> None:
    settings = {
        "base": str(DIGIT_MODEL),
        "in_service": str(DIGIT_MODEL),
        "examples": ["few.npz"],
        "mnist": False,
        "epochs": 2,
        "compared": 20,
        "name": "digits-7",
    }
    (folder / "settings.json").write_text(json.dumps(settings | changes))


def events(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "progress.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "cnn", "retrain", str(folder))
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def test_it_trains_compares_and_goes_on_after_a_kill_to_the_same_end(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with start(folder) as child:
        while not (folder / "checkpoint.dnm").exists():
            assert child.poll() is None, child.communicate()
            time.sleep(0.01)
        child.kill()
    with start(folder) as child:
        assert child.wait() == 0, child.communicate()

    told = events(folder)
    assert told[:4] == [
        {"event": "phase", "phase": "loading"},
        {"event": "log", "code": "retrain_keeps_rejector", "values": {"base": "digits-1"}},
        {"event": "phase", "phase": "training"},
        {"event": "start", "epochs": 2, "batches": 1, "resumed_at": 0},
    ]
    starts = [one["resumed_at"] for one in told if one["event"] == "start"]
    assert len(starts) == 2
    assert starts[1] in (1, 2)
    assert [one["epoch"] for one in told if one["event"] == "epoch"] == [1, 2]
    epoch = next(one for one in told if one["event"] == "epoch")
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"} <= epoch.keys()
    assert told[-3:] == [
        {"event": "phase", "phase": "calibrating"},
        {"event": "phase", "phase": "comparing"},
        {"event": "end"},
    ]

    gate = json.loads((folder / "gate.json").read_text())
    assert [(one["name"], one["count"]) for one in gate["sets"]] == [
        ("mnist", 20),
        ("corruptions", 13),
        ("load_digits", 20),
        ("people", 10),
    ]
    assert gate["decision"] in ("better", "as_good", "worse")
    model = load_model(folder / "candidate.dnm")
    assert model.metadata["name"] == gate["candidate"]["name"] == "digits-7"
    assert model.metadata["trained_on"] == "30 collected digits, going on from digits-1"
    assert len(model.metadata["history"]["val_loss"]) == 2
    said = {"base": "digits-1", "collected": 30, "collected_held_out": 10, "epochs": 2}
    assert said.items() <= model.metadata.items()
    assert model.metadata["mnist"] is False
    assert sum(map(sum, model.metadata["confusion_matrix"])) == 20

    whole = tmp_path_factory.mktemp("whole")
    for name in ("settings.json", "few.npz"):
        (whole / name).write_bytes((folder / name).read_bytes())
    with start(whole) as child:
        assert child.wait() == 0
    without_break = load_model(whole / "candidate.dnm").network.state_dict()
    for name, array in model.network.state_dict().items():
        np.testing.assert_array_equal(array, without_break[name])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"epoch": 3}, "retrain_settings"),
        ({"epochs": 0}, "retrain_settings"),
        ({"epochs": "3"}, "retrain_settings"),
        ({"rate": -1}, "retrain_settings"),
        ({"rate": "high"}, "retrain_settings"),
        ({"augment": {"rotation": -5}}, "retrain_settings"),
        ({"augment": {"turn": 5}}, "retrain_settings"),
        ({"augment": 5}, "retrain_settings"),
        ({"workers": 0}, "retrain_settings"),
        ({"workers": None}, "retrain_settings"),
        ({"compared": 0}, "retrain_settings"),
        ({"examples": [5]}, "retrain_settings"),
        ({"examples": "few.npz"}, "retrain_settings"),
        ({"base": 5}, "retrain_settings"),
        ({"in_service": None}, "retrain_settings"),
        ({"mnist": "no"}, "retrain_settings"),
        ({"seed": -1}, "retrain_settings"),
        ({"name": None}, "retrain_settings"),
        ({"base": "missing.dnm"}, "retrain_model"),
        ({"in_service": "settings.json"}, "retrain_model"),
        ({"examples": ["missing.npz"]}, "retrain_examples"),
        ({"examples": ["settings.json"]}, "retrain_examples"),
        ({"examples": []}, "retrain_no_examples"),
        ({"mnist_folder": "/nowhere"}, "retrain_mnist_missing"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_by_a_code(
    folder: Path,
    mnist_folder: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    code: str,
) -> None:
    write(folder, **{"mnist_folder": str(mnist_folder)} | changes)
    assert main(["retrain", str(folder)]) == 2
    sentence, last = capsys.readouterr().err.splitlines()[-2:]
    assert sentence.startswith("cnn: ")
    assert json.loads(last)["code"] == code
    assert not (folder / "candidate.dnm").exists()


def test_a_child_ends_with_its_parent_and_says_how_it_ended(folder: Path) -> None:
    command = (sys.executable, "-m", "cnn", "retrain", str(folder), "--child")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as child:
        while not (folder / "progress.jsonl").exists():
            assert child.poll() is None
            time.sleep(0.01)
        ours, its = (os.getpriority(os.PRIO_PROCESS, one) for one in (0, child.pid))
        assert its == min(ours + 10, 19)
        child.communicate()  # closes its standard input
        assert child.returncode == 1
    (folder / "few.npz").write_bytes(b"")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as child:
        assert child.wait() == 2


def test_a_version_of_the_sites_data_set_will_do(folder: Path) -> None:
    with np.load(folder / "few.npz") as file:
        images, labels, held_out = file["images"], file["labels"], file["held_out"]
    split = np.where(held_out, "validation", "train")
    np.savez(folder / "few.npz", images=images, labels=labels.astype(np.uint8), split=split)
    with start(folder) as child:
        assert child.wait() == 0, child.communicate()
    metadata = load_model(folder / "candidate.dnm").metadata
    assert (metadata["collected"], metadata["collected_held_out"]) == (30, 10)


def test_from_scratch_a_rejector_is_trained_and_its_epochs_are_not_told(
    folder: Path, mnist_folder: Path
) -> None:
    write(folder, mnist_folder=str(mnist_folder), base=None, epochs=1)
    with np.load(folder / "few.npz") as file:
        np.savez(folder / "few.npz", **{**file, "held_out": np.arange(40) % 4 == 0})
    assert main(["retrain", str(folder)]) == 0
    told = events(folder)
    assert [one["event"] for one in told].count("epoch") == 1
    assert told[1]["code"] == "retrain_trains_rejector"
    model = load_model(folder / "candidate.dnm")
    assert model.rejector is not None
    assert model.metadata["base"] is None
    assert json.loads((folder / "gate.json").read_text())["decision"] == "worse"


def test_from_scratch_without_mnist_every_digit_is_needed(
    folder: Path, mnist_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = np.zeros((30, 28, 28), np.uint8)
    save(folder / "few.npz", images, np.arange(30) % 9)
    write(folder, mnist_folder=str(mnist_folder), base=None)
    assert main(["retrain", str(folder)]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert json.loads(last) == {"code": "retrain_digits_missing", "values": {"digits": "9"}}


def test_the_checkpoint_of_another_run_is_refused(
    folder: Path, mnist_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, mnist_folder=str(mnist_folder), epochs=1)
    assert main(["retrain", str(folder)]) == 0
    write(folder, mnist_folder=str(mnist_folder), epochs=1, seed=8)
    assert main(["retrain", str(folder)]) == 2
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["code"] == "retrain_checkpoint"


def test_a_damaged_file_of_examples_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "few.npz"
    path.write_bytes(path.read_bytes()[:-100])
    assert main(["retrain", str(folder)]) == 2
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["code"] == "retrain_examples"


@pytest.mark.parametrize(
    ("images", "labels", "held_out"),
    [
        (np.zeros((3, 28, 28), np.float32), np.zeros(3, np.int64), np.zeros(3, bool)),
        (np.zeros((3, 20, 20), np.uint8), np.zeros(3, np.int64), np.zeros(3, bool)),
        (np.zeros((3, 28, 28), np.uint8), np.full(3, 10), np.zeros(3, bool)),
        (np.zeros((3, 28, 28), np.uint8), np.zeros(2, np.int64), np.zeros(3, bool)),
        (np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.int64), np.zeros(2, bool)),
        (np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.int64), np.zeros(3, np.int64)),
        (np.array([None]), np.zeros(1, np.int64), np.zeros(1, bool)),
        (np.uint8(3), np.int64(3), np.True_),
    ],
)
def test_arrays_that_are_no_digits_are_refused(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
) -> None:
    np.savez(folder / "few.npz", images=images, labels=labels, held_out=held_out)
    assert main(["retrain", str(folder)]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert json.loads(last) == {"code": "retrain_examples", "values": {"name": "few.npz"}}
