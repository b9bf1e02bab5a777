"""What a run of other classes can be asked to do."""

import pytest

from app.services.training import PictureSettings, TrainingError
from app.services.training.picture_settings import load_settings
from app.services.training.settings import RunSettings


def test_a_name_is_enough():
    settings = PictureSettings.read({"model": "pets"})
    assert settings == PictureSettings(model="pets")
    assert (settings.size, settings.channels, settings.publish) == (64, 3, "never")
    assert (settings.all_epochs, settings.versions, settings.quick) == (0, (), False)


def test_all_is_read_and_kept():
    given = {"model": "cats-dogs", "size": 32, "channels": 1, "epochs": 7, "rate": 0.01}
    given |= {"augment": "zoom, flip", "publish": "if_better"}
    settings = PictureSettings.read(given)
    assert settings.augment == "zoom=0.2,flip"
    assert settings.all_epochs == 7
    assert load_settings(settings.dump()) == settings
    assert settings.dump()["versions"] == []
    assert load_settings(RunSettings().dump()) == RunSettings()
    facts = settings.facts()
    assert facts["pictures"]["augment"] == "zoom=0.2,flip"
    assert facts.keys() == RunSettings().facts().keys()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"model": None}, "pictures_name"),
        ({"model": ""}, "pictures_name"),
        ({"model": "My pets"}, "pictures_name"),
        ({"model": "../pets"}, "pictures_name"),
        ({"model": "a" * 41}, "pictures_name"),
        ({"model": 5}, "pictures_name"),
        ({"model": "digits"}, "pictures_digits"),
        ({"size": 15}, "whole_number_unusable"),
        ({"size": 129}, "whole_number_unusable"),
        ({"size": 32.5}, "whole_number_unusable"),
        ({"size": True}, "whole_number_unusable"),
        ({"size": "large"}, "whole_number_unusable"),
        ({"channels": 2}, "run_choice"),
        ({"channels": True}, "run_choice"),
        ({"channels": "3"}, "run_choice"),
        ({"epochs": 0}, "whole_number_unusable"),
        ({"epochs": 301}, "whole_number_unusable"),
        ({"rate": 0}, "run_amount"),
        ({"augment": "twist"}, "pictures_augment"),
        ({"augment": "zoom=2"}, "pictures_augment"),
        ({"augment": "zoom=nan"}, "pictures_augment"),
        ({"augment": "zoom," * 100}, "pictures_augment"),
        ({"augment": {"zoom": 1}}, "pictures_augment"),
        ({"augment": 5}, "pictures_augment"),
        ({"publish": "now"}, "run_choice"),
    ],
)
def test_what_cannot_be_is_refused(given, code):
    with pytest.raises(TrainingError) as refused:
        PictureSettings.read({"model": "pets"} | given)
    assert refused.value.code == code
