"""Check for missing, orphaned and damaged rows and picture files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, func, inspect, select, text
from sqlalchemy.orm import Session

from app.errors import StartError
from app.services.maintenance.identity import Identity
from app.services.maintenance.rows import read_ids, read_rows
from app.services.maintenance.sweep import YOUNG
from app.services.pictures.labels import LABELS
from app.storage.database import Base, Database, utc_now
from app.storage.files import PictureFiles
from app.storage.models import Picture
from app.storage.schema import head_revision, revision_of
from app.wording import counted
from cnn.vision.framing import SIDE

__all__ = ["Check", "Finding", "Kind", "Report", "dangling"]


class Kind(Enum):
    """The kinds of faults; the values are their names, singular and plural."""

    DATABASE = ("fault of the database itself", "faults of the database itself")
    IDENTITY = (
        "doubt whether database and pictures belong together",
        "doubts whether database and pictures belong together",
    )
    MISSING = ("picture without a file", "pictures without a file")
    DAMAGED = ("damaged picture file", "damaged picture files")
    ORPHAN = ("file without a row", "files without a row")
    WRONG = ("row that cannot be right", "rows that cannot be right")
    UNREADABLE = ("row that cannot be read", "rows that cannot be read")
    DANGLING = ("row that points to nothing", "rows that point to nothing")


@dataclass(frozen=True)
class Finding:
    """A fault as a sentence, and the picture that it concerns."""

    kind: Kind
    words: str
    picture_id: UUID | None = None
    sha256: str = ""
    labelled: bool = False
    #: SQLite's table and number of a row that cannot be read.
    row: tuple[Table, int] | None = None


@dataclass(frozen=True)
class Report:
    """The result of a check: faults, `notes` that are none, and `advice`."""

    pictures: int
    files: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    advice: str | None = None

    def of(self, kind: Kind) -> list[Finding]:
        """Return the findings of one kind."""
        return [finding for finding in self.findings if finding.kind is kind]


@dataclass(frozen=True)
class _Row:
    id: UUID
    sha256: str
    labelled: bool
    wrong: str | None


class Check:
    """Checks everything and changes nothing; the site may be running."""

    def __init__(
        self,
        database: Database,
        files: PictureFiles,
        identity: Identity,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._files = files
        self._identity = identity
        self._clock = clock

    def run(self) -> Report:
        """Compare every row with its file and every file with its row.

        Raises StartError where the database is lost and the pictures are not, StorageError
        if the database or the folder cannot be read.
        """
        findings: list[Finding] = []
        notes: list[str] = []
        pair = self._identity.look()
        if pair.problem is not None:
            if pair.is_database_lost:
                raise StartError(pair.problem)
            findings.append(Finding(Kind.IDENTITY, pair.problem))
        with self._database.inspecting() as session:
            findings += _integrity(session)
            notes += _revision(session)
            findings += _dangling_everywhere(session)
            unreadable, rows, ids = _read(session)
            findings += unreadable
        files = self._files.listed()
        notes += [_stranger(path) for path in self._files.strangers()]
        findings += self._still(self._of_rows(rows))
        findings += self._orphans(files, ids)
        is_lost = any(finding.kind in (Kind.MISSING, Kind.DAMAGED) for finding in findings)
        advice = self._files.advice if is_lost else None
        return Report(len(rows), len(files), tuple(findings), tuple(notes), advice)

    def _of_rows(self, rows: list[_Row]) -> Iterator[Finding]:
        for row in rows:
            if row.wrong is not None:
                yield Finding(Kind.WRONG, f"picture {row.id}: {row.wrong}", row.id)
            path = self._files.path(row.id)
            there = path.exists() or path.is_symlink()
            if there and self._files.read(row.id, row.sha256) is not None:
                continue
            kind = Kind.DAMAGED if there else Kind.MISSING
            words = "its file is damaged" if there else "its file is missing"
            labelled = "; it is labelled" if row.labelled else ""
            yield Finding(
                kind, f"picture {row.id}: {words}{labelled}", row.id, row.sha256, row.labelled
            )

    def _still(self, findings: Iterator[Finding]) -> list[Finding]:
        """Drop findings on pictures that have been deleted meanwhile."""
        found = list(findings)
        if not found:
            return []
        with self._database.inspecting() as session:
            ids = read_ids(session)
        return [finding for finding in found if finding.picture_id in ids]

    def _orphans(self, files: dict[UUID, float], rows: set[UUID]) -> Iterator[Finding]:
        old = self._clock().timestamp() - YOUNG
        for picture_id in sorted(files.keys() - rows):
            # A younger one may have got its row meanwhile, or get it in a moment.
            if files[picture_id] < old and self._files.path(picture_id).exists():
                words = f"file {picture_id}.png: no row of the database knows it"
                yield Finding(Kind.ORPHAN, words, picture_id)


def dangling(table: Table) -> Iterator[tuple[ColumnElement[Any], bool, ColumnElement[bool]]]:
    """Yield each foreign key, whether it may be null, and the condition of dangling references."""
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        other = key.column.table.alias("other")
        known = exists().where(other.c[key.column.name] == key.parent)
        yield key.parent, bool(key.parent.nullable), key.parent.is_not(None) & ~known


def _dangling_everywhere(session: Session) -> Iterator[Finding]:
    there = set(inspect(session.connection()).get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name not in there:
            continue
        for column, _, lost in dangling(table):
            count = session.scalar(select(func.count()).select_from(table).where(lost)) or 0
            if count:
                rows = counted(count, "row")
                words = f"table {table.name}: {rows} whose {column.name} names nothing"
                yield Finding(Kind.DANGLING, words)


def _integrity(session: Session) -> Iterator[Finding]:
    if session.get_bind().dialect.name == "sqlite":
        for line in session.scalars(text("PRAGMA quick_check(20)")):
            if line != "ok":
                words = f"the database is damaged: {line}. Restore a backup"
                yield Finding(Kind.DATABASE, words)


def _revision(session: Session) -> Iterator[str]:
    own, wanted = revision_of(session), head_revision()
    if own != wanted:
        yield (
            f"The database has revision {own}, this version of the program {wanted}: "
            "the next start brings it up to date."
        )


def _read(session: Session) -> tuple[list[Finding], list[_Row], set[UUID]]:
    """Read all rows: findings on unreadable ones, the readable pictures, and all picture ids."""
    findings: list[Finding] = []
    rows: list[_Row] = []
    ids = set[UUID]()
    for table in Base.metadata.sorted_tables:
        if table.info.get("volatile"):
            continue
        for row in read_rows(session, table):
            if row.fault is not None:
                place = None if row.place is None else (table, row.place)
                findings.append(Finding(Kind.UNREADABLE, f"{row.name}: {row.fault}", row=place))
            elif table.name == Picture.__tablename__:
                rows.append(_picture(row.values))
            if table.name == Picture.__tablename__ and "id" in row.values:
                ids.add(row.values["id"])
    return findings, rows, ids


def _stranger(path: Path) -> str:
    return f"file {path.name}: no picture of this program has such a name; it is left alone"


def _picture(row: dict[str, Any]) -> _Row:
    wrong = _wrong(row["sha256"], row["label"], row["digit"], row["confidence"])
    return _Row(
        row["id"],
        row["sha256"],
        row["label"] is not None,
        wrong or _unlike(row["probabilities"], row["pixels"]),
    )


def _wrong(sha256: Any, label: Any, digit: Any, confidence: Any) -> str | None:
    if not re.fullmatch("[0-9a-f]{64}", str(sha256)):
        return "its hash is none"
    if label is not None and label not in LABELS:
        return f"its label is {label!r}"
    if digit is None and confidence is None:
        return None  # it was refused
    if digit not in range(10):
        return f"its digit is {digit!r}"
    if not isinstance(confidence, float | int) or not 0 <= confidence <= 1:
        return f"its confidence is {confidence!r}"
    return None


def _unlike(probabilities: Any, pixels: Any) -> str | None:
    if probabilities is not None:
        numbers = probabilities if isinstance(probabilities, list) else []
        if len(numbers) != 10 or not all(
            isinstance(number, float | int) and math.isfinite(number) for number in numbers
        ):
            return "its probabilities are not ten numbers"
    if pixels is not None and len(pixels) != SIDE * SIDE:
        return f"what the network saw has {len(pixels)} bytes instead of {SIDE * SIDE}"
    return None
