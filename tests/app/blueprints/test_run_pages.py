"""What the pages of training runs say, of runs in every state."""

import base64
import re
from uuid import UUID

import pytest
from flask import render_template

from app.blueprints.runs.describe import describe
from app.services.training import RunSettings
from cnn.evaluation.gate import Decision

ID = UUID(int=7)
SETS = {"mnist": 5000, "corruptions": 1300, "load_digits": 1797, "people": 126}


def figures(accuracy, count):
    classes = [{"label": str(n), "count": count // 10, "right": count // 20} for n in range(10)]
    return {"accuracy": accuracy, "right": round(accuracy * count), "classes": classes}


def make_gate(decision: Decision = "better", *, changed: int = 0):
    changes = [
        {
            "set": "people",
            "index": n,
            "label": "8",
            "in_service": "8" if n == 0 else "3",
            "candidate": "none" if n == 0 else "8",
            "pixels": base64.b64encode(bytes(784)).decode(),
        }
        for n in range(changed)
    ]
    return {
        "decision": decision,
        "reasons": [{"set": "people", "candidate": 0.9841, "in_service": 0.9524, "margin": 0.0119}],
        "sets": [
            {
                "name": name,
                "count": count,
                "decision": decision if name == "people" else "as_good",
                "margin": 0.0119,
                "candidate": figures(0.9841, count),
                "in_service": figures(0.9524, count),
            }
            for name, count in SETS.items()
        ],
        "changed": changes,
        "changed_count": changed + 2,
        "candidate": {"name": "digits-2", "size": 1_890_000, "milliseconds": 1.93},
        "in_service": {"name": "digits-1", "size": 1_880_000, "milliseconds": 2.36},
    }


@pytest.fixture
def run(app, services):
    """A run that waits, as the page is given it."""
    with app.app_context():
        run_id = services.runs.start(RunSettings(publish="if_better"), by=None)
        with app.test_request_context("/runs"):
            return describe(services.runs.find(run_id))


@pytest.fixture
def show(app, run):
    """Render the page of that run with other values, and return its text without tags."""

    def show(**values):
        with app.test_request_context("/runs"):
            page = render_template("runs/page.html", run=run | values)
        _, _, main = page.partition("<main")
        return page, " ".join(re.sub("<[^>]+>", " ", main).replace("&nbsp;", " ").split())

    return show


def test_a_run_that_waits_can_be_cancelled(show):
    page, words = show()
    assert "It begins when what was started before it is done." in words
    assert "See how far it is" in words
    assert '/cancel"' in page


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (None, "It begins in a moment."),
        ("loading", "The pictures are read."),
        ("training", "Epoch 2 of 4"),
        ("calibrating", "fitted to how often it is right"),
        ("comparing", "It is compared with digits-1"),
    ],
)
def test_a_phase_is_said(show, phase, expected):
    page, words = show(state="running", phase=phase, epoch=1, compared_with="digits-1")
    assert expected in words
    assert ('value="0.25"' in page) == (phase == "training")


def test_an_end_that_was_not_wanted_leads_on(show):
    _, words = show(state="failed", error="MNIST is missing. Put it there.")
    assert "MNIST is missing. Put it there. Train again" in words
    _, words = show(state="cancelled")
    assert "Nothing in service was changed. Train again" in words


def test_a_better_one_says_by_which_figures(show):
    gate = make_gate("better")
    gate["sets"][0]["candidate"]["accuracy"] = 0.95
    _, words = show(
        state="finished", gate=gate, decision="better", model="digits/digits-2", in_service=True
    )
    assert "digits-2 is better than digits-1" in words
    expected = (
        "Of 126 of your collected digits, held out, it gets 98.41 % right instead of 95.24 %."
    )
    assert expected in words
    assert "5,000 of MNIST, held out 95.24 95.00 −0.24 1.19 as good" in words
    assert "126 of your collected digits, held out 95.24 98.41 +3.17 1.19 better" in words
    assert "digits-2 is in service." in words
    assert "Why?" not in words


def test_a_worse_one_cannot_be_put_in_service_and_says_why(show):
    page, words = show(
        state="finished", gate=make_gate("worse"), decision="worse", model="digits/digits-2"
    )
    assert "it may lose 1.19 points at most. " in words
    assert "So it is not put in service from here." in words
    assert '/publish"' not in page


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"publish": "if_better"}, "It was not put in service by itself, as it is not better."),
        ({"publish": "never"}, "It waits for you to decide."),
        ({"quick": True}, "A quick trial is not put in service by itself."),
    ],
)
def test_who_may_publish_is_told_why_it_waits(show, values, expected):
    page, words = show(
        state="finished",
        gate=make_gate("as_good"),
        model="digits/digits-2",
        may_publish=True,
        **values,
    )
    assert expected in words
    assert "Put digits-2 in service" in words
    assert '/publish"' in page


def test_one_that_was_overtaken_says_so(show):
    page, words = show(
        state="finished",
        gate=make_gate("as_good"),
        model="digits/digits-2",
        compared_with="digits-1",
    )
    assert "another version took the place of digits-1" in words
    assert '/publish"' not in page


def test_answers_that_changed_are_shown_the_first_24_at_once(show):
    page, words = show(state="finished", gate=make_gate(changed=30), model="digits/digits-2")
    assert "32 answers changed" in words
    assert "was 8, now nothing label 8 was 3, now 8 label 8" in words
    assert "Show the first 30 of 32" in words
    before, after = page.split("Show the first 30 of 32")
    assert before.count('<img src="data:image/png;base64,') == 24
    assert after.count('<img src="data:image/png;base64,') == 6


def test_curves_are_tables_too(show):
    history = {
        "loss": [0.5, 0.25],
        "accuracy": [0.9, 0.95],
        "val_loss": [0.4, 0.2],
        "val_accuracy": [0.925, 0.975],
    }
    _, words = show(state="cancelled", epoch=2, history=history)
    assert "Epoch Training Held out 1 90.00 % 92.50 % 2 95.00 % 97.50 %" in words
    assert "1 0.500 0.400 2 0.250 0.200" in words
