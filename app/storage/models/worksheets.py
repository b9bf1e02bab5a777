"""Worksheets: their files and pupils, the pages that came back, and how these were marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import Base, UtcDateTime, utc_now
from app.storage.models.volatile import VOLATILE

__all__ = [
    "Worksheet",
    "WorksheetAnswer",
    "WorksheetFile",
    "WorksheetLeftOut",
    "WorksheetPage",
    "WorksheetPupil",
    "WorksheetUpload",
]


class Worksheet(Base):
    """A worksheet, which only its owner sees."""

    __tablename__ = "worksheet"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(80))
    #: What the codes on its pages name it by; see app.worksheets.layout.
    sheet: Mapped[str] = mapped_column(String(10), unique=True)
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What it was made from, without names and own questions: see app.services.worksheets.
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)

    __table_args__ = (Index("worksheet_owner", "owner_id", "created_at"),)


class WorksheetFile(Base):
    """A part of a worksheet's PDF or answer sheet, short enough for a row of a backup."""

    __tablename__ = "worksheet_file"

    worksheet_id: Mapped[UUID] = mapped_column(
        ForeignKey("worksheet.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("name IN ('sheet', 'answers')", name="worksheet_file_name"),)


class WorksheetPupil(Base):
    """A pupil for whom there are pages; the codes on them hold the place alone."""

    __tablename__ = "worksheet_pupil"

    worksheet_id: Mapped[UUID] = mapped_column(
        ForeignKey("worksheet.id", ondelete="CASCADE"), primary_key=True
    )
    #: In the list of names, from 1.
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))


class WorksheetPage(Base):
    """A page that came back, found in a picture and marked."""

    __tablename__ = "worksheet_page"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    worksheet_id: Mapped[UUID] = mapped_column(ForeignKey("worksheet.id", ondelete="CASCADE"))
    #: Which of the worksheet's pages it is, from 1, and whose: 0 on worksheets without names.
    page: Mapped[int] = mapped_column(SmallInteger)
    pupil: Mapped[int] = mapped_column(SmallInteger)
    #: Whose it is on a worksheet without names, as its owner says; empty if they did not.
    name: Mapped[str] = mapped_column(String(80), default="")
    #: The file that it came in, its place there, and the SHA-256 of the file.
    file: Mapped[str] = mapped_column(String(200))
    number: Mapped[int] = mapped_column(SmallInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    #: What came together: see WorksheetUpload. Null for pages from before there was such.
    sending: Mapped[UUID | None] = mapped_column(Uuid)
    #: The page alone, straightened, as JPEG: what else was in the photograph is not kept.
    picture: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    __table_args__ = (Index("worksheet_page_pupil", "worksheet_id", "pupil", "page"),)


class WorksheetAnswer(Base):
    """An answer: what was read, how it was marked, and what a person said of it."""

    __tablename__ = "worksheet_answer"

    page_id: Mapped[UUID] = mapped_column(
        ForeignKey("worksheet_page.id", ondelete="CASCADE"), primary_key=True
    )
    #: Its place on the page, from 0.
    question: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: The network's own, never overwritten.
    read: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column(Float)
    mark: Mapped[str] = mapped_column(String(5))
    #: What a person decided, and what they say is written there; null if they did not.
    decision: Mapped[str | None] = mapped_column(String(5))
    said: Mapped[str | None] = mapped_column(String(16))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("mark IN ('right', 'wrong', 'look')", name="worksheet_answer_mark"),
        CheckConstraint("decision IN ('right', 'wrong')", name="worksheet_answer_decision"),
    )


class WorksheetLeftOut(Base):
    """A picture that was not marked, and why."""

    __tablename__ = "worksheet_left_out"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    worksheet_id: Mapped[UUID] = mapped_column(
        ForeignKey("worksheet.id", ondelete="CASCADE"), index=True
    )
    file: Mapped[str] = mapped_column(String(200))
    #: The page of the file, from 1, and whether other pages of it may have been marked.
    number: Mapped[int] = mapped_column(SmallInteger)
    of_several: Mapped[bool] = mapped_column(Boolean)
    #: A code of app.errors, and the values of its sentence.
    code: Mapped[str] = mapped_column(String(64))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class WorksheetUpload(Base):
    """Pictures that were sent for a worksheet, and the job that marks them."""

    __tablename__ = "worksheet_upload"
    __table_args__ = VOLATILE

    #: Also the name of their folder in the spool.
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    worksheet_id: Mapped[UUID] = mapped_column(
        ForeignKey("worksheet.id", ondelete="CASCADE"), index=True
    )
    job_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    #: The same for requests that belong together: pictures that were chosen at once.
    sending: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
