"""What is wrong with training data that somebody uploads."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "archive_bomb": mark(
        "%(name)s would unpack to far more than its size, which no pictures do. Nothing was stored."
    ),
    "archive_damaged": mark(
        "%(name)s is incomplete or damaged, or no ZIP archive. Pack it again and try once "
        "more. Nothing was stored."
    ),
    "archive_encrypted": mark(
        "%(name)s is protected by a password. Pack it without one and try again. Nothing was "
        "stored."
    ),
    "archive_link": mark(
        "%(name)s holds a link, %(entry)s, in place of a file. Pack the files themselves and "
        "try again. Nothing was stored."
    ),
    "archive_method": mark(
        "%(name)s is packed in a way that cannot be read here. Pack it as an ordinary ZIP and"
        " try again. Nothing was stored."
    ),
    "archive_names_twice": mark(
        "%(name)s holds two files named %(entry)s. Rename one of them and try again. Nothing "
        "was stored."
    ),
    "archive_nested": mark("It is an archive within an archive. Upload it by itself."),
    "archive_outside": mark(
        "%(name)s holds a file whose name leads out of it: %(entry)s. Pack it again, from the"
        " folder itself, and try once more. Nothing was stored."
    ),
    "archive_too_large": mark(
        "This would unpack to more than %(most)s MB. Send it in several parts. Nothing was stored."
    ),
    "archive_too_many": mark(
        "%(name)s holds more than %(most)s files. Send it in several parts. Nothing was stored."
    ),
    "array_damaged": mark(
        "%(name)s is incomplete or damaged, or not an array of numbers. Save it again and try"
        " once more. Nothing was stored."
    ),
    "array_labels": mark(
        "The labels in %(name)s must be a list of whole numbers or words. Nothing was stored."
    ),
    "array_lengths": mark("%(name)s has not as many labels as pictures. Nothing was stored."),
    "array_numbers": mark(
        "The pictures in %(name)s must be numbers from 0 to 255, or from 0 to 1. Nothing was "
        "stored."
    ),
    "array_order": mark(
        "%(name)s is saved in Fortran's order. Save it in C's order: numpy.ascontiguousarray "
        "does that. Nothing was stored."
    ),
    "array_pickled": mark(
        "%(name)s holds Python objects, which are never loaded here. Save plain arrays of "
        "numbers or words. Nothing was stored."
    ),
    "array_shape": mark(
        "The pictures in %(name)s must be 28 × 28 pixels each; the array's shape is "
        "%(shape)s. Nothing was stored."
    ),
    "array_too_large": mark(
        "%(name)s holds more than %(most)s pictures. Send it in several parts. Nothing was stored."
    ),
    "file_cut_off": mark("Only a part of it has come: sending it was broken off. Send it again."),
    "file_damaged": mark("The picture is incomplete or damaged, or takes too long to open."),
    "file_label": mark('Its label is neither a digit from 0 to 9 nor "none".'),
    "file_missing": mark("A table of labels names it, but it is not among the files."),
    "file_no_picture": mark("It is no picture that can be read here."),
    "file_too_large": mark(
        "The picture is too large: at most 3,000,000 bytes and 16 megapixels can be read."
    ),
    "file_unlabelled": mark(
        "Nothing says which digit it shows: no folder, no labels.csv, and no label for all."
    ),
    "idx_alone": mark(
        "%(name)s comes alone: MNIST's format needs two files, one of pictures and one of "
        "labels. Nothing was stored."
    ),
    "job_failed": mark(
        "Something went wrong on the server. It was logged; what was done until then is kept. "
        "Please try again."
    ),
    "job_interrupted": mark(
        "This was interrupted again and again, and was given up. What was done until then is "
        "kept. Please try again."
    ),
    "npz_arrays": mark('%(name)s lacks the arrays "images" and "labels". Nothing was stored.'),
    "picture_blank": mark("The page is blank."),
    "picture_of_several": mark("It shows several digits. Cut it into pictures of one digit each."),
    "picture_twice": mark("The same picture is here twice."),
    "picture_twice_labelled": mark(
        "The same picture is here twice, with different labels. The first one counts."
    ),
    "table_columns": mark(
        "%(name)s must begin with a line that names its columns: filename,label. Nothing was "
        "stored."
    ),
    "table_row": mark(
        "Line %(line)s of %(name)s has no file name and label. Mend it and try again. Nothing"
        " was stored."
    ),
    "table_too_long": mark(
        "%(name)s has more than %(most)s lines. Send it in several parts. Nothing was stored."
    ),
    "table_unreadable": mark(
        "%(name)s cannot be read as a table. Save it as CSV in UTF-8, with commas, and try "
        "again. Nothing was stored."
    ),
    "upload_empty": mark("There is nothing to check: choose pictures, a ZIP, or files of arrays."),
    "upload_gone": mark("What was uploaded is no longer there. Please upload it again."),
    "upload_piece_number": mark("The number of a piece must be from 0 to %(most)s."),
    "upload_quota": mark(
        "One person may upload %(most)s MB a day, and this would be more. Send the rest "
        "tomorrow, or ask an administrator to raise the limit."
    ),
    "upload_slice_missing": mark("A slice before this one is missing: go on at byte %(offset)s."),
    "upload_too_many": mark(
        "There are more than %(most)s files. Send them in several parts. Nothing was stored."
    ),
    "upload_unknown": mark(
        "There is no such upload of yours, or it is at another stage by now. Reload the page."
    ),
    "upload_unwritable": mark(
        "The upload could not be kept: %(problem)s. Nothing was stored; try again later."
    ),
    "writer_name": mark("A writer's name may have at most %(most)s visible characters."),
}
