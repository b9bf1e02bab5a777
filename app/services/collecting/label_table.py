"""Which label a file has: by a table, by its folder, or by what the person said of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.errors import UploadError
from app.services.pictures.labels import LABELS
from cnn.data.made import MADE

__all__ = ["LONGEST_WRITER", "TABLE", "Given", "LabelTable", "clean_writer", "is_table"]

#: The name of a table of labels.
TABLE = "labels.csv"
#: Characters of a writer's name.
LONGEST_WRITER = 64

_MOST_ROWS = 200_000
_LONGEST_FIELD = 1000
_COLUMNS = (["filename", "label"], ["file", "label"])


@dataclass(frozen=True)
class Given:
    """What is said of a file: its label, as it was written, and who, or that nobody, wrote it."""

    label: str
    writer: str | None = None
    made: bool = False


def is_table(name: str) -> bool:
    """Say whether a file of this name is a table of labels."""
    return PurePosixPath(name).name.lower() == TABLE


def clean_writer(text: str | None) -> str | None:
    """Return a writer's name as it is stored, None for an empty one; raises UploadError."""
    # An export puts an apostrophe before what a spreadsheet would compute.
    words = " ".join((text or "").removeprefix("'").split())
    if len(words) > LONGEST_WRITER or not words.isprintable():
        raise UploadError("writer_name", most=LONGEST_WRITER)
    return words or None


class LabelTable:
    """Finds what is said of each file of an upload.

    `label` holds for all files that no table names; `labels` is such a table by itself.
    """

    def __init__(
        self, *, label: str | None = None, labels: Mapping[str, str] | None = None
    ) -> None:
        self._label = label
        self._by_path: dict[str, Given] = {}
        self._by_name: dict[str, Given | None] = {}
        self._used: set[str] = set()
        for name, value in (labels or {}).items():
            self._add(name, Given(value))

    def read(self, name: str, content: bytes) -> None:
        """Read a table, whose files are beside it or below; raises UploadError naming the line."""
        folder = PurePosixPath(name).parent
        try:
            # Spreadsheets put a mark before the first column.
            text = content.decode("utf-8-sig")
            rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            head = [column.strip().lower() for column in next(rows, [])]
            if head[:2] not in _COLUMNS:
                raise UploadError("table_columns", name=name)
            for row in rows:
                self._add_row(name, folder, rows.line_num, row, head)
        except (UnicodeDecodeError, csv.Error) as error:
            raise UploadError("table_unreadable", name=name) from error

    def find(self, path: str) -> Given | None:
        """Return what is said of a file; None if nothing is."""
        named = PurePosixPath(path)
        found = self._by_path.get(path) or self._by_name.get(named.name)
        if found is not None:
            self._used.add(named.name)
            return found
        for folder in reversed(named.parts[:-1]):
            if folder in LABELS:
                return Given(folder)
        return None if self._label is None else Given(self._label)

    def unused(self) -> list[str]:
        """Return the names in tables that no file had."""
        return [name for name in self._by_name if name not in self._used]

    def _add_row(
        self, name: str, folder: PurePosixPath, line: int, row: list[str], head: list[str]
    ) -> None:
        if not row:
            return
        if len(row) < 2 or max(map(len, row)) > _LONGEST_FIELD:
            raise UploadError("table_row", name=name, line=line)
        if len(self._by_path) >= _MOST_ROWS:
            raise UploadError("table_too_long", name=name, most=_MOST_ROWS)
        named = dict(zip(head, row, strict=False))
        writer, made = clean_writer(named.get("writer")), named.get("source") == MADE
        file = row[0].strip().replace("\\", "/")
        self._add(str(folder / file), Given(row[1].strip(), writer, made))

    def _add(self, path: str, given: Given) -> None:
        self._by_path[path] = given
        name = PurePosixPath(path).name
        # A name that is there twice with different labels says nothing without its folder.
        known = self._by_name.get(name, given)
        self._by_name[name] = given if known == given else None
