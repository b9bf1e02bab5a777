"""Runs of training: asked for, followed, compared with the model in service, and published."""

from app.services.training.fields import TrainingError
from app.services.training.files import RunFiles
from app.services.training.picture_settings import PictureSettings
from app.services.training.preparing import DigitPreparation, PicturePreparation
from app.services.training.runs import NoSuchRun, RunRefused, Runs, RunView
from app.services.training.settings import DEFAULTS, RunSettings
from app.services.training.trainer import TRAIN, RunTrainer

__all__ = [
    "DEFAULTS",
    "TRAIN",
    "DigitPreparation",
    "NoSuchRun",
    "PicturePreparation",
    "PictureSettings",
    "RunFiles",
    "RunRefused",
    "RunSettings",
    "RunTrainer",
    "RunView",
    "Runs",
    "TrainingError",
]
