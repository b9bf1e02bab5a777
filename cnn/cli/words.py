"""The command line's English sentences for the reasons of the library."""

from __future__ import annotations

from cnn.errors import PictureError, PictureErrorReason
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = ["say_error", "say_refusal"]

_REFUSALS: dict[RefusalReason, str] = {
    "blank": "I can't see a digit here: the page is blank.",
    "few_pixels": (
        "The picture is no more than two pixels wide and high. Send one that shows a whole digit."
    ),
    "line_of_pixels": "The picture is only a line of pixels. Send one that shows a whole digit.",
    "small_writing": "The writing is too small to read. Write larger, or hold the camera closer.",
    "too_much": (
        "I can't see a digit here: there is too much in the picture. "
        "Try one with only the writing on plain paper."
    ),
    "something_else": "I can't see a digit here: this looks like something else.",
    "dots": "I can't see a digit here: only dots.",
    "runs_together": (
        "I can't see a digit here: the writing runs together. "
        "Send the picture in parts, or leave gaps between the digits."
    ),
    "rest_runs_together": (
        "The rest runs together and could not be read, so it is left out. "
        "Send the picture in parts, or leave gaps between the digits."
    ),
}
_ERRORS: dict[PictureErrorReason, str] = {
    "cannot_open": "{problem}.",
    "unknown_format": (
        "This is not a picture that can be read here. "
        "Send a file in one of these formats: {formats}."
    ),
    "damaged": "The picture file is incomplete or damaged. Save it again and try once more.",
    "too_many_bytes": (
        "The file has {size:,} bytes; the limit is {most:,}. "
        "Make the picture smaller and try again."
    ),
    "too_many_pixels": (
        "The picture has more than {most} megapixels. Make it smaller and try again."
    ),
    "too_much_work": (
        "The picture takes too long to open. Save it again as a PNG or a plain "
        "JPEG, smaller if you can, and send that."
    ),
}


def say_refusal(refusal: Refusal) -> str:
    """Return why no digit is read, in a sentence."""
    return _REFUSALS[refusal.reason]


def say_error(error: PictureError) -> str:
    """Return why a picture cannot be read, in a sentence."""
    return _ERRORS[error.reason].format_map(error.values)
