"""Repair of what a check has found, reporting each step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, delete, literal_column, update

from app.errors import MaintenanceError
from app.services.maintenance.check import Finding, Kind, Report, dangling
from app.services.maintenance.rows import take_out
from app.services.maintenance.sweep import most_orphans
from app.services.pictures.images import ImageStore
from app.services.pictures.labels import derive_all
from app.storage.database import Base, Database
from app.wording import counted

__all__ = ["Repair"]

_ONE: ColumnElement[int] = literal_column("1")  # for each row: what is in it may be unreadable
_LARGEST = 1_000_000  # bytes: more than any picture that is stored


class Repair:
    """Repairs files and rows; what it removes is in the trash for 30 days."""

    def __init__(self, database: Database, images: ImageStore) -> None:
        self._database = database
        self._images = images
        self._files = images.files

    def run(self, report: Report, *, many: bool) -> Iterator[str]:
        """Repair what can be repaired, yielding each step.

        If more than a quarter of the rows or files would be removed, they are left, unless
        `many`. Raises StorageError or MaintenanceError.
        """
        orphans = report.of(Kind.ORPHAN)
        lost: list[Finding] = []
        spare = self._spare(report)
        found: list[Finding] = []
        for finding in [*report.of(Kind.MISSING), *report.of(Kind.DAMAGED)]:
            (found if finding.sha256 in spare else lost).append(finding)
        yield from self._bring_back(found, spare)
        if lost:
            yield self._files.advice
        if len(lost) > max(1, report.pictures // 4) and not many:
            yield _left(
                f"{len(lost):,} of {counted(report.pictures, 'picture')} without a good file"
            )
        else:
            yield from self._give_up(lost)
        if (
            orphans
            and not many
            and (not report.pictures or len(orphans) > most_orphans(report.files))
        ):
            yield _left(f"{len(orphans):,} of {counted(report.files, 'file')} without a row")
        else:
            yield from self._throw_away(orphans)
        unreadable = report.of(Kind.UNREADABLE)
        left = len(unreadable) > most_orphans(report.pictures) and not many
        if left:
            yield _left(counted(len(unreadable), *Kind.UNREADABLE.value))
        else:
            yield from self._take_out(unreadable)
        if report.of(Kind.DANGLING):
            yield from _cut_off(self._database)
        if not left:
            with self._database.writing() as session:
                derive_all(session)  # labels of people who are gone count less
        for finding in [*report.of(Kind.WRONG), *report.of(Kind.DATABASE)]:
            yield f"{finding.words}: left as it is, only a backup has it right"

    def _spare(self, report: Report) -> dict[str, Path]:
        """Return paths of intact copies of lost files, by their hashes."""
        wanted = {
            finding.sha256
            for finding in report.findings
            if finding.kind in (Kind.MISSING, Kind.DAMAGED)
        }
        found: dict[str, Path] = {}
        if wanted:
            # Copies in the folder come last, and so replace those in the trash.
            for path in [*self._files.trash.files(), *self._files.regular()]:
                digest = _digest(path)
                if digest in wanted:
                    found[digest] = path
        return found

    def _bring_back(self, found: list[Finding], spare: dict[str, Path]) -> Iterator[str]:
        """Put intact copies in their places; what was there may be the file of another picture."""
        moved: dict[Path, Path] = {}
        for finding in found:
            place = self._files.path(_about(finding))
            target = self._files.throw_away(place)
            if target is not None:
                moved[place] = target
        strangers = set(self._files.strangers())
        for finding in found:
            source = spare[finding.sha256]
            self._files.write(_about(finding), _bytes(moved.get(source, source)))
            if source in strangers:
                self._files.throw_away(source)
            yield f"picture {finding.picture_id}: its file is made again of {source}"

    def _take_out(self, unreadable: list[Finding]) -> Iterator[str]:
        for finding in unreadable:
            if finding.row is None:
                yield f"{finding.words}: left as it is, only a backup has it right"
                continue
            with self._database.writing() as session:
                told = [
                    f"{row.name}: {row.fault or 'needs it'}; moved to "
                    f"{self._files.write_down(row.dump())}"
                    for row in take_out(session, *finding.row)
                ]
            yield from told

    def _give_up(self, lost: list[Finding]) -> Iterator[str]:
        for finding in lost:
            if finding.kind is Kind.DAMAGED:
                self._files.set_aside(_about(finding))
                yield f"file {finding.picture_id}.png: damaged, moved to the trash"
            if finding.labelled:
                yield (
                    f"picture {finding.picture_id}: kept without its file, as it is labelled; "
                    "once no label is left, a repair removes it"
                )
        unlabelled = {_about(finding) for finding in lost if not finding.labelled}
        for picture_id in sorted(self._images.delete_vanished(unlabelled)):
            yield f"picture {picture_id}: removed from the database, as its file is lost"

    def _throw_away(self, orphans: list[Finding]) -> Iterator[str]:
        for finding in orphans:
            self._files.set_aside(_about(finding))
            yield f"file {finding.picture_id}.png: moved to the trash"


def _cut_off(database: Database) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for column, optional, lost in dangling(table):
            empty = update(table).where(lost).values({column: None}).returning(_ONE)
            remove = delete(table).where(lost).returning(_ONE)
            with database.writing() as session:
                count = len(session.execute(empty if optional else remove).all())
            if count:
                done = "emptied" if optional else "removed"
                rows = counted(count, "row")
                yield f"table {table.name}: {rows} whose {column.name} named nothing {done}"


def _left(what: str) -> str:
    return f"{what}: left, as that is more than a small share (--many lets them go)"


def _about(finding: Finding) -> UUID:
    if finding.picture_id is None:
        raise ValueError(f"no picture is named: {finding.words}")
    return finding.picture_id


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(_bytes(path)).hexdigest()
    except MaintenanceError:
        return None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise MaintenanceError(f"{path} cannot be read: {error.strerror}.") from error
