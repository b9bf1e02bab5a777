"""Frames for a native client that is a camera: of a camera, a video, a folder, or an animation."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence, UnidentifiedImageError

from cnn.data.formats import FORMATS

__all__ = ["FramesError", "frames_of"]

_LONGEST_SIDE = 640  # pixels: more makes no answer better
_QUALITY = 85  # of JPEG
_SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif")
)

_NO_OPENCV = (
    "a camera or a video needs OpenCV, which is not installed: pip install opencv-python-headless. "
    "A folder of pictures, an animated GIF or WebP need nothing more."
)


class FramesError(Exception):
    """There are no frames; the message says what to do."""


def frames_of(source: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the file of each frame, one picture after the other.

    `source` is the number of a camera, from 0, or the path of a folder of pictures (in the order
    of their names), of an animation or picture that Pillow reads, or of a video. A camera has no
    end. Raises FramesError.
    """
    path = Path(source)
    if path.is_dir():
        yield from _folder(path)
    elif source.isascii() and source.isdigit():
        yield from _opencv(int(source), "the camera " + source)
    elif not path.exists():
        raise FramesError(f"{source}: there is no such file, folder or number of a camera")
    else:
        yield from _animation(path) if _is_picture(path) else _opencv(str(path), source)


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _SUFFIXES)
    if not files:
        raise FramesError(f"{path}: there are no pictures in this folder")
    for file in files:
        yield file.name, file.read_bytes()


def _is_picture(path: Path) -> bool:
    try:
        with Image.open(path, formats=FORMATS):
            return True
    except (UnidentifiedImageError, OSError, ValueError):
        return False


def _animation(path: Path) -> Iterator[tuple[str, bytes]]:
    with Image.open(path, formats=FORMATS) as animation:
        for number, frame in enumerate(ImageSequence.Iterator(animation), 1):
            yield f"frame {number}", _encode(frame)


def _encode(frame: Image.Image) -> bytes:
    """Return a frame as JPEG, on white paper where it is transparent."""
    shown = frame.convert("RGBA")
    page = Image.new("RGB", shown.size, "white")
    page.paste(shown, mask=shown.getchannel("A"))
    page.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _opencv(source: int | str, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        cv2: Any = importlib.import_module("cv2")
    except ImportError as error:
        raise FramesError(_NO_OPENCV) from error
    capture = cv2.VideoCapture(source)
    # The newest frame, not those that wait while an answer is on its way.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    try:
        if not capture.isOpened():
            raise FramesError(
                f"{name} cannot be opened: is it connected and used by no other program, or is it "
                "a video that OpenCV reads?"
            )
        number = 0
        while True:
            is_there, frame = capture.read()
            if not is_there:
                return
            number += 1
            # OpenCV has blue first.
            yield f"frame {number}", _encode(Image.fromarray(frame[:, :, ::-1]))
    finally:
        capture.release()
