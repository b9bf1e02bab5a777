"""What people send: photographs, scans, and files with several pages, as pictures one by one.

Of a PDF or TIFF, which may be large, no more than a few pages are in memory.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import IO

import pypdfium2
from PIL import Image

from app.worksheets.errors import PageError
from cnn.errors import PictureError
from cnn.vision.decode import DECODER_ERRORS, open_picture

__all__ = ["MOST_BYTES", "MOST_DOCUMENT", "MOST_PAGES", "count_pages", "has_several", "open_pages"]

#: Largest picture, largest PDF or TIFF, and pages of one.
MOST_BYTES = 20_000_000
MOST_DOCUMENT = 300_000_000
MOST_PAGES = 300

_TOGETHER = 4  # pages: PDFium keeps what it has read of a document until that is closed
_RENDERED = 2400  # pixels of a PDF page's longer side: about 200 dpi
_MOST_PIXELS = 40_000_000  # of a page of a TIFF
# A JPEG, which is what phones send of their largest pictures; it is reduced, but not below a side.
_MOST_OF_JPEG, _SHARP = 50_000_000, 2000
_TIFF = (b"II*\0", b"MM\0*")
_LONGEST_START = 4  # bytes that say what a file is


def has_several(file: IO[bytes]) -> bool:
    """Say whether a file is of a kind that may have several pages."""
    return _begins(file, b"%PDF", *_TIFF)


def count_pages(file: IO[bytes]) -> int:
    """Return how many pages `open_pages` gives, as far as can be told without opening them."""
    if _begins(file, b"%PDF"):
        try:
            with pypdfium2.PdfDocument(file) as document:
                return min(len(document), MOST_PAGES)
        except pypdfium2.PdfiumError:
            return 1
    if _begins(file, *_TIFF):
        try:
            return min(_open_scans(file)[1], MOST_PAGES)
        except PageError:
            return 1
    return 1


def open_pages(file: IO[bytes]) -> Iterator[Image.Image | PageError]:
    """Open a file's pages one after the other, each as a picture of mode L, upright.

    The file is left open, and is not to be used elsewhere meanwhile. A page that cannot be opened
    is an error in its place; the others follow it. Raises PageError if there are no pages.
    """
    if _begins(file, b"%PDF"):
        yield from _pages_of_pdf(file)
    elif _begins(file, *_TIFF):
        yield from _pages_of_tiff(file)
    else:
        file.seek(0)
        yield _open_photograph(file.read(MOST_BYTES + 1))


def _begins(file: IO[bytes], *starts: bytes) -> bool:
    file.seek(0)
    return file.read(_LONGEST_START).startswith(starts)


def _open_photograph(content: bytes) -> Image.Image | PageError:
    try:
        picture = open_picture(
            content,
            longest=_SHARP,
            most_bytes=MOST_BYTES,
            most_pixels=_MOST_OF_JPEG,
            without_colours=True,
        )
    except PictureError as error:
        return PageError("page_too_large" if error.code == "too_large" else "page_no_picture")
    return _as_grey(picture)


def _as_grey(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("LA", "RGBA"):
        return picture.convert("L")
    page = Image.new("L", picture.size, 255)
    page.paste(picture.convert("L"), mask=picture.getchannel("A"))
    return page


def _pages_of_pdf(file: IO[bytes]) -> Iterator[Image.Image | PageError]:
    _check_size(file)
    try:
        with pypdfium2.PdfDocument(file) as document:
            count = len(document)
    except pypdfium2.PdfiumError as error:
        raise PageError("page_damaged") from error
    _check_count(count)
    for first in range(0, count, _TOGETHER):
        with pypdfium2.PdfDocument(file) as document:
            for number in range(first, min(first + _TOGETHER, count)):
                yield _render(document, number)


def _render(document: pypdfium2.PdfDocument, number: int) -> Image.Image | PageError:
    try:
        page = document[number]
        longest = max(page.get_size())
        shown = page.render(scale=_RENDERED / max(longest, 1.0), grayscale=True)
        # The bitmap ends with the page.
        picture = Image.fromarray(shown.to_numpy().reshape(shown.height, -1).copy())
        page.close()
    except pypdfium2.PdfiumError:
        return PageError("page_damaged")
    return picture


def _pages_of_tiff(file: IO[bytes]) -> Iterator[Image.Image | PageError]:
    _check_size(file)
    scans, count = _open_scans(file)
    _check_count(count)
    for number in range(count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata
            try:
                scans.seek(number)
                if scans.width * scans.height > _MOST_PIXELS:
                    page: Image.Image | PageError = PageError("page_too_large")
                else:
                    page = _as_grey(scans.convert("L") if scans.mode == "1" else scans)
            except Image.DecompressionBombError:
                page = PageError("page_too_large")
            except DECODER_ERRORS:
                page = PageError("page_damaged")
        yield page


def _open_scans(file: IO[bytes]) -> tuple[Image.Image, int]:
    """Open a TIFF and count its pages; raises PageError."""
    with warnings.catch_warnings():
        # About metadata, and pictures as large as scans are.
        warnings.simplefilter("ignore")
        try:
            scans = Image.open(file, formats=("TIFF",))
            return scans, int(getattr(scans, "n_frames", 1))
        except Image.DecompressionBombError as error:
            raise PageError("page_too_large") from error
        except DECODER_ERRORS as error:
            raise PageError("page_damaged") from error


def _check_size(file: IO[bytes]) -> None:
    if file.seek(0, os.SEEK_END) > MOST_DOCUMENT:
        raise PageError("page_too_large")


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_PAGES:
        raise PageError("page_count", most=MOST_PAGES)
