"""Versions of models, what was in service when, and runs of training."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now

__all__ = ["ModelPart", "ModelVersion", "Publication", "TrainingRun"]


class ModelVersion(Base):
    """A version of a model that was added to the site, beside those that ship."""

    __tablename__ = "model_version"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    #: The name and the number, such as cats-dogs-2.
    version: Mapped[str] = mapped_column(String(64), unique=True)
    classes: Mapped[list[str]] = mapped_column(JSON)
    accuracy: Mapped[float | None] = mapped_column(Float)
    #: Bytes of the file, and their SHA-256; that of the file as it was given, before it was named.
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    source_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("name", "number", name="model_version_number"),)


class ModelPart(Base):
    """A part of a model's file, short enough for a row of a backup."""

    __tablename__ = "model_part"

    model_id: Mapped[UUID] = mapped_column(
        ForeignKey("model_version.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Publication(Base):
    """That a version of a model was put in service; without one, the name went out of service.

    What is in service under a name is its latest publication. The rows are kept for good.
    """

    __tablename__ = "publication"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (Index("publication_newest", "name", "number"),)


class TrainingRun(Base):
    """A run of training, and what came of it; see app.services.training. It is kept for good."""

    __tablename__ = "training_run"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: What was asked for: see app.services.training.settings.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The job that does it, as long as that is known.
    job_id: Mapped[UUID] = mapped_column(Uuid)
    #: How it ended; None while its job tells.
    state: Mapped[str | None] = mapped_column(String(16))
    message: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The version that it went on from, and the one that it is compared with.
    base: Mapped[str | None] = mapped_column(String(64))
    compared_with: Mapped[str | None] = mapped_column(String(64))
    #: How far it is, with its curves: see app.services.training.progress.
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: The comparison, as cnn.evaluation.gate gives it.
    gate: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: The version of the digit model that came of it.
    model: Mapped[str | None] = mapped_column(String(64))
