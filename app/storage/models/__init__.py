"""The tables: people, pictures, models, their training, walls, worksheets, processes, work."""

from __future__ import annotations

from app.storage.models.people import ApiToken, Attempt, Habit, HandSample, NameShape, User
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
from app.storage.models.worksheets import (
    Worksheet,
    WorksheetAnswer,
    WorksheetFile,
    WorksheetLeftOut,
    WorksheetPage,
    WorksheetPupil,
    WorksheetUpload,
)

__all__ = [
    "ApiToken",
    "Attempt",
    "Habit",
    "HandSample",
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
    "Worksheet",
    "WorksheetAnswer",
    "WorksheetFile",
    "WorksheetLeftOut",
    "WorksheetPage",
    "WorksheetPupil",
    "WorksheetUpload",
]
