"""The installation, its processes, and the long work that they do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now
from app.storage.models.volatile import VOLATILE

__all__ = ["Installation", "Job", "NativeClient", "NativeListener"]


class Installation(Base):
    """The name of this installation, which the folder of pictures carries as well."""

    __tablename__ = "installation"

    number: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, default=1
    )
    id: Mapped[UUID] = mapped_column(Uuid)

    __table_args__ = (CheckConstraint("number = 1", name="installation_one"),)


class NativeListener(Base):
    """A process that serves native clients."""

    __tablename__ = "native_listener"
    __table_args__ = VOLATILE

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    port: Mapped[int] = mapped_column(Integer)
    #: Its last heartbeat.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NativeClient(Base):
    """A native client that is connected."""

    __tablename__ = "native_client"
    __table_args__ = VOLATILE

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    listener_id: Mapped[UUID] = mapped_column(ForeignKey("native_listener.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Job(Base):
    """Long work that a worker does; see app.services.jobs."""

    __tablename__ = "job"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(32))
    #: Whose it is; it ends with the account.
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    #: What it is doing, or why it failed: a code of app.errors.
    message: Mapped[str | None] = mapped_column(String(64))
    #: What it came to; of one that failed, the values of the message's sentence.
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: The process that runs it, and when that was last alive.
    worker: Mapped[UUID | None] = mapped_column(Uuid)
    heartbeat: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How often it was taken since it last came forward.
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    cancel_asked: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'finished', 'failed', 'cancelled')", name="job_state"
        ),
        Index("job_waiting", "state", "kind", "created_at"),
        Index("job_owner", "owner_id", "created_at"),
        VOLATILE,
    )
