"""Export of stored pictures as data sets: ZIP, .npz, and MNIST's IDX format."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType
from typing import IO, Any
from uuid import UUID

import numpy as np

from app.errors import CodedError
from app.services.pictures.gallery import Filter, Gallery, PictureView
from app.storage.files import PictureFiles
from cnn.data import encode_idx, encode_idx_header
from cnn.vision.framing import SIDE

__all__ = ["COLUMNS", "Column", "Exporter", "TooManyDownloads"]

_AT_ONCE = 3  # downloads of one person
_BLOCK = 1 << 16
_LINES = 500  # of labels.csv at a time
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets compute begins so
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # time that a ZIP can hold


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whoever typed it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass(frozen=True)
class Column:
    """A fact of each picture: as text in labels.csv, and as an array in an .npz."""

    name: str
    text: Callable[[PictureView], str]
    dtype: str
    value: Callable[[PictureView], Any]


#: What follows file name and label.
COLUMNS = (
    Column(
        "confidence",
        lambda p: "" if p.confidence_in_shown is None else f"{p.confidence_in_shown:.4f}",
        "float32",
        lambda p: np.nan if p.confidence_in_shown is None else p.confidence_in_shown,
    ),
    Column("network", lambda p: p.network, "int8", lambda p: -1 if p.digit is None else p.digit),
    Column(
        "labelled_by_person",
        lambda p: "false" if p.label is None else "true",
        "bool",
        lambda p: p.label is not None,
    ),
    Column("source", lambda p: p.source, "str", lambda p: p.source),
    Column("writer", lambda p: _harmless(p.writer or ""), "str", lambda p: p.writer or ""),
    Column(
        "date",
        lambda p: p.created_at.isoformat(timespec="seconds"),
        "datetime64[s]",
        # NumPy's times have no zone.
        lambda p: p.created_at.astimezone(UTC).replace(tzinfo=None),
    ),
)


def _header(columns: Sequence[Column]) -> list[str]:
    """Return the first line of labels.csv."""
    return ["filename", "label", *(column.name for column in columns)]


def _line(picture: PictureView, columns: Sequence[Column]) -> list[str]:
    """Return a picture's line of labels.csv."""
    return [f"{picture.id}.png", picture.shown, *(column.text(picture) for column in columns)]


class TooManyDownloads(CodedError):
    """The person has too many downloads in progress."""


class Exporter:
    """Writes pictures: those of a filter that show a digit, or any that are given.

    Files are made while they are sent, or on the disk: the pictures are never all in memory,
    only what their labels and other facts take.
    """

    def __init__(self, gallery: Gallery, files: PictureFiles) -> None:
        self._gallery = gallery
        self._files = files
        self._under_way: Counter[UUID] = Counter()
        self._lock = threading.Lock()

    def begin(self, person_id: UUID) -> None:
        """Count a person's download; raises TooManyDownloads.

        The caller calls `end` when the download is over, however it ends.
        """
        with self._lock:
            if self._under_way[person_id] >= _AT_ONCE:
                raise TooManyDownloads("too_many_downloads", count=_AT_ONCE)
            self._under_way[person_id] += 1

    def end(self, person_id: UUID) -> None:
        """Count a download as ended."""
        with self._lock:
            self._under_way[person_id] -= 1
            self._under_way += Counter()  # drops zero counts

    def zip(
        self,
        chosen: Filter | Iterable[PictureView],
        *,
        columns: Sequence[Column] = COLUMNS,
        beside: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Iterator[bytes]:
        """Yield a ZIP of images/<id>.png and labels.csv, and of files `beside` them."""
        sink = _Sink()
        table = io.StringIO()
        labels = csv.writer(table)
        labels.writerow(_header(columns))
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for picture in self._chosen(chosen):
                content = self._files.read(picture.id, picture.sha256)
                if content is None:
                    continue
                name, moment = f"{picture.id}.png", picture.created_at.timetuple()[:6]
                entry = zipfile.ZipInfo(f"images/{name}", max(_EARLIEST, moment))
                archive.writestr(entry, content)
                labels.writerow(_line(picture, columns))
                yield sink.take()
            archive.writestr(_entry("labels.csv"), table.getvalue())
            for name, content in beside.items():
                archive.writestr(_entry(name), content)
        yield sink.take()

    def csv(
        self, chosen: Iterable[PictureView], *, columns: Sequence[Column] = COLUMNS
    ) -> Iterator[bytes]:
        """Yield labels.csv alone."""
        table = io.StringIO()
        labels = csv.writer(table)
        labels.writerow(_header(columns))
        for number, picture in enumerate(chosen, 1):
            labels.writerow(_line(picture, columns))
            if number % _LINES == 0:
                yield _take(table)
        yield _take(table)

    def npz(
        self,
        chosen: Filter | Iterable[PictureView],
        *,
        columns: Sequence[Column] = COLUMNS,
        beside: Mapping[str, np.ndarray[Any, np.dtype[Any]]] = MappingProxyType({}),
    ) -> Iterator[bytes]:
        """Yield a NumPy .npz: images (N, 28, 28), and (N,) labels, ids and the other columns.

        Further arrays may be `beside` them.
        """
        with tempfile.TemporaryFile() as images:
            facts: dict[str, list[Any]] = {column.name: [] for column in columns}
            ids: list[str] = []

            def note(picture: PictureView) -> None:
                ids.append(str(picture.id))
                for column in columns:
                    facts[column.name].append(column.value(picture))

            labels = self._write_images(chosen, images, note)
            arrays = {"labels": labels, "ids": np.array(ids, "<U36")}
            arrays |= {c.name: np.array(facts[c.name], c.dtype) for c in columns} | dict(beside)
            sink = _Sink()
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
                with archive.open(_entry("images.npy"), "w", force_zip64=True) as entry:
                    _write_npy_header(entry, (len(labels), SIDE, SIDE))
                    yield from _copy(images, entry.write, sink)
                for name, values in arrays.items():
                    with archive.open(_entry(f"{name}.npy"), "w") as entry:
                        np.save(entry, values, allow_pickle=False)
            yield sink.take()

    def idx(
        self,
        chosen: Mapping[str, Filter | Iterable[PictureView]],
        *,
        beside: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Iterator[bytes]:
        """Yield a ZIP of files in MNIST's IDX format, gzipped, and of files `beside` them.

        `chosen` are the parts by name; of each there are images and labels.
        """
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for part, pictures in chosen.items():
                with tempfile.TemporaryFile() as images:
                    labels = self._write_images(pictures, images)
                    place = _entry(f"{part}-images-idx3-ubyte.gz")
                    with (
                        archive.open(place, "w", force_zip64=True) as entry,
                        gzip.GzipFile(fileobj=entry, mode="wb", mtime=0) as packed,
                    ):
                        packed.write(encode_idx_header((len(labels), SIDE, SIDE)))
                        yield from _copy(images, packed.write, sink)
                content = gzip.compress(encode_idx(labels), mtime=0)
                archive.writestr(_entry(f"{part}-labels-idx1-ubyte.gz"), content)
            for name, content in beside.items():
                archive.writestr(_entry(name), content)
        yield sink.take()

    def _chosen(self, chosen: Filter | Iterable[PictureView]) -> Iterable[PictureView]:
        if not isinstance(chosen, Filter):
            return chosen
        pictures = self._gallery.each(self._gallery.ids(chosen))
        return (picture for picture in pictures if picture.shown != "none")

    def _write_images(
        self,
        chosen: Filter | Iterable[PictureView],
        file: IO[bytes],
        note: Callable[[PictureView], None] = lambda picture: None,
    ) -> np.ndarray[Any, np.dtype[Any]]:
        """Write the 28×28 pixels of each picture into a file and return the labels."""
        labels = bytearray()
        for picture in self._chosen(chosen):
            if picture.pixels is not None and picture.shown != "none":
                file.write(picture.pixels)
                labels.append(int(picture.shown))
                note(picture)
        file.seek(0)
        return np.frombuffer(bytes(labels), np.uint8)


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without a time, so that the same content is the same file."""
    return zipfile.ZipInfo(name, _EARLIEST)


def _take(table: io.StringIO) -> bytes:
    content = table.getvalue().encode()
    table.seek(0)
    table.truncate()
    return content


class _Sink(io.RawIOBase):
    """A write-only file whose content is taken out as it grows."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _copy(file: IO[bytes], write: Callable[[bytes], Any], sink: _Sink) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        write(block)
        yield sink.take()


def _write_npy_header(file: IO[bytes], shape: tuple[int, ...]) -> None:
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
