"""What an upload holds: its pictures one after the other, whatever they are packed in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from app.errors import ErrorCode, UploadError
from app.services.collecting.arrays import open_idx, open_npy, pixel_rows, read_labels
from app.services.collecting.label_table import Given, LabelTable, clean_writer, is_table
from app.services.collecting.spool import Piece
from app.services.collecting.zips import Budget, is_clutter, open_zip, read_entry
from cnn.data.made import MADE
from cnn.vision.decode import MAX_BYTES

__all__ = ["Contents", "Item", "open_contents"]

_LARGEST_TABLE = 30_000_000  # bytes
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_IDX = re.compile(r"idx[0-9]-ubyte(\.gz)?$|\.idx[0-9]?(\.gz)?$", re.IGNORECASE)
_NESTED = (".zip", ".npz", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz")
#: Arrays of pictures and of their labels that belong together.
_PAIRS = (("images", "labels"), ("x_train", "y_train"), ("x_test", "y_test"))


@dataclass(frozen=True)
class Item:
    """A file or row that should be a picture, with what is said of it.

    One of `content` (a file's bytes) and `pixels` (28×28, white ink on black) is there, unless
    `problem` says why not.
    """

    name: str
    given: Given | None = None
    content: bytes | None = None
    pixels: npt.NDArray[np.uint8] | None = None
    problem: ErrorCode | None = None


@dataclass(frozen=True)
class _Member:
    """A file: beside others of the upload, or in an archive of it."""

    name: str
    open: Callable[[], IO[bytes]]
    archive: zipfile.ZipFile | None = None
    entry: zipfile.ZipInfo | None = None


@dataclass
class Contents:
    """The files of an upload, sorted by what they are."""

    table: LabelTable
    budget: Budget
    pictures: list[_Member] = field(default_factory=list)
    arrays: list[_Member] = field(default_factory=list)
    npz: list[tuple[str, zipfile.ZipFile]] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)

    def count(self) -> int:
        """Return how many files there are to look at; rows of arrays are not counted yet."""
        return len(self.pictures)

    def items(self) -> Iterator[Item]:
        """Yield everything that should be a picture; raises UploadError."""
        for name in self.nested:
            yield Item(name, problem="archive_nested")
        for name in self.cut_off:
            yield Item(name, problem="file_cut_off")
        for member in self.pictures:
            yield self._read(member)
        yield from self._idx_items()
        for name, archive in self.npz:
            yield from self._npz_items(name, archive)
        for name in self.table.unused():
            yield Item(name, problem="file_missing")

    def _read(self, member: _Member) -> Item:
        given = self.table.find(member.name)
        if member.archive is not None and member.entry is not None:
            content = read_entry(member.archive, member.entry, most=MAX_BYTES, budget=self.budget)
        else:
            with member.open() as file:
                content = file.read(MAX_BYTES + 1)
        if content is None or len(content) > MAX_BYTES:
            return Item(member.name, given, problem="file_too_large")
        return Item(member.name, given, content=content)

    def _idx_items(self) -> Iterator[Item]:
        for images, labels in _pairs_of_idx(self.arrays):
            with (
                labels.open() as file,
                open_idx(file, name=labels.name, budget=self.budget) as array,
            ):
                made = PurePosixPath(images.name).name.startswith(f"{MADE}-")
                names = [Given(label, made=made) for label in read_labels(array)]
            with (
                images.open() as file,
                open_idx(file, name=images.name, budget=self.budget) as array,
            ):
                yield from _rows(images.name, pixel_rows(array), array.shape[0], names)

    def _npz_items(self, name: str, archive: zipfile.ZipFile) -> Iterator[Item]:
        there = set(archive.namelist())
        pairs = [pair for pair in _PAIRS if {f"{one}.npy" for one in pair} <= there]
        if not pairs:
            raise UploadError("npz_arrays", name=name)
        for images, labels in pairs:
            given = [Given(label) for label in self._column(archive, labels)]
            if images == "images" and "writer.npy" in there:
                writers = self._column(archive, "writer")
                if len(writers) != len(given):
                    raise UploadError("array_lengths", name=name)
                given = [
                    Given(one.label, clean_writer(writer))
                    for one, writer in zip(given, writers, strict=True)
                ]
            if images == "images" and "source.npy" in there:
                given = _with_sources(given, self._sources(archive))
            shown = f"{name}: {images}"
            with (
                archive.open(f"{images}.npy") as file,
                open_npy(file, name=shown, budget=self.budget) as array,
            ):
                yield from _rows(shown, pixel_rows(array), array.shape[0], given)

    def _sources(self, archive: zipfile.ZipFile) -> list[str]:
        """Return where each picture is from; empty where an array of this name says no such."""
        try:
            return self._column(archive, "source")
        except UploadError:
            return []

    def _column(self, archive: zipfile.ZipFile, column: str) -> list[str]:
        with (
            archive.open(f"{column}.npy") as file,
            open_npy(file, name=column, budget=self.budget) as array,
        ):
            return read_labels(array)


@contextmanager
def open_contents(pieces: Iterable[Piece], table: LabelTable) -> Iterator[Contents]:
    """Open what was uploaded, with its tables of labels read; raises UploadError."""
    with ExitStack() as stack:
        contents = Contents(table, Budget())
        for piece in pieces:
            if not piece.is_whole:
                contents.cut_off.append(piece.name or "")
                continue
            for member in _members(piece, stack):
                _sort_in(member, contents, stack)
        yield contents


def _members(piece: Piece, stack: ExitStack) -> Iterator[_Member]:
    if piece.name is not None:
        yield _Member(piece.name, lambda: piece.path.open("rb"))
        return
    batch = stack.enter_context(zipfile.ZipFile(piece.path))
    for entry in batch.infolist():
        name = entry.comment.decode("utf-8", "replace").replace("\\", "/").lstrip("/")
        yield _Member(name, lambda e=entry: batch.open(e))  # type: ignore[misc]


def _sort_in(member: _Member, contents: Contents, stack: ExitStack) -> None:
    """Put a file of the upload where it belongs, or what is in it, if it is an archive."""
    if is_clutter(member.name):
        return
    file = stack.enter_context(ExitStack())
    opened = file.enter_context(member.open())
    head = opened.read(4)
    opened.seek(0)
    if head not in (_ZIP, _EMPTY_ZIP):
        file.close()
        _sort_plain(member, contents)
        return
    archive = file.enter_context(open_zip(opened, name=member.name))
    names = archive.namelist()
    if names and all(name.endswith(".npy") for name in names):
        contents.npz.append((member.name, archive))
        return
    for entry in archive.infolist():
        if not entry.is_dir() and not is_clutter(entry.filename):
            inner = _Member(
                entry.filename,
                lambda z=archive, e=entry: z.open(e),  # type: ignore[misc]
                archive,
                entry,
            )
            _sort_plain(inner, contents)


def _sort_plain(member: _Member, contents: Contents) -> None:
    if is_table(member.name):
        contents.table.read(member.name, _read_table(member, contents.budget))
    elif _IDX.search(member.name):
        contents.arrays.append(member)
    elif member.name.lower().endswith(_NESTED):
        contents.nested.append(member.name)
    else:
        contents.pictures.append(member)


def _read_table(member: _Member, budget: Budget) -> bytes:
    with member.open() as file:
        content = file.read(_LARGEST_TABLE + 1)
    budget.spend(len(content))
    if len(content) > _LARGEST_TABLE:
        raise UploadError("table_unreadable", name=member.name)
    return content


def _pairs_of_idx(members: list[_Member]) -> list[tuple[_Member, _Member]]:
    """Return the files of pictures, each with its file of labels; raises UploadError."""
    images: dict[str, _Member] = {}
    labels: dict[str, _Member] = {}
    for member in members:
        name = PurePosixPath(member.name).name.lower().removesuffix(".gz")
        side = labels if "label" in name or "idx1" in name else images
        key = re.sub(r"idx[0-9]", "idx", name.replace("images", "").replace("labels", ""))
        side[key] = member
    if len(images) == len(labels) == 1:
        return [(next(iter(images.values())), next(iter(labels.values())))]
    for key in images.keys() ^ labels.keys():
        alone = images.get(key) or labels[key]
        raise UploadError("idx_alone", name=alone.name)
    return [(images[key], labels[key]) for key in sorted(images)]


def _with_sources(given: list[Given], sources: list[str]) -> list[Given]:
    """Note which pictures are made."""
    if len(sources) != len(given):
        return given
    return [replace(one, made=source == MADE) for one, source in zip(given, sources, strict=True)]


def _rows(
    name: str, rows: Iterator[npt.NDArray[np.uint8]], count: int, given: list[Given]
) -> Iterator[Item]:
    if count != len(given):
        raise UploadError("array_lengths", name=name)
    for number, (pixels, one) in enumerate(zip(rows, given, strict=False)):
        yield Item(f"{name} {number}", one, pixels=pixels)
    # The rows must end where the array does; one more step says whether they do.
    remaining: Any = next(rows, None)
    if remaining is not None:
        raise UploadError("array_lengths", name=name)
