"""A ZIP with a folder of pictures for each class, as a model of other classes learns from it.

What is in it is found by names, as `cnn.data.find_parts` does it with folders, but no name
becomes a path: classes and files have numbers on the disk.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import ErrorCode, StorageError, UploadError
from app.services.collecting.zips import (
    MOST_ENTRIES,
    MOST_UNPACKED,
    Budget,
    is_clutter,
    open_zip,
    read_entry,
)
from app.services.training.fields import TrainingError
from cnn.data.folder_parts import class_order, part_of

__all__ = ["MOST_CLASSES", "FolderArchive", "Unpacked", "open_archive"]

MOST_CLASSES = 100

_LONGEST_CLASS = 40  # characters of a name
_LARGEST_PICTURE = 20_000_000  # bytes of a file
_FEWEST = 2  # training pictures of a class: one to learn from, one held out
_CHECKED = 50  # files that are unpacked between two looks whether to go on
_UTF8 = 0x800
#: What is said of an archive of pictures in place of what is said of one of several parts.
_INSTEAD: dict[str, tuple[ErrorCode, int]] = {
    "archive_too_large": ("pictures_too_large", MOST_UNPACKED // 1_000_000),
    "archive_too_many": ("pictures_too_many", MOST_ENTRIES),
}


@dataclass(frozen=True)
class _File:
    """A file in a class's folder."""

    entry: zipfile.ZipInfo
    part: str
    label: str
    name: str


@dataclass(frozen=True)
class Unpacked:
    """What was unpacked: how the files are called by their numbers, and how many were too large."""

    names: list[str]
    too_large: int


@dataclass(frozen=True)
class FolderArchive:
    """An archive whose folders are classes.

    `counts` has the number of training pictures by class, in the order of the classes; `count` is
    that of all pictures, and `beside` that of files that are in no class's folder.
    """

    counts: dict[str, int]
    count: int
    beside: int
    _archive: zipfile.ZipFile = field(repr=False)
    _files: Sequence[_File] = field(repr=False)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return tuple(self.counts)

    def unpack(self, folder: Path, check: Callable[[], None]) -> Unpacked:
        """Write the pictures into a folder for each part, with one for each class.

        `check` is called often. Raises UploadError, TrainingError, StorageError, what `check`
        raises.
        """
        budget, names, too_large = Budget(), [], 0
        there = Counter[str]()
        places = {name: str(place) for place, name in enumerate(self.classes)}
        for number, file in enumerate(self._files):
            if number % _CHECKED == 0:
                check()
            names.append(file.name)
            content = read_entry(self._archive, file.entry, most=_LARGEST_PICTURE, budget=budget)
            if content is None:
                too_large += 1
                continue
            path = folder / file.part / places[file.label] / str(number)
            with _written():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            there[file.label] += file.part == "train"
        for name in self.classes:
            if there[name] < _FEWEST:
                raise TrainingError("pictures_few", name=name, least=_FEWEST)
        return Unpacked(names, too_large)


@contextmanager
def open_archive(path: Path, *, name: str) -> Iterator[FolderArchive]:
    """Open an archive, and find the classes in it; `name` is what it is called.

    Raises UploadError for one that is broken or meant ill, TrainingError for one whose folders
    are no classes.
    """
    try:
        with path.open("rb") as file, open_zip(file, name=name) as archive:
            yield _find_classes(archive)
    except UploadError as error:
        if error.code not in _INSTEAD:
            raise
        code, most = _INSTEAD[error.code]
        raise UploadError(code, most=most) from error


def _find_classes(archive: zipfile.ZipFile) -> FolderArchive:
    entries = [(_path_of(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    entries = [(path, entry) for path, entry in entries if not is_clutter("/".join(path))]
    outer = _outer_folders([path for path, _ in entries])
    inner = [(path[outer:], entry) for path, entry in entries]
    has_parts = _has_parts({path[0] for path, _ in inner if len(path) > 1})
    files = []
    for path, entry in inner:
        part = (part_of(path[0]) if len(path) > 1 else None) if has_parts else "train"
        within = path[1:] if has_parts else path
        if part is not None and len(within) == 2:
            files.append(_File(entry, part, within[0], "/".join(path)))
    counts = Counter(file.label for file in files if file.part == "train")
    names = sorted(counts, key=class_order)
    _check_classes(names, counts, {file.label for file in files})
    ordered = {name: counts[name] for name in names}
    return FolderArchive(ordered, len(files), len(entries) - len(files), archive, tuple(files))


def _path_of(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return a file's folders and its name.

    macOS writes names in UTF-8 without saying so, with accents apart from their letters.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")
    return tuple(part.strip() for part in parts if part.strip() not in ("", "."))


def _outer_folders(paths: Sequence[tuple[str, ...]]) -> int:
    """Return how many folders are around all that is of use: who packs a folder packs its name."""
    outer = 0
    while paths:
        tops = {path[outer] for path in paths if len(path) > outer + 1}
        deeper = sum(len(path) > outer + 2 for path in paths)
        if len(tops) != 1 or part_of(next(iter(tops))) or deeper * 2 <= len(paths):
            break
        paths = [path for path in paths if len(path) > outer + 2]
        outer += 1
    return outer


def _has_parts(folders: Collection[str]) -> bool:
    """Whether the folders at the top are parts rather than classes. Raises TrainingError."""
    parts: dict[str, str] = {}
    for name in sorted(folders):
        part = part_of(name)
        if part is not None and part in parts:
            raise TrainingError("pictures_parts_twice", first=parts[part], second=name)
        if part is not None:
            parts[part] = name
    if parts and "train" not in parts:
        raise TrainingError("pictures_no_training", names=", ".join(parts.values()))
    return bool(parts)


def _check_classes(names: Sequence[str], counts: Counter[str], all_names: Collection[str]) -> None:
    """Raise TrainingError for what are no classes that a model could tell apart."""
    if not names:
        raise TrainingError("pictures_no_folders")
    for name in all_names:
        if len(name) > _LONGEST_CLASS or not name.isprintable():
            raise TrainingError("pictures_class_name", name=name[:60], most=_LONGEST_CLASS)
    if len(names) == 1:
        raise TrainingError("pictures_one_class", name=names[0])
    if len(names) > MOST_CLASSES:
        raise TrainingError("pictures_classes", most=MOST_CLASSES, count=len(names))
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise TrainingError("pictures_class_twice", first=other, second=name)
        if counts[name] < _FEWEST:
            raise TrainingError("pictures_few", name=name, least=_FEWEST)
    if unknown := sorted(set(all_names) - set(names)):
        raise TrainingError("pictures_class_unknown", name=unknown[0])


@contextmanager
def _written() -> Iterator[None]:
    """Tell a disk that is full from an archive that is damaged."""
    try:
        yield
    except OSError as error:
        raise StorageError("run_unwritable", problem=error.strerror or str(error)) from error
