"""What a run is asked to do that trains a model of other classes than digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, TypeAlias

from app.services.models import DIGITS
from app.services.models.checks import is_name
from app.services.training.fields import TrainingError, amount, choose, whole
from app.services.training.settings import PUBLISH, RunSettings
from cnn.data.augment_pictures import PictureAugment

__all__ = [
    "CHANNELS",
    "LEAST_SIDE",
    "MOST_EPOCHS",
    "MOST_SIDE",
    "SIDE",
    "AnySettings",
    "PictureSettings",
    "load_settings",
]

#: The side of the network's input, in pixels: the usual one, the least and the most.
SIDE, LEAST_SIDE, MOST_SIDE = 64, 16, 128
CHANNELS = (1, 3)
MOST_EPOCHS = 300

_LONGEST = 200  # characters of the augmentation


@dataclass(frozen=True, kw_only=True)
class PictureSettings:
    """What a run is to learn from, and how.

    Parameters
    ----------
    model : str
        The name under which the model will be asked for.
    size, channels : int
        Side of the network's input in pixels, and 1 for grey or 3 for colour.
    epochs, rate : int, float, or None
        How often all is seen, and the highest learning rate; None: what the recipe has.
    augment : str or None
        As `python -m cnn train --augment` takes it; None: what the recipe has.
    publish : str
        "if_better" puts the model in service by itself if it is the first of its name, or if the
        gate says that it is better than the one in service.
    file : str
        What the archive was called.
    counts : mapping of str to int
        The training pictures by class, as they were found.
    """

    model: str
    size: int = SIDE
    channels: int = 3
    epochs: int | None = None
    rate: float | None = None
    augment: str | None = None
    publish: str = "never"
    file: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    #: Which preparation it has.
    kind: ClassVar[str] = "pictures"
    #: It learns from no versions of the data set.
    versions: ClassVar[tuple[str, ...]] = ()
    #: It is no trial.
    quick: ClassVar[bool] = False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> PictureSettings:
        """Read settings as a program gives them; raises TrainingError for what cannot be."""
        model = given.get("model")
        if not isinstance(model, str) or not is_name(model):
            raise TrainingError("pictures_name")
        if model == DIGITS:
            raise TrainingError("pictures_digits")
        size, channels = given.get("size", SIDE), given.get("channels", cls.channels)
        if type(size) is not int or not LEAST_SIDE <= size <= MOST_SIDE:
            raise TrainingError(
                "whole_number_unusable", name="size", least=LEAST_SIDE, most=MOST_SIDE
            )
        if type(channels) is not int or channels not in CHANNELS:
            raise TrainingError("run_choice", name="channels", choices="1, 3")
        rate = given.get("rate")
        return cls(
            model=model,
            size=size,
            channels=channels,
            epochs=whole(given, "epochs", MOST_EPOCHS),
            rate=None if rate is None else amount("rate", rate, 0.000001, 0.1),
            augment=_augment(given.get("augment")),
            publish=choose(given, "publish", PUBLISH, cls.publish),
        )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> PictureSettings:
        """Return settings that `dump` wrote."""
        return cls(**{name: value for name, value in stored.items() if name != "versions"})

    def dump(self) -> dict[str, Any]:
        """Return the settings for JSON."""
        return asdict(self) | {"counts": dict(self.counts), "versions": []}

    def facts(self) -> dict[str, Any]:
        """Return what programs and pages are told of the settings."""
        return {
            "versions": [],
            "mnist": False,
            "rate": self.rate,
            "augment": None,
            "publish": self.publish,
            "quick": self.quick,
            "from_scratch": True,
            "pictures": {
                "classes": dict(self.counts),
                "size": self.size,
                "channels": self.channels,
                "augment": self.augment,
            },
        }

    @property
    def all_epochs(self) -> int:
        """How many epochs the run has; 0 as long as that is up to the recipe."""
        return self.epochs or 0


#: The settings of a run of any kind.
AnySettings: TypeAlias = RunSettings | PictureSettings


def load_settings(stored: Mapping[str, Any]) -> AnySettings:
    """Return settings of any kind that `dump` wrote; those of digits name no model."""
    return PictureSettings.load(stored) if "model" in stored else RunSettings.load(stored)


def _augment(given: Any) -> str | None:
    """Return an augmentation in its shortest form; None for the recipe's."""
    if given is None or given == "":
        return None
    try:
        return str(PictureAugment.parse(given if len(given) <= _LONGEST else ""))
    except (ValueError, TypeError, AttributeError) as error:
        raise TrainingError("pictures_augment") from error
