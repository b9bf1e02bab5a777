"""What is wrong with numbers that somebody gives for an operation of a network."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "channels_too_many": mark("Each place of '%(name)s' must hold 1 to %(most)s channels."),
    "channels_unequal": mark("'kernel' must have as many channels as the picture: %(channels)s."),
    "number_unusable": mark("'%(name)s' must be a number of at most a million."),
    "numbers_too_large": mark("'%(name)s' must hold numbers of at most a million."),
    "operation_unknown": mark("The operation must be one of %(names)s."),
    "operation_without_picture": mark("A JSON object with a picture and an operation is expected."),
    "padding_too_large": mark(
        "A padding of %(padding)s is more than half of a window of %(size)s × %(size)s."
    ),
    "rows_unequal": mark(
        "'%(name)s' must be a list of 1 to %(most)s equally long rows of numbers."
    ),
    "whole_number_unusable": mark("'%(name)s' must be a whole number from %(least)s to %(most)s."),
    "window_too_large": mark(
        "The window does not fit into the picture of %(height)s × %(width)s and its padding."
    ),
}
