"""A model's card: what its file says, and nothing where that cannot be."""

import pytest

from app.services.models import describe, make_card
from cnn.layers import Dense, Flatten, Softmax
from cnn.models.model import Model
from cnn.models.sequential import Sequential

HISTORY = {
    "loss": [2, 1.5, 0.5],
    "val_loss": [1.0, 1.25, 1.5],
    "accuracy": [0.5, 0.75, 1],
    "val_accuracy": [0.5, 0.5, 0.5],
}


def model(**metadata):
    network = Sequential([Flatten(), Dense(2), Softmax()], input_shape=(3, 4, 4))
    return Model(network, classes=("cats", "dogs"), metadata=metadata)


def test_what_the_file_says_is_shown():
    card = make_card(
        model(
            trained_on="8 pictures",
            accuracy=0.75,
            expected_calibration_error=0.01,
            none_of_these=0,
            tested_on="test pictures",
            confusion_matrix=[[3, 1], [2, 4]],
            history=HISTORY,
        )
    )
    assert (card.trained_on, card.accuracy, card.is_tested) == ("8 pictures", 0.75, True)
    assert (card.calibration_error, card.none_of_these) == (0.01, 0)
    shown = [(row.name, row.count, row.right) for row in card.by_class]
    assert shown == [("cats", 4, 3), ("dogs", 6, 4)]
    assert [row.answers for row in card.by_class] == [(3, 1), (2, 4)]
    loss, accuracy = card.curves
    assert (loss.lowest, loss.highest) == (0.5, 2)
    assert loss.points(loss.second, 100, 30) == "0.0,0.0 50.0,10.0 100.0,30.0"
    assert accuracy.rows == [(0.5, 0.5), (0.5, 0.75), (0.5, 1)]


@pytest.mark.parametrize("value", ["much", [1], {}, -1, 2, True, float("nan"), None])
def test_figures_that_cannot_be_are_left_out(value):
    made = model(
        accuracy=value,
        expected_calibration_error=value,
        none_of_these=value,
        trained_at=7,
        trained_on=[],
        confusion_matrix=value,
        history=value,
    )
    card = make_card(made)
    assert card.accuracy is card.calibration_error is card.none_of_these is None
    assert card.trained_on is None
    assert (card.by_class, card.curves) == ((), ())
    assert describe(made) == {"name": "unnamed", "accuracy": None, "trained_at": None}


@pytest.mark.parametrize(
    "history",
    [
        {"loss": [1, 2]},
        {"loss": [1], "val_loss": [1]},
        {"loss": [1, 2], "val_loss": [1, 2, 3]},
        {"loss": [1, float("inf")], "val_loss": [1, 2]},
        {"loss": ["1", "2"], "val_loss": [1, 2]},
        {"loss": [0] * 10_001, "val_loss": [0] * 10_001},
    ],
)
def test_curves_that_cannot_be_are_left_out(history):
    assert make_card(model(history=history)).curves == ()


@pytest.mark.parametrize("matrix", [[[1]], [[1, 2], [3]], [[-1, 0], [0, 1]], [["a", 0], [0, 1]]])
def test_a_confusion_that_cannot_be_is_left_out(matrix):
    assert make_card(model(confusion_matrix=matrix)).by_class == ()


def test_a_metric_that_never_changed_is_a_line():
    curves = make_card(model(history={"loss": [1, 1], "val_loss": [1, 1]})).curves
    assert curves[0].points(curves[0].first, 10, 10) == "0.0,0.0 10.0,0.0"
