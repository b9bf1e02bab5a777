"""What a run of training is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from app.services.models import DIGITS
from app.services.training.fields import TrainingError, amount, choose, flag, whole

__all__ = ["AMOUNTS", "BASES", "DEFAULTS", "PUBLISH", "RunSettings"]

BASES = ("in_service", "scratch")
PUBLISH = ("if_better", "never")
#: The largest amount of each kind of augmentation, by the names of `cnn.data.augment.Augment`.
AMOUNTS = MappingProxyType(
    {
        "rotation": 45.0,
        "scale": 0.5,
        "shear": 1.0,
        "shift": 6.0,
        "elastic": 4.0,
        "thickness": 1.0,
        "salt_pepper": 0.5,
        "noise": 0.5,
        "coarse": 1.0,
        "rate": 1.0,
    }
)
#: Epochs and the highest learning rate, where none are given: as in `cnn.recipes.retraining`.
DEFAULTS = MappingProxyType(
    {
        "in_service": {"epochs": 4, "rate": 0.0005},
        "scratch": {"epochs": 12, "rate": 0.003},
    }
)
_QUICK_EPOCHS = 2
_MOST_EPOCHS = 200
_MOST_VERSIONS = 50


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What a run is to learn from, and how.

    Parameters
    ----------
    base : str
        "in_service": the model in service goes on learning; "scratch": random weights.
    versions : tuple of str
        Names of versions of the data set.
    mnist : bool
        Whether MNIST is mixed in, so that nothing is forgotten.
    epochs, rate : int, float, or None
        How often all is seen, and the highest learning rate; None: `DEFAULTS`.
    augment : mapping or None
        Amounts of augmentation by name, each from 0 to that in `AMOUNTS`; None: as the model that
        ships was trained.
    publish : str
        "if_better" puts a model in service by itself if the gate says that it is better.
    quick : bool
        Whether it is a trial with few pictures, which is never published by itself.
    """

    base: str = "in_service"
    versions: tuple[str, ...] = ()
    mnist: bool = True
    epochs: int | None = None
    rate: float | None = None
    augment: Mapping[str, float] | None = None
    publish: str = "never"
    quick: bool = False

    #: Which preparation it has.
    kind: ClassVar[str] = "digits"

    @classmethod
    def read(cls, given: Any) -> RunSettings:
        """Read settings as a program gives them; raises TrainingError for what cannot be."""
        if not isinstance(given, Mapping):
            raise TrainingError("run_body")
        if given.get("model", DIGITS) != DIGITS:
            raise TrainingError("run_only_digits")
        names = given.get("versions", [])
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            raise TrainingError("run_version", name=str(names)[:50])
        if len(names) > _MOST_VERSIONS:
            raise TrainingError("run_amount", name="versions", least=0, most=_MOST_VERSIONS)
        rate = given.get("rate")
        settings = cls(
            base=choose(given, "base", BASES, cls.base),
            versions=tuple(dict.fromkeys(names)),
            mnist=flag(given, "mnist", default=cls.mnist),
            epochs=whole(given, "epochs", _MOST_EPOCHS),
            rate=None if rate is None else amount("rate", rate, 0.000001, 0.1),
            augment=_augment(given.get("augment")),
            publish=choose(given, "publish", PUBLISH, cls.publish),
            quick=flag(given, "quick", default=cls.quick),
        )
        if not settings.versions and not settings.mnist:
            raise TrainingError("run_nothing")
        return settings

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> RunSettings:
        """Return settings that `dump` wrote."""
        return cls(**{**stored, "versions": tuple(stored["versions"])})

    def dump(self) -> dict[str, Any]:
        """Return the settings for JSON."""
        return asdict(self) | {"versions": list(self.versions)}

    def facts(self) -> dict[str, Any]:
        """Return what programs and pages are told of the settings."""
        stored = self.dump()
        stored.pop("epochs")
        return stored | {"from_scratch": stored.pop("base") == "scratch", "pictures": None}

    @property
    def model(self) -> str:
        """The name that its model is for."""
        return DIGITS

    @property
    def all_epochs(self) -> int:
        """How many epochs the run has."""
        return self.epochs or (_QUICK_EPOCHS if self.quick else int(DEFAULTS[self.base]["epochs"]))


def _augment(given: Any) -> dict[str, float] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or not set(given) <= set(AMOUNTS):
        raise TrainingError("run_choice", name="augment", choices=", ".join(AMOUNTS))
    return {
        name: amount(f"augment.{name}", value, 0, AMOUNTS[name]) for name, value in given.items()
    }
