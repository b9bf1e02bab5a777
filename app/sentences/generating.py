"""Why digits and other pictures cannot be made as they were ordered."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark, mark_count
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "generator_missing": mark(
        "This site cannot make digits: the file of its generator, %(name)s, is missing or damaged. "
        "Whoever runs the site can install the program again."
    ),
    "make_class": mark("%(name)s makes none of “%(text)s”, but of: %(classes)s."),
    "make_class_missing": mark(
        "Say in “class” what the picture shows: %(name)s makes pictures of %(classes)s."
    ),
    "make_digits": mark("Only the digits 0 to 9 can be made: send them as a text such as 31415."),
    "make_fields": mark("A JSON object is expected, with none but these in it: %(names)s."),
    "make_long": mark(
        "The text has %(count)s digits; %(most)s at most are made at a time. Send it in parts."
    ),
    "make_no_digit": mark("The picture shows no digit. Send one of a single digit."),
    "make_no_encoder": mark(
        "%(name)s was trained to make pictures at random alone, and none like another: leave "
        "“like” out."
    ),
    "make_number": mark("“%(name)s” must be a number from %(least)s to %(most)s."),
    "make_own_few": mark(
        "To write in your hand, at least %(least)s of each digit are needed, on your sheet or kept "
        "and labelled. There are fewer of: %(digits)s. Write them on the sheet."
    ),
    "make_places": mark(
        "“places” must be a list of at most %(most)s pairs of numbers from -1 to 1."
    ),
    "make_places_alone": mark(
        "“places” has one picture made for each place, all of one digit: leave “count” out, and "
        "send one digit in “digits”, or none."
    ),
    "make_sample_blank": mark(
        "In box %(place)s of the digit %(digit)s nothing is written. Write the digit, or leave the "
        "box out."
    ),
    "make_samples": mark(
        "“samples” must name digits, each with a list of 1 to %(most)s pictures as data URLs, such "
        'as {"7": ["data:image/png;base64,…"]}.'
    ),
    "make_several": mark_count(
        "The picture shows %(count)s digit. Cut out the one that is meant.",
        "The picture shows %(count)s digits. Cut out the one that is meant.",
    ),
    "make_style": mark("“style” must be one of %(names)s."),
    "make_way": mark("“to” needs a picture in “like”, from which the way begins."),
    "model_makes": mark(
        "The model %(name)s makes pictures and reads none. New ones are made at "
        "/generate?model=%(name)s; what reads pictures is listed at /models."
    ),
    "model_reads": mark(
        "The model %(name)s reads pictures and makes none. Without “model”, new digits are made; "
        "what makes other pictures is listed at /models."
    ),
}
