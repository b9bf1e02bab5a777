"""Pictures, who holds and labels them, training data on its way, and versions of the data set."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
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
from app.storage.models.volatile import VOLATILE

__all__ = [
    "Holding",
    "Labelling",
    "Picture",
    "Review",
    "ReviewClaim",
    "Upload",
    "Version",
    "VersionMember",
]


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
    #: Whether a generator made it, and nobody wrote it: its file said so, or who sent it.
    made: Mapped[bool] = mapped_column(Boolean, default=False)
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


class Review(Base):
    """Whether a picture needs a look, and who has looked; see app.services.reviewing."""

    __tablename__ = "review"

    picture_id: Mapped[UUID] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True
    )
    #: The picture's label when this row was brought up to date.
    label: Mapped[str | None] = mapped_column(String(4))
    #: The higher, the sooner it is shown; null if nobody needs to look.
    urgency: Mapped[float | None] = mapped_column(Float)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: Whether who looked could not tell what it shows.
    unsure: Mapped[bool] = mapped_column(Boolean, default=False)
    #: For undoing: the reviewer's label before, empty if they had none; null if it stayed.
    former: Mapped[str | None] = mapped_column(String(4))
    #: Whether it was compared with other pictures since its label changed.
    compared: Mapped[bool] = mapped_column(Boolean, default=False)
    #: A picture that looks nearly the same but has another label. It may be gone by now.
    twin_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Hashes of the pixels: of pictures that look nearly the same, one is likely equal.
    band_0: Mapped[int | None] = mapped_column(Integer)
    band_1: Mapped[int | None] = mapped_column(Integer)
    band_2: Mapped[int | None] = mapped_column(Integer)
    band_3: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        Index("review_urgency", "urgency", "picture_id"),
        Index("review_compared", "compared", "picture_id"),
        Index("review_reviewed_by", "reviewed_by"),
        Index("review_band_0", "band_0"),
        Index("review_band_1", "band_1"),
        Index("review_band_2", "band_2"),
        Index("review_band_3", "band_3"),
    )


class ReviewClaim(Base):
    """That a picture is being shown to one person for review, and to nobody else until then."""

    __tablename__ = "review_claim"
    __table_args__ = VOLATILE

    picture_id: Mapped[UUID] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    #: Of one page or program, which renews its claims together.
    claim: Mapped[UUID] = mapped_column(Uuid)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Upload(Base):
    """Training data on its way; see app.services.collecting. Its files are in the spool."""

    __tablename__ = "upload"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    #: What the owner said of all files: who wrote the digits, and which they are.
    writer: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(4))
    #: Labels by the names of files.
    labels: Mapped[dict[str, str] | None] = mapped_column(JSON)
    #: Bytes received, which count against the owner's quota for a day.
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Whether it is imported without asking once it has been checked.
    unasked: Mapped[bool] = mapped_column(Boolean, default=False)
    check_id: Mapped[UUID | None] = mapped_column(Uuid)
    import_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: What the check found, and what the import did: see app.services.collecting.
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    __table_args__ = (Index("upload_owner", "owner_id", "created_at"), VOLATILE)


class Version(Base):
    """A version of the data set, frozen; see app.services.versions."""

    __tablename__ = "version"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: By what it was chosen: of one writer, stored from a day to another, as 2026-11-30.
    writer: Mapped[str | None] = mapped_column(String(64))
    since: Mapped[str | None] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))
    #: Whether made pictures are among them.
    made: Mapped[bool] = mapped_column(Boolean, default=False)
    #: Under which others may use the pictures, in the words of who froze it.
    licence: Mapped[str | None] = mapped_column(String(200))
    #: How many pictures it had.
    frozen: Mapped[int] = mapped_column(Integer)

    __table_args__ = (UniqueConstraint("name", name="version_name"),)


class VersionMember(Base):
    """A picture in a version, with its label as it was; it goes with the picture."""

    __tablename__ = "version_member"

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("version.id", ondelete="CASCADE"), primary_key=True
    )
    picture_id: Mapped[UUID] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True
    )
    label: Mapped[str] = mapped_column(String(4))
    writer: Mapped[str | None] = mapped_column(String(64))
    #: Whether it is there to judge by, not to learn from.
    held_out: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (Index("version_member_picture", "picture_id"),)
