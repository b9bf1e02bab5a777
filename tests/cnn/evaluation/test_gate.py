"""The gate: what counts as better, as worse, and as chance."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.data import Dataset
from cnn.evaluation.gate import (
    Comparison,
    Pictures,
    compare,
    compare_classes,
    corrupted,
    judge,
    pixels,
)
from cnn.evaluation.small_digits import load_small_digits
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, load_model, save_model
from cnn.synthesis.corruptions import CORRUPTIONS

DIGITS = tuple("0123456789")


def compared(
    count: int, *, lost: int = 0, gained: int = 0, name: str = "people", both_wrong: int = 0
) -> Comparison:
    """Return a comparison on pictures of a 7, of which so many are lost and gained."""
    labels = np.full(count, 7)
    candidate, in_service = labels.copy(), labels.copy()
    candidate[:lost] = 1
    in_service[lost : lost + gained] = -1
    candidate[count - both_wrong :] = in_service[count - both_wrong :] = 2
    images = np.zeros((count, 28, 28), np.uint8)
    allowance = pixels(name, Dataset(images[:, None], labels, DIGITS)).allowance
    return Comparison(Pictures(name, images, labels, images, allowance), candidate, in_service)


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        ({"count": 60}, "as_good"),
        # Of equals, 4 of 4 differences fall on one side in 1 of 16 comparisons, 5 of 5 in 1 of 32.
        ({"count": 60, "lost": 4}, "as_good"),
        ({"count": 60, "lost": 5}, "worse"),
        ({"count": 60, "gained": 4}, "as_good"),
        ({"count": 60, "gained": 5}, "better"),
        ({"count": 60, "lost": 10, "gained": 5}, "as_good"),
        ({"count": 60, "lost": 12, "gained": 4}, "worse"),
        ({"count": 60, "lost": 5, "both_wrong": 40}, "worse"),
        ({"count": 5000, "lost": 5, "gained": 3, "name": "mnist"}, "as_good"),
        ({"count": 5000, "lost": 6, "gained": 3, "name": "mnist"}, "worse"),
        ({"count": 5000, "lost": 3, "name": "mnist"}, "worse"),
        ({"count": 5000, "lost": 1, "gained": 8, "name": "mnist"}, "better"),
    ],
)
def test_a_difference_counts_beyond_chance_and_on_mnist_beyond_its_margin(
    given: dict[str, int], decision: str
) -> None:
    assert compared(**given).decision == decision  # type: ignore[arg-type]


@pytest.fixture
def model(tmp_path: Path) -> tuple[Model, Path]:
    path = tmp_path / "model.dnm"
    save_model(load_model(), path)
    return load_model(path), path


def test_worse_on_one_set_outweighs_better_on_another(model: tuple[Model, Path]) -> None:
    rises, falls = compared(100, gained=30), compared(200, lost=30, name="load_digits")
    found = judge([rises, falls, compared(50)], model, model)
    assert found["decision"] == "worse"
    [reason] = found["reasons"]
    assert reason["set"] == "load_digits"
    assert (reason["candidate"], reason["in_service"]) == (170 / 200, 1)
    assert reason["margin"] == pytest.approx((1 + 1.645 * np.sqrt(30)) / 200)
    assert judge([rises, compared(50)], model, model)["decision"] == "better"
    assert judge([compared(50)], model, model)["decision"] == "as_good"


def test_what_changed_is_told_and_shown_the_losses_first(model: tuple[Model, Path]) -> None:
    found = judge([compared(300, lost=150, gained=100)], model, model)
    assert found["changed_count"] == 250
    assert len(found["changed"]) == 200
    first, last = found["changed"][0], found["changed"][-1]
    assert (first["label"], first["in_service"], first["candidate"]) == ("7", "7", "1")
    assert (last["label"], last["in_service"], last["candidate"]) == ("7", "none", "7")
    assert len(base64.b64decode(first["pixels"])) == 784
    [one] = found["sets"]
    assert one["candidate"]["right"] == 150
    assert one["candidate"]["classes"][7] == {"label": "7", "count": 300, "right": 150}
    assert found["candidate"]["size"] == model[1].stat().st_size
    assert found["candidate"]["milliseconds"] > 0


def test_every_corruption_is_read_as_a_person_would_send_it(
    sheet: tuple[np.ndarray, np.ndarray], model: tuple[Model, Path]
) -> None:
    images, labels = sheet
    digits, kinds = Dataset(images[:, None], labels, DIGITS), len(CORRUPTIONS) - 1
    assert len(corrupted(digits, most=3 * kinds + 1).labels) == 3 * kinds
    assert len(corrupted(digits, most=1).labels) == kinds
    pictures = corrupted(digits, each=10)
    assert len(pictures.labels) == len(pictures.shown) == 10 * kinds
    found = compare(model[0], model[0], pictures)
    assert found.decision == "as_good"
    assert found.lost == found.gained == 0
    assert np.mean(found.candidate == pictures.labels) > 0.9


def test_the_other_collection_is_read_though_nothing_was_learned_of_it(
    model: tuple[Model, Path],
) -> None:
    data = load_small_digits()
    assert data.images.shape == (1797, 1, 28, 28)
    assert np.bincount(data.labels).min() == 174
    found = compare(model[0], model[0], pixels("load_digits", data))
    assert np.mean(found.candidate == data.labels) > 0.95


def test_models_of_other_classes_are_compared_on_inputs_of_their_own(tmp_path: Path) -> None:
    model = load_model(CATS_DOGS_MODEL)
    pictures = np.random.default_rng(0).integers(0, 256, (6, 3, 32, 32)).astype(np.uint8)
    answers = model.predict(pictures).argmax(axis=1).astype(np.int64)
    same = Dataset(pictures, answers, model.classes)
    larger = Dataset(pictures.repeat(2, axis=2).repeat(2, axis=3), answers, model.classes)
    # Both read the same file, so the second is given what it gets wrong.
    wrong = Dataset(255 - pictures, answers, model.classes)
    found = compare_classes(model, model, same, wrong, name="held_out")
    assert (found.gained, found.lost) == (np.sum(found.in_service != answers), 0)
    shown = Pictures("test", larger.images, answers, larger.images, classes=model.classes)
    judged = judge(
        [Comparison(shown, 1 - answers, answers)],
        (model, CATS_DOGS_MODEL),
        (model, CATS_DOGS_MODEL),
    )
    assert judged["decision"] == "worse"
    first = judged["changed"][0]
    assert {first["label"], first["candidate"]} == {"cats", "dogs"}
    assert first["in_service"] == first["label"]
    head, _, content = first["picture"].partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        assert (image.size, image.mode) == ((48, 48), "RGB")
    [figures] = judged["sets"]
    assert [one["label"] for one in figures["candidate"]["classes"]] == ["cats", "dogs"]
    assert judged["candidate"]["milliseconds"] > 0


def test_grey_pictures_are_shown_as_well() -> None:
    grey = np.zeros((3, 1, 20, 20), np.uint8)
    labels = np.zeros(3, np.int64)
    shown = Pictures("test", grey, labels, grey, classes=("a", "b"))
    model = (load_model(CATS_DOGS_MODEL), CATS_DOGS_MODEL)
    [change, *_] = judge([Comparison(shown, labels + 1, labels)], model, model)["changed"]
    with Image.open(io.BytesIO(base64.b64decode(change["picture"].partition(",")[2]))) as image:
        assert (image.size, image.mode) == ((20, 20), "L")


def test_the_first_model_of_its_name_has_nothing_to_be_compared_with() -> None:
    judged = judge([], (load_model(CATS_DOGS_MODEL), CATS_DOGS_MODEL), None)
    assert (judged["decision"], judged["in_service"], judged["sets"]) == ("first", None, [])
    assert judged["candidate"]["name"] == "cats-dogs-1"
