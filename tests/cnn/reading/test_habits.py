"""Habits: what a writer's other digits, or the writer, say of a stroke that is near two digits."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn.layers import Dense, Flatten, Softmax
from cnn.models.model import Model
from cnn.models.sequential import Sequential
from cnn.reading.habits import Habits, decide_near, form_of
from cnn.reading.reader import read, read_pixels
from cnn.reading.results import ReadDigit
from cnn.synthesis.strokes import (
    CAREFUL,
    STYLES,
    as_mnist,
    as_picture,
    draw_hand,
    find_allograph,
    trace_digit,
)

CLASSES = tuple(map(str, range(10)))


def picture(name: str) -> np.ndarray:
    """Return a digit of a form by a careful writer, 28×28."""
    rng = np.random.default_rng(4)
    hand = draw_hand(STYLES["world"], rng, ranges=CAREFUL)
    return as_mnist(trace_digit(find_allograph(name), hand, rng)) / np.float32(255)


def digit(name: str, **chances: float) -> ReadDigit:
    """Return a digit of a form, with the probabilities of some classes, as `_7=0.6`."""
    probabilities = np.full(10, 0.0005)
    for key, chance in chances.items():
        probabilities[int(key[1:])] = chance
    probabilities /= probabilities.sum()
    best = int(probabilities.argmax())
    return ReadDigit(
        best,
        str(best),
        float(probabilities[best]),
        tuple(map(float, probabilities)),
        (0, 0, 20, 20),
        0,
        picture(name),
    )


FLAGGED = digit("1-flag-long", _7=0.6, _1=0.39)
CROSSED = digit("7-crossed", _7=0.99)
BARE = digit("1-plain", _1=0.99)
LIKELY_ONE = digit("1-flag-long", _1=0.6, _7=0.39)


def decide(*digits: ReadDigit, own: Habits | None = None, beside: bool = True) -> list[ReadDigit]:
    return list(decide_near(digits, CLASSES, own, beside=beside))


def test_beside_a_crossed_seven_a_flagged_stroke_is_a_one() -> None:
    seven, one = decide(CROSSED, FLAGGED)
    assert seven is CROSSED
    assert (one.digit, one.text, one.because) == (1, "1", "crossed_seven_beside")
    assert one.confidence == one.probabilities[1] > 0.9
    assert sum(one.probabilities) == pytest.approx(1)


def test_beside_a_bare_one_it_is_a_seven() -> None:
    _, seven = decide(BARE, LIKELY_ONE)
    assert (seven.digit, seven.text, seven.because) == (7, "7", "bare_one_beside")


def test_the_order_does_not_matter() -> None:
    assert decide(FLAGGED, CROSSED)[0].text == "1"


@pytest.mark.parametrize(
    "others",
    [
        [],
        [digit("7-plain", _7=0.99)],  # who does not cross this 7 may cross the next
        [digit("1-flag-long", _1=0.99)],  # and the 7 may be as it is
        [CROSSED, BARE],  # the one says a 1, the other a 7
        [digit("7-crossed", _7=0.6, _1=0.39)],  # not clear itself
        [digit("4-closed", _4=0.99), digit("9-hooked", _9=0.99)],
    ],
)
def test_what_says_nothing_changes_nothing(others: list[ReadDigit]) -> None:
    assert decide(*others, FLAGGED)[-1] is FLAGGED


@pytest.mark.parametrize(
    "certain",
    [
        digit("1-flag-long", _7=0.99),  # not near
        digit("7-crossed", _7=0.6, _1=0.39),  # a bar is a bar
        digit("1-plain", _1=0.6, _7=0.39),  # no flag
        digit("2-z", _2=0.6, _7=0.39),
    ],
)
def test_what_is_not_in_question_is_not_decided(certain: ReadDigit) -> None:
    assert decide(CROSSED, certain)[-1] is certain


def test_a_writer_s_own_word_decides_where_the_picture_says_nothing() -> None:
    crossed, bare = Habits(seven="crossed"), Habits(one="bare", seven="plain")
    assert [d.text for d in decide(FLAGGED, own=crossed)] == ["1"]
    assert decide(FLAGGED, own=crossed)[0].because == "own_habit"
    assert decide(LIKELY_ONE, own=bare)[0].text == "7"
    assert decide(FLAGGED, own=Habits(one="flagged", seven="plain")) == [FLAGGED]
    # What is in the picture comes first: it may be another's.
    assert decide(CROSSED, FLAGGED, own=bare)[1].because == "crossed_seven_beside"


def test_fours_and_nines_by_the_writer_s_word() -> None:
    closed = digit("9-straight", _4=0.6, _9=0.39)
    nine = digit("4-closed", _9=0.6, _4=0.39)
    assert decide(closed, own=Habits(four="open"))[0].text == "9"
    assert decide(nine, own=Habits(nine="hooked"))[0].text == "4"
    assert decide(nine, own=Habits(nine="hooked", four="open"))[0] is nine
    assert decide(digit("4-open", _9=0.6, _4=0.39), own=Habits(four="open"))[0].because is None


def test_without_beside_the_others_say_nothing() -> None:
    assert decide(CROSSED, FLAGGED, beside=False)[1] is FLAGGED


def test_known_habits_come_before_others() -> None:
    both = Habits(one="bare") | Habits(one="flagged", four="open")
    assert both == Habits(one="bare", four="open")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("1-plain", "bare"),
        ("1-flag-long", "flagged"),
        ("7-plain", "plain"),
        ("7-crossed", "crossed"),
        ("4-open", "open"),
        ("4-closed", "closed"),
        ("9-straight", "straight"),
        ("9-curled", "hooked"),
        ("8-one-stroke", None),
    ],
)
def test_the_form_of_a_digit(name: str, form: str | None) -> None:
    assert form_of(name[0], picture(name)) == form


@pytest.fixture(scope="module")
def undecided() -> Model:
    """Return a model that takes everything for a 7, or a 1."""
    network = Sequential([Flatten(), Dense(10), Softmax()], input_shape=(1, 28, 28), seed=0)
    state = {name: np.zeros_like(array) for name, array in network.state_dict().items()}
    (bias,) = (array for array in state.values() if array.shape == (10,))
    bias[[1, 7]] = 5.6, 6
    network.load_state_dict(state)
    return Model(network, classes=CLASSES)


def test_the_reader_asks_the_writer(undecided: Model) -> None:
    rng = np.random.default_rng(4)
    hand = draw_hand(STYLES["world"], rng, ranges=CAREFUL)
    trace = trace_digit(find_allograph("1-flag-long"), hand, rng)
    sent = Image.fromarray(255 - as_picture(trace, 200))
    assert read(undecided, sent).text == "7"
    answer = read(undecided, sent, habits=Habits(seven="crossed"))
    assert (answer.text, answer.digits[0].because) == ("1", "own_habit")
    pixels = as_mnist(trace) / np.float32(255)
    assert read_pixels(undecided, pixels).text == "7"
    assert read_pixels(undecided, pixels, habits=Habits(seven="crossed")).text == "1"
