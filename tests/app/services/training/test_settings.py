"""What a run can be asked to do."""

import inspect

import pytest

from app.services.training import DEFAULTS, RunSettings, TrainingError
from app.services.training.settings import AMOUNTS
from cnn.data.augment import Augment
from cnn.recipes.retraining import FINE_TUNING, FROM_SCRATCH


def test_nothing_asked_for_is_a_careful_run():
    settings = RunSettings.read({})
    assert settings == RunSettings()
    assert (settings.base, settings.mnist, settings.publish) == ("in_service", True, "never")
    assert settings.all_epochs == 4


def test_all_is_read_and_kept():
    settings = RunSettings.read(
        {
            "model": "digits",
            "base": "scratch",
            "versions": ["a", "b", "a"],
            "mnist": False,
            "epochs": 7,
            "rate": 0.001,
            "augment": {"rotation": 10, "noise": 0.1},
            "publish": "if_better",
            "quick": True,
        }
    )
    assert settings.versions == ("a", "b")
    assert settings.augment == {"rotation": 10.0, "noise": 0.1}
    assert settings.all_epochs == 7
    assert RunSettings.load(settings.dump()) == settings
    assert (settings.facts()["from_scratch"], settings.facts()["pictures"]) == (True, None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "run_body"),
        ([], "run_body"),
        ({"model": "cats-dogs"}, "run_only_digits"),
        ({"versions": "first"}, "run_version"),
        ({"versions": [5]}, "run_version"),
        ({"versions": [str(n) for n in range(51)]}, "run_amount"),
        ({"base": "other"}, "run_choice"),
        ({"base": ["scratch"]}, "run_choice"),
        ({"publish": None}, "run_choice"),
        ({"mnist": 1}, "run_choice"),
        ({"quick": "yes"}, "run_choice"),
        ({"epochs": 0}, "whole_number_unusable"),
        ({"epochs": 201}, "whole_number_unusable"),
        ({"epochs": 2.0}, "whole_number_unusable"),
        ({"epochs": True}, "whole_number_unusable"),
        ({"rate": 0}, "run_amount"),
        ({"rate": 1}, "run_amount"),
        ({"rate": float("nan")}, "run_amount"),
        ({"rate": "fast"}, "run_amount"),
        ({"augment": {"colour": 1}}, "run_choice"),
        ({"augment": []}, "run_choice"),
        ({"augment": {"rotation": 46}}, "run_amount"),
        ({"augment": {"rotation": True}}, "run_amount"),
        ({"mnist": False}, "run_nothing"),
    ],
)
def test_what_cannot_be_is_refused(given, code):
    with pytest.raises(TrainingError) as refused:
        RunSettings.read(given)
    assert refused.value.code == code


def test_amounts_and_defaults_are_the_librarys():
    assert set(AMOUNTS) == set(inspect.signature(Augment).parameters)
    for name, recipe in (("in_service", FINE_TUNING), ("scratch", FROM_SCRATCH)):
        assert DEFAULTS[name] == {"epochs": recipe.epochs, "rate": recipe.peak}
