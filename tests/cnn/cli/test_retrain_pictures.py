"""python -m cnn retrain of pictures in folders: what comes of it, and what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn.cli import main
from cnn.models.model_file import CATS_DOGS_MODEL, load_model

ROOT = Path(__file__).parents[3]
COLOURS = ((40, 60, 200), (200, 60, 40))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a short run: of two colours 24 pictures to learn from, 8 held out."""
    fill(tmp_path / "pictures" / "train", 24)
    fill(tmp_path / "pictures" / "validation", 8, seed=1)
    write(tmp_path)
    return tmp_path


def fill(folder: Path, count: int, seed: int = 0) -> None:
    rng = np.random.default_rng(seed)
    for number, colour in enumerate(COLOURS):
        (folder / str(number)).mkdir(parents=True)
        for place in range(count):
            pixels = np.array(colour) + rng.normal(0, 40, (24, 30, 3))
            image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            image.save(folder / str(number) / str(place), "PNG")


def write(folder: Path, **changes: Any) -> None:
    settings = {"task": "pictures", "classes": ["blue", "red"], "size": 16, "epochs": 2}
    (folder / "settings.json").write_text(json.dumps(settings | changes))


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "cnn", "retrain", str(folder))
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def test_the_first_of_its_name_is_measured_and_has_a_card(folder: Path) -> None:
    write(folder, name="colours", augment="flip,zoom=0.1")
    assert main(["retrain", str(folder)]) == 0
    told = events(folder)
    assert [one["phase"] for one in told if one["event"] == "phase"] == [
        *("loading", "training", "calibrating", "comparing"),
    ]
    model = load_model(folder / "candidate.dnm")
    assert (model.name, model.classes, model.input_shape) == (
        "colours",
        ("blue", "red"),
        (3, 16, 16),
    )
    assert model.novelty is not None
    assert model.metadata["trained_on"] == "48 pictures: 24 blue, 24 red"
    gate = json.loads((folder / "gate.json").read_text())
    assert (gate["decision"], gate["in_service"], gate["changed"]) == ("first", None, [])
    card = gate["card"]
    assert (card["classes"], card["count"]) == (["blue", "red"], 16)
    assert card["tested_on"] == "held-out pictures"
    assert sum(map(sum, card["confusion_matrix"])) == 16
    assert card["accuracy"] == model.metadata["accuracy"]
    assert "history" not in card


def test_it_goes_on_after_a_kill_to_the_same_end(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(folder, epochs=6)
    with start(folder) as child:
        while not (folder / "checkpoint.dnm").exists():
            assert child.poll() is None, child.communicate()
            time.sleep(0.01)
        child.kill()
    with start(folder) as child:
        assert child.wait() == 0, child.communicate()
    starts = [one["resumed_at"] for one in events(folder) if one["event"] == "start"]
    assert starts[0] == 0
    assert starts[1] >= 1
    whole = tmp_path_factory.mktemp("whole")
    (folder / "pictures").rename(whole / "pictures")
    write(whole, epochs=6)
    assert main(["retrain", str(whole)]) == 0
    without_break = load_model(whole / "candidate.dnm").network.state_dict()
    for name, array in load_model(folder / "candidate.dnm").network.state_dict().items():
        np.testing.assert_array_equal(array, without_break[name])


def test_it_is_compared_with_one_of_another_size_on_the_test_pictures(folder: Path) -> None:
    assert main(["retrain", str(folder)]) == 0
    (folder / "candidate.dnm").rename(folder / "in-service.dnm")
    (folder / "checkpoint.dnm").unlink()
    fill(folder / "pictures" / "test", 5, seed=2)
    write(folder, size=24, channels=1, in_service="in-service.dnm")
    assert main(["retrain", str(folder)]) == 0
    gate = json.loads((folder / "gate.json").read_text())
    assert gate["decision"] in ("better", "as_good", "worse")
    [compared] = gate["sets"]
    assert (compared["name"], compared["count"]) == ("test", 10)
    assert [one["label"] for one in compared["candidate"]["classes"]] == ["blue", "red"]
    assert gate["card"]["tested_on"] == "test pictures"
    assert gate["in_service"]["name"] == "pictures"


def test_files_that_are_no_pictures_are_named_as_they_were_sent(folder: Path) -> None:
    (folder / "pictures" / "train" / "1" / "3").write_bytes(b"no picture")
    (folder / "pictures" / "validation" / "0" / "4").write_bytes(b"")
    names = [f"holiday/IMG_{number}.jpg" for number in range(24)]
    (folder / "names.json").write_text(json.dumps(names))
    for files, said in (("names.json", "holiday/IMG_3.jpg, holiday/IMG_4.jpg"), (None, "")):
        (folder / "progress.jsonl").unlink(missing_ok=True)
        (folder / "checkpoint.dnm").unlink(missing_ok=True)
        write(folder, epochs=1, files=files)
        assert main(["retrain", str(folder)]) == 0
        [line] = [one for one in events(folder) if one["event"] == "log"]
        assert (line["code"], line["values"]["count"]) == ("retrain_left_out", 2)
        assert line["values"]["names"] == (said or "train/1/3, validation/0/4")
    assert load_model(folder / "candidate.dnm").metadata["trained_on"].startswith("47 pictures")


@pytest.mark.parametrize(
    ("changes", "code", "values"),
    [
        ({"classes": ["blue", 5]}, "retrain_settings", None),
        ({"classes": "blue"}, "retrain_settings", None),
        ({"size": 4}, "retrain_settings", None),
        ({"channels": 2}, "retrain_settings", None),
        ({"epochs": 0}, "retrain_settings", None),
        ({"rate": 2}, "retrain_settings", None),
        ({"augment": "twist"}, "retrain_settings", None),
        ({"augment": 5}, "retrain_settings", None),
        ({"base": "model.dnm"}, "retrain_settings", None),
        ({"task": "letters"}, "retrain_settings", None),
        ({"pictures": "nowhere"}, "retrain_pictures", {}),
        ({"classes": ["blue", "red", "green"]}, "retrain_pictures", {}),
        ({"in_service": "missing.dnm"}, "retrain_model", {"name": "missing.dnm"}),
        ({"in_service": str(CATS_DOGS_MODEL)}, "retrain_model", {"name": str(CATS_DOGS_MODEL)}),
    ],
)
def test_what_cannot_be_done_is_said_by_a_code(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    code: str,
    values: dict[str, str] | None,
) -> None:
    write(folder, **{"epochs": 1} | changes)
    assert main(["retrain", str(folder)]) == 2
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert told["code"] == code
    assert values is None or told["values"] == values
    assert not (folder / "gate.json").exists()


def test_a_class_without_a_readable_picture_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder / "pictures" / "train" / "1").iterdir():
        path.write_bytes(b"no picture")
    assert main(["retrain", str(folder)]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert json.loads(last) == {"code": "retrain_class_unreadable", "values": {"name": "red"}}


def test_settings_that_are_no_object_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "settings.json").write_text("[]")
    assert main(["retrain", str(folder)]) == 2
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["code"] == "retrain_settings"
