"""The command line's English sentences for the reasons of the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cnn.errors import PictureError, PictureErrorReason
from cnn.reading.results import LeftOut, WhyLeftOut
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = ["say_error", "say_left_out", "say_refusal"]

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
    "too_many": (
        "I can't read this: there are more digits or other marks in the picture than can be read "
        "at once. Send it in parts."
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
_LEFT_OUT: dict[WhyLeftOut, tuple[str, str]] = {
    "point": ("a point", "points"),
    "comma": ("a comma", "commas"),
    "minus": ("a minus or dash", "minus signs or dashes"),
    "dot": ("a dot", "dots"),
    "not_a_digit": ("something that is no digit", "things that are no digits"),
    "unsure": ("something unclear", "unclear things"),
    "cut_off": ("something at the edge of the picture", "things at the edge of the picture"),
    "runs_together": ("digits that run together", "groups that run together"),
    "too_much": ("what came after it", "things that came after it"),
    "small": ("something much smaller", "much smaller things"),
    "faint": ("something pale", "pale things"),
    "line": ("a line", "lines"),
    "frame": ("a frame", "frames"),
    "ruling": ("the lines of the paper", "papers' lines"),
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


def say_left_out(left_out: Sequence[LeftOut]) -> str:
    """Return what was seen and not read, in a sentence."""
    counts = Counter(one.why for one in left_out)
    parts = [
        one if counts[why] == 1 else f"{counts[why]} {many}"
        for why, (one, many) in _LEFT_OUT.items()
        if counts[why]
    ]
    return f"Left out: {', '.join(parts)}."


def say_error(error: PictureError) -> str:
    """Return why a picture cannot be read, in a sentence."""
    return _ERRORS[error.reason].format_map(error.values)
