"""Why a picture is not read, and how it was looked at."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark, mark_count
from app.sentences.sentence import Sentence
from cnn.errors import ChoiceErrorReason, PictureErrorReason
from cnn.reading.results import Because, WhyLeftOut
from cnn.vision.normalise import RefusalReason

__all__ = [
    "BECAUSE",
    "CHOICE_ERRORS",
    "LEFT_OUT",
    "LEFT_OUT_SENTENCE",
    "NONE_OF_THESE",
    "PICTURE_ERRORS",
    "REFUSALS",
    "SENTENCES",
    "SWITCHES",
]

NONE_OF_THESE = mark("This seems to show none of these: %(classes)s.")

REFUSALS: Mapping[RefusalReason, str] = {
    "blank": mark("I can't see a digit here: the page is blank."),
    "few_pixels": mark(
        "The picture is no more than two pixels wide and high. Send one that shows a whole digit."
    ),
    "line_of_pixels": mark(
        "The picture is only a line of pixels. Send one that shows a whole digit."
    ),
    "small_writing": mark(
        "The writing is too small to read. Write larger, or hold the camera closer."
    ),
    "too_much": mark(
        "I can't see a digit here: there is too much in the picture. "
        "Try one with only the writing on plain paper."
    ),
    "too_many": mark(
        "I can't read this: there are more digits or other marks in the picture than can be read "
        "at once. Send it in parts."
    ),
    "something_else": mark("I can't see a digit here: this looks like something else."),
    "dots": mark("I can't see a digit here: only dots. Draw the digit with longer lines."),
    "runs_together": mark(
        "I can't see a digit here: the writing runs together. "
        "Send the picture in parts, or leave gaps between the digits."
    ),
    "rest_runs_together": mark(
        "The rest runs together and could not be read, so it is left out. "
        "Send the picture in parts, or leave gaps between the digits."
    ),
}
#: What was seen and not read, counted.
LEFT_OUT: Mapping[WhyLeftOut, tuple[str, str]] = {
    "point": mark_count("a point", "%(count)s points"),
    "comma": mark_count("a comma", "%(count)s commas"),
    "minus": mark_count("a minus or dash", "%(count)s minus signs or dashes"),
    "dot": mark_count("a dot", "%(count)s dots"),
    "not_a_digit": mark_count("something that is no digit", "%(count)s things that are no digits"),
    "unsure": mark_count("something unclear", "%(count)s unclear things"),
    "cut_off": mark_count(
        "something at the edge of the picture", "%(count)s things at the edge of the picture"
    ),
    "runs_together": mark_count("digits that run together", "%(count)s groups that run together"),
    "too_much": mark_count("what came after it", "%(count)s things that came after it"),
    "small": mark_count("something much smaller", "%(count)s much smaller things"),
    "faint": mark_count("something pale", "%(count)s pale things"),
    "line": mark_count("a line", "%(count)s lines"),
    "frame": mark_count("a frame", "%(count)s frames"),
    "ruling": mark_count("the lines of the paper", "the lines of %(count)s papers"),
}
LEFT_OUT_SENTENCE = mark("Left out: %(what)s.")
BECAUSE: Mapping[Because, str] = {
    "crossed_seven_beside": mark(
        "A 7 in this picture is crossed, so a stroke with a flag and without a bar is a 1."
    ),
    "bare_one_beside": mark("A 1 in this picture has no flag, so a stroke with one is a 7."),
    "own_habit": mark("Two digits were near; how you write decided."),
}
PICTURE_ERRORS: Mapping[PictureErrorReason, Sentence] = {
    "cannot_open": mark("The picture %(path)s cannot be opened: %(problem)s."),
    "unknown_format": mark(
        "This is not a picture that can be read here. "
        "Send a file in one of these formats: %(formats)s."
    ),
    "damaged": mark("The picture file is incomplete or damaged. Save it again and try once more."),
    "too_many_bytes": mark(
        "The file has %(size)s bytes; the limit is %(most)s. "
        "Make the picture smaller and try again."
    ),
    "too_many_pixels": mark(
        "The picture has more than %(most)s megapixels. Make it smaller and try again."
    ),
    "too_much_work": mark(
        "The picture takes too long to open. Save it again as a PNG or a plain "
        "JPEG, smaller if you can, and send that."
    ),
}
CHOICE_ERRORS: Mapping[ChoiceErrorReason, Sentence] = {
    "no_page_network": mark(
        "This model has no network that looks at whole pages. Leave model= out, and the model for "
        "digits is asked."
    ),
    "no_such_digit": mark_count(
        "There is no digit %(digit)s: the picture has %(count)s digit, counted from 0.",
        "There is no digit %(digit)s: the picture has %(count)s digits, counted from 0.",
    ),
    "no_such_stage": mark("The stages that can be left out are %(stages)s."),
    "not_in_a_row": mark(
        "The layers of this model's network branch. Only a network whose layers follow one "
        "another can be explained."
    ),
    "picture_as_a_whole": mark(
        "This model looks at a picture as a whole: leave digit= and without= out."
    ),
}
SENTENCES: Mapping[ErrorCode, Sentence] = {
    "pictures_waiting": mark("Many large pictures are being read. Try again in a moment."),
}
SWITCHES = {
    "ink": mark("Remove the paper"),
    "cut out": mark("Cut out the digit"),
    "centred": mark("Centre the digit"),
}
