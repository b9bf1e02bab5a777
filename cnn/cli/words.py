"""The command line's English sentences for the reasons of the library."""

from __future__ import annotations

from cnn.errors import PictureError, PictureErrorReason
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = ["say_error", "say_refusal"]

_REFUSALS: dict[RefusalReason, str] = {
    "blank": "I can't see a digit here: the page is blank.",
    "line_of_pixels": "The picture is only a line of pixels. Send one that shows a whole digit.",
    "small_writing": "What is written here is too small to read. Write larger, or go closer.",
    "too_much": (
        "I can't see a digit here: there is too much on the picture. "
        "Try one with only the writing on plain paper."
    ),
    "something_else": "I can't see a digit here: this looks like something else.",
    "dots": "I can't see a digit here: only dots.",
    "runs_together": (
        "I can't see a digit here: too much runs together. "
        "Send the picture in parts, or write the digits apart."
    ),
    "rest_runs_together": (
        "The rest runs together too much to be read, and is left out. "
        "Send the picture in parts, or write the digits apart."
    ),
}
_ERRORS: dict[PictureErrorReason, str] = {
    "cannot_open": "{problem}.",
    "unknown_format": (
        "This is not a picture that can be read here. "
        "Send a file in one of these formats: {formats}."
    ),
    "damaged": "The picture is cut off or damaged. Save it again and try once more.",
    "too_many_bytes": (
        "The file has {size:,} bytes; at most {most:,} are read. "
        "Make the picture smaller and try again."
    ),
    "too_many_pixels": (
        "The picture has more than {most} megapixels. Make it smaller and try again."
    ),
    "too_much_work": (
        "The picture takes too long to unpack. Open it, save it again as a PNG or a plain "
        "JPEG, smaller if you can, and send that."
    ),
}


def say_refusal(refusal: Refusal) -> str:
    """Return why no digit is read, in a sentence."""
    return _REFUSALS[refusal.reason]


def say_error(error: PictureError) -> str:
    """Return why a picture cannot be read, in a sentence."""
    return _ERRORS[error.reason].format_map(error.values)
