"""Runs of training: asked for, followed, compared with the model in service, and published."""

from app.services.training.runs import NoSuchRun, RunRefused, Runs, RunView
from app.services.training.settings import DEFAULTS, RunSettings, TrainingError
from app.services.training.trainer import TRAIN, RunTrainer

__all__ = [
    "DEFAULTS",
    "TRAIN",
    "NoSuchRun",
    "RunRefused",
    "RunSettings",
    "RunTrainer",
    "RunView",
    "Runs",
    "TrainingError",
]
