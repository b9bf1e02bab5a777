"""The sentences that people read, for what the library and the services say by a code."""

from __future__ import annotations

from cnn.errors import PictureError, PictureErrorReason
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = ["SWITCHES", "describe_refusal", "say_picture_error"]

_REFUSALS: dict[RefusalReason, str] = {
    "blank": "I can't see a digit here: the page is blank.",
    "line_of_pixels": "The picture is only a line of pixels. Send one that shows a whole digit.",
    "small_writing": "What is written here is too small to read. Write larger, or go closer.",
    "too_much": (
        "I can't see a digit here: there is too much on the picture. "
        "Try one with only the writing on plain paper."
    ),
    "something_else": "I can't see a digit here: this looks like something else.",
    "runs_together": (
        "I can't see a digit here: too much runs together. "
        "Send the picture in parts, or write the digits apart."
    ),
    "rest_runs_together": (
        "The rest runs together too much to be read, and is left out. "
        "Send the picture in parts, or write the digits apart."
    ),
}
_PICTURE_ERRORS: dict[PictureErrorReason, str] = {
    "cannot_open": "{path}: {problem}",
    "unknown_format": (
        "This is not a picture that can be read here. "
        "Send a PNG, JPEG, WebP, GIF, BMP or TIFF file."
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
#: What the stages of the normalisation that can be left out do.
SWITCHES = {
    "ink": "Take the paper away",
    "cut out": "Cut out the digit",
    "centred": "Put it in the middle",
}


def describe_refusal(refusal: Refusal | None) -> dict[str, str] | None:
    """Return why no digit is read, as programs take it: a code, and a sentence for people."""
    if refusal is None:
        return None
    return {"code": refusal.code, "message": _REFUSALS[refusal.reason]}


def say_picture_error(error: PictureError) -> str:
    """Return why a picture cannot be read, in a sentence."""
    return _PICTURE_ERRORS[error.reason].format_map(error.values)
