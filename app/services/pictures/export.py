"""Export of stored pictures as data sets: ZIP, .npz, and MNIST's IDX format."""

from __future__ import annotations

import gzip
import io
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any
from uuid import UUID

import numpy as np

from app.errors import CodedError
from app.services.pictures.gallery import Filter, Gallery, PictureView
from app.storage.files import PictureFiles
from cnn.data import encode_idx, encode_idx_header
from cnn.vision.normalise import SIDE

__all__ = ["Exporter", "TooManyDownloads"]

_AT_ONCE = 3  # downloads of one person
_BLOCK = 1 << 16
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # time that a ZIP can hold


class TooManyDownloads(CodedError):
    """The person has too many downloads in progress."""


class Exporter:
    """Writes the pictures of a filter, without those labelled as no digit.

    Files are made while they are sent, or on the disk: memory does not grow with the number
    of pictures.
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

    def zip(self, chosen: Filter) -> Iterator[bytes]:
        """Yield a ZIP of images/<id>.png and labels.csv."""
        sink = _Sink()
        labels = ["filename,label,confidence\r\n"]
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for picture in self._chosen(chosen):
                content = self._files.read(picture.id, picture.sha256)
                if content is None:
                    continue
                name = f"images/{picture.id}.png"
                entry = zipfile.ZipInfo(name, max(_EARLIEST, picture.created_at.timetuple()[:6]))
                archive.writestr(entry, content)
                labels.append(f"{name},{picture.shown},{picture.confidence:.4f}\r\n")
                yield sink.take()
            archive.writestr("labels.csv", "".join(labels))
        yield sink.take()

    def npz(self, chosen: Filter) -> Iterator[bytes]:
        """Yield a NumPy .npz: images (N, 28, 28), labels (N,), uint8, and ids (N,), text."""
        with tempfile.TemporaryFile() as images:
            labels, ids = self._write_images(chosen, images)
            sink = _Sink()
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
                with archive.open("images.npy", "w", force_zip64=True) as entry:
                    _write_npy_header(entry, (len(labels), SIDE, SIDE))
                    yield from _copy(images, entry.write, sink)
                for name, values in (("labels", labels), ("ids", np.array(ids, "<U36"))):
                    with archive.open(f"{name}.npy", "w") as entry:
                        np.save(entry, values, allow_pickle=False)
            yield sink.take()

    def idx(self, chosen: Filter) -> Iterator[bytes]:
        """Yield a ZIP of MNIST's two files, gzipped: images and labels in IDX format."""
        with tempfile.TemporaryFile() as images:
            labels, _ = self._write_images(chosen, images)
            sink = _Sink()
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
                with (
                    archive.open("digitnet-images-idx3-ubyte.gz", "w", force_zip64=True) as entry,
                    gzip.GzipFile(fileobj=entry, mode="wb", mtime=0) as packed,
                ):
                    packed.write(encode_idx_header((len(labels), SIDE, SIDE)))
                    yield from _copy(images, packed.write, sink)
                content = gzip.compress(encode_idx(labels), mtime=0)
                archive.writestr("digitnet-labels-idx1-ubyte.gz", content)
            yield sink.take()

    def _chosen(self, chosen: Filter) -> Iterator[PictureView]:
        pictures = self._gallery.each(self._gallery.ids(chosen))
        return (picture for picture in pictures if picture.label != "none")

    def _write_images(
        self, chosen: Filter, file: IO[bytes]
    ) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], list[str]]:
        labels, ids = bytearray(), []
        for picture in self._chosen(chosen):
            if picture.pixels is not None:
                file.write(picture.pixels)
                labels.append(int(picture.shown))
                ids.append(str(picture.id))
        file.seek(0)
        return np.frombuffer(bytes(labels), np.uint8), ids


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
