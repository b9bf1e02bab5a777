"""People: the names that nobody else may take, API tokens, how they write, failed attempts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now
from app.storage.models.volatile import VOLATILE
from app.storage.name_forms import LONGEST_FORM

__all__ = ["ApiToken", "Attempt", "Habit", "HandSample", "NameShape", "User"]

_FORMS = (
    "(digit = '1' AND {0} IN ('bare', 'flagged')) OR (digit = '4' AND {0} IN ('open', 'closed'))"
    " OR (digit = '7' AND {0} IN ('plain', 'crossed'))"
    " OR (digit = '9' AND {0} IN ('straight', 'hooked'))"
)


class User(Base):
    """A person with an account."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    username: Mapped[str] = mapped_column(String(64))
    #: The name after folding; see app.storage.name_forms.
    username_key: Mapped[str] = mapped_column(String(LONGEST_FORM), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    #: Incremented to end all of the person's sessions.
    session_epoch: Mapped[int] = mapped_column(Integer, default=0)
    #: Whether the account is about to end: nothing more is stored or labelled for it.
    leaving: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: See app.services.accounts.keeping_rules; null until the person has chosen.
    keeping: Mapped[str | None] = mapped_column(String(16))
    #: Whether the person's labelled drawings show how they write.
    learns_habits: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (
        CheckConstraint("keeping IN ('confirmed', 'everything', 'asked')", name="user_keeping"),
    )


class NameShape(Base):
    """A skeleton of a name, which no other person's name may have."""

    __tablename__ = "name_shape"

    shape: Mapped[str] = mapped_column(String(LONGEST_FORM), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)


class ApiToken(Base):
    """A token by which a program acts for a person."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    #: What its owner calls it.
    name: Mapped[str] = mapped_column(String(64))
    #: See app.services.accounts.tokens.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: To the minute; null until it is used.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Null if it never expires.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Habit(Base):
    """How a person writes a digit of which there are two forms; see cnn.reading.habits."""

    __tablename__ = "habit"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    digit: Mapped[str] = mapped_column(String(1), primary_key=True)
    #: What the person says; null if they have not.
    said: Mapped[str | None] = mapped_column(String(8))
    #: What their labelled drawings show; null if they are few, or differ.
    learned: Mapped[str | None] = mapped_column(String(8))

    __table_args__ = (
        CheckConstraint(_FORMS.format("said"), name="habit_said"),
        CheckConstraint(_FORMS.format("learned"), name="habit_learned"),
    )


class HandSample(Base):
    """A digit that a person drew so that others are written like it; see services.handwriting."""

    __tablename__ = "hand_sample"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    digit: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: Which of the digit's, from 0.
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: 784 bytes, white ink on black.
    pixels: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    __table_args__ = (
        CheckConstraint("digit BETWEEN 0 AND 9 AND place >= 0", name="hand_sample_digit"),
        CheckConstraint("length(pixels) = 784", name="hand_sample_pixels"),
    )


class Attempt(Base):
    """A counter of failed attempts, which delays further ones."""

    __tablename__ = "attempt"
    __table_args__ = VOLATILE

    #: A digest of the key: an account and network together, or a network.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    #: Number of attempts in progress, and when they expire.
    pending: Mapped[int] = mapped_column(Integer, default=0)
    pending_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Nothing is tried before.
    wait_until: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Forgotten after.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
