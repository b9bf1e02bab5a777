"""The tables: people, pictures, models and their training, walls, processes and their work."""

from __future__ import annotations

from app.storage.models.people import ApiToken, Attempt, Habit, NameShape, User
from app.storage.models.pictures import (
    Holding,
    Labelling,
    Picture,
    Review,
    ReviewClaim,
    Upload,
    Version,
    VersionMember,
)
from app.storage.models.processes import Installation, Job, NativeClient, NativeListener
from app.storage.models.training import ModelPart, ModelVersion, Publication, TrainingRun
from app.storage.models.walls import Wall

__all__ = [
    "ApiToken",
    "Attempt",
    "Habit",
    "Holding",
    "Installation",
    "Job",
    "Labelling",
    "ModelPart",
    "ModelVersion",
    "NameShape",
    "NativeClient",
    "NativeListener",
    "Picture",
    "Publication",
    "Review",
    "ReviewClaim",
    "TrainingRun",
    "Upload",
    "User",
    "Version",
    "VersionMember",
    "Wall",
]
