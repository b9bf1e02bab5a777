"""Walls, on which a class sees what everybody writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Boolean, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now
from app.storage.models.volatile import VOLATILE

__all__ = ["Wall"]


class Wall(Base):
    """A wall, until it is closed; who takes part is in their browsers and among the streams."""

    __tablename__ = "wall"
    __table_args__ = VOLATILE

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    #: What people join it by; see app.services.walls.
    code: Mapped[str] = mapped_column(String(8), unique=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    #: What everybody was asked to write.
    expected: Mapped[str | None] = mapped_column(String(1))
    is_paused: Mapped[bool] = mapped_column(Boolean, default=False)
    is_anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    #: Whether corrections of those who agree become the owner's data.
    collects: Mapped[bool] = mapped_column(Boolean, default=False)
