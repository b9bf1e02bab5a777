"""The tables: people, pictures, who holds and labels them, and failed attempts.

Volatile tables hold the current state of processes; they are not backed up.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now
from app.storage.name_forms import LONGEST_FORM

__all__ = [
    "Attempt",
    "Holding",
    "Installation",
    "Labelling",
    "NameShape",
    "NativeClient",
    "NativeListener",
    "Picture",
    "User",
]

_VOLATILE = {"info": {"volatile": True}}


class Installation(Base):
    """The name of this installation, which the folder of pictures carries as well."""

    __tablename__ = "installation"

    number: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, default=1
    )
    id: Mapped[UUID] = mapped_column(Uuid)

    __table_args__ = (CheckConstraint("number = 1", name="installation_one"),)


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

    __table_args__ = (
        CheckConstraint("keeping IN ('confirmed', 'everything', 'asked')", name="user_keeping"),
    )


class NameShape(Base):
    """A skeleton of a name, which no other person's name may have."""

    __tablename__ = "name_shape"

    shape: Mapped[str] = mapped_column(String(LONGEST_FORM), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)


class Picture(Base):
    """A picture of one digit or of none, stored once, however many people sent it."""

    __tablename__ = "picture"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    #: Of the stored file's bytes, in hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    #: The network's own answer, never overwritten; null if the picture was refused.
    digit: Mapped[int | None] = mapped_column(SmallInteger)
    confidence: Mapped[float | None] = mapped_column(Float)
    #: Of each digit; of a refused picture, for what looked most like a digit.
    probabilities: Mapped[list[float] | None] = mapped_column(JSON)
    #: The network's input: 784 bytes, white ink on black; null if no digit was found.
    pixels: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: What counts of all that people said, see app.services.pictures.labels: "0" to "9", or "none"
    #: for what is no digit.
    label: Mapped[str | None] = mapped_column(String(4))
    labelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    labelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who wrote the digit, where that is known.
    writer: Mapped[str | None] = mapped_column(String(64))
    #: The label where there is one, else the digit, else "none": what is filtered by.
    shown: Mapped[str] = mapped_column(
        String(4), Computed("COALESCE(label, CAST(digit AS VARCHAR(4)), 'none')", persisted=True)
    )

    __table_args__ = (
        CheckConstraint("digit BETWEEN 0 AND 9", name="picture_digit"),
        CheckConstraint("(digit IS NULL) = (confidence IS NULL)", name="picture_answer"),
        CheckConstraint("source IN ('upload', 'draw', 'native', 'import')", name="picture_source"),
        Index("picture_newest", "created_at", "id"),
        Index("picture_newest_shown", "shown", "created_at", "id"),
        Index("picture_labelled_by", "labelled_by"),
    )


class Holding(Base):
    """That a person holds a picture, having sent it."""

    __tablename__ = "holding"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    picture_id: Mapped[UUID] = mapped_column(ForeignKey("picture.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: Whether it is exempt from the history's limit, as imported pictures are.
    exempt: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        Index("holding_newest", "user_id", "created_at", "picture_id"),
        Index("holding_picture", "picture_id"),
    )


class Labelling(Base):
    """The label that one person gave a picture."""

    __tablename__ = "labelling"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    picture_id: Mapped[UUID] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"))
    #: Null once the account has ended.
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    label: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when the person held the picture as they said it; for others, when they said it.
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whether an administrator said it.
    by_admin: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        UniqueConstraint("picture_id", "user_id", name="labelling_once"),
        Index("labelling_user", "user_id"),
    )


class Attempt(Base):
    """A counter of failed attempts, which delays further ones."""

    __tablename__ = "attempt"
    __table_args__ = _VOLATILE

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


class NativeListener(Base):
    """A process that serves native clients."""

    __tablename__ = "native_listener"
    __table_args__ = _VOLATILE

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    port: Mapped[int] = mapped_column(Integer)
    #: Its last heartbeat.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NativeClient(Base):
    """A native client that is connected."""

    __tablename__ = "native_client"
    __table_args__ = _VOLATILE

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    listener_id: Mapped[UUID] = mapped_column(ForeignKey("native_listener.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
