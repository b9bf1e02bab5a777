"""The sentences for the codes of the library and the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.errors import CodedError, ErrorCode, UnusableStoreError
from app.languages import ENGLISH, Language, mark, mark_count
from cnn.errors import ChoiceError, ChoiceErrorReason, PictureError, PictureErrorReason
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = [
    "UNKNOWN_LABEL",
    "describe_none",
    "describe_refusal",
    "explain_in_english",
    "say_error",
    "say_switch",
]

#: For what is no label, from whatever door it comes.
UNKNOWN_LABEL = mark('A label is a digit from 0 to 9, or "none" for a picture without a digit.')

_NONE_OF_THESE = mark("This seems to show none of these: %(classes)s.")

# A pair is singular and plural; the value `count` decides.
_Sentence = str | tuple[str, str]

_REFUSALS: dict[RefusalReason, str] = {
    "blank": mark("I can't see a digit here: the page is blank."),
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
_PICTURE_ERRORS: dict[PictureErrorReason, _Sentence] = {
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
_CHOICE_ERRORS: dict[ChoiceErrorReason, _Sentence] = {
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
_ERRORS: dict[ErrorCode, _Sentence] = {
    "account_gone": mark("This account no longer exists."),
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
    "channels_too_many": mark("Each place of '%(name)s' must hold 1 to %(most)s channels."),
    "channels_unequal": mark("'kernel' must have as many channels as the picture: %(channels)s."),
    "database_busy": mark("The database is busy. Nothing was changed; try again later."),
    "database_cannot_open": mark(
        "The database file cannot be opened. Nothing was changed; "
        "check that its folder exists, can be written to, and is not full."
    ),
    "database_damaged": mark(
        "The database is damaged. Nothing was changed; stop the program and restore a backup "
        "into an empty instance folder: flask --app wsgi restore FILE."
    ),
    "database_failing": mark(
        "The disk of the database is full or failing. Nothing was changed; check the disk."
    ),
    "database_full": mark(
        "The disk of the database is full. Nothing was changed; make room and try again."
    ),
    "database_locked": mark(
        "Another program keeps the database locked. Nothing was changed; try again later."
    ),
    "database_missing": mark("There is no database at %(path)s."),
    "database_outdated": mark(
        "The database is not up to date. Nothing was changed; start the program to update it."
    ),
    "database_read_only": mark(
        "The database is read-only. Nothing was changed; "
        "allow the program to write to it and to its folder."
    ),
    "database_row_gone": mark(
        "Something that this needs has just been deleted. Nothing was changed; try again."
    ),
    "database_unreachable": mark(
        "The database server cannot be reached or refuses the log-in. "
        "Nothing was changed; try again later."
    ),
    "database_unusable": mark(
        "The database cannot be used just now. Nothing was changed; try again later."
    ),
    "database_without_connections": mark(
        "All connections to the database are in use. Nothing was changed; try again later."
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
    "folder_unreadable": mark(
        "The folder of saved images cannot be read: %(problem)s. "
        "Nothing was changed; try again later."
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
    "label_limit": mark_count(
        "You have labelled %(count)s picture, the most for one person. Thank you! "
        "Ask an administrator to raise the limit.",
        "You have labelled %(count)s pictures, the most for one person. Thank you! "
        "Ask an administrator to raise the limit.",
    ),
    "label_unknown": mark(
        '%(label)s is no label. A label is a digit from 0 to 9, or "none" for a picture '
        "without a digit."
    ),
    "log_without_database": mark(
        "There is no database at %(path)s, or it is empty, but its log %(log)s holds changes to "
        "one. Nothing was changed. Put the database back beside its log, or restore a backup "
        "elsewhere; to start afresh, move both away."
    ),
    "name_invisible": mark("A user name needs visible characters, and no extremely wide ones."),
    "name_length": mark("A user name must have 1 to %(most)s characters."),
    "name_spaces": mark("A user name cannot begin or end with a space."),
    "name_taken": mark("This name is already taken, or looks like one that is."),
    "name_unprintable": mark("A user name cannot contain control characters."),
    "npz_arrays": mark('%(name)s lacks the arrays "images" and "labels". Nothing was stored.'),
    "number_unusable": mark("'%(name)s' must be a number of at most a million."),
    "numbers_too_large": mark("'%(name)s' must hold numbers of at most a million."),
    "operation_unknown": mark("The operation must be one of %(names)s."),
    "operation_without_picture": mark("A JSON object with a picture and an operation is expected."),
    "padding_too_large": mark(
        "A padding of %(padding)s is more than half of a window of %(size)s × %(size)s."
    ),
    "password_length": mark("A password must have %(least)s to %(most)s characters."),
    "password_spaces": mark("A password cannot begin or end with a space."),
    "password_wrong": mark("The current password is wrong."),
    "picture_blank": mark("The page is blank."),
    "picture_immovable": mark(
        "A picture file could not be moved to the trash: %(problem)s. "
        "Nothing was changed; try again later."
    ),
    "picture_not_saved": mark("The picture could not be saved just now. Try again."),
    "picture_of_several": mark("It shows several digits. Cut it into pictures of one digit each."),
    "picture_twice": mark("The same picture is here twice."),
    "picture_twice_labelled": mark(
        "The same picture is here twice, with different labels. The first one counts."
    ),
    "picture_unwritable": mark(
        "The picture could not be saved: %(problem)s. Nothing was changed; try again later."
    ),
    "pictures_waiting": mark("Many large pictures are being read. Try again in a moment."),
    "redis_failing": mark(
        "The server cannot reach its memory for streams (Redis) just now. Try again later."
    ),
    "retrain_checkpoint": mark(
        "What the training had kept of itself belongs to other settings. Start a new run."
    ),
    "retrain_diverged": mark(
        "The training lost its way: the loss grew beyond all numbers. Start a new run with a lower "
        "rate."
    ),
    "retrain_digits_missing": mark(
        "A model from scratch must see every digit, and there is no %(digits)s. Collect them, or "
        "mix in MNIST."
    ),
    "retrain_examples": mark(
        "The pictures of a version could not be read (%(name)s). Start a new run; if that fails "
        "as well, freeze the version again."
    ),
    "retrain_keeps_rejector": mark(
        "It goes on from %(base)s, and keeps what %(base)s knows of things that are no digits."
    ),
    "retrain_mnist_missing": mark(
        "MNIST is missing, with which every model is compared: %(problem)s. Whoever runs the "
        "server can put its four files into a folder and name that with DIGITNET_MNIST_DIR."
    ),
    "retrain_model": mark(
        "The model in service could not be read as one of digits (%(name)s). Put another version "
        "in service, then start a new run."
    ),
    "retrain_no_examples": mark(
        "There is nothing to learn from: choose a version with digits in it, or mix in MNIST."
    ),
    "retrain_settings": mark("The training cannot be done with these settings: %(problem)s."),
    "retrain_trains_rejector": mark(
        "It begins with random weights, and also learns what is no digit."
    ),
    "review_not_yours": mark("Only its owner can say what a picture shows."),
    "review_overtaken": mark(
        "Somebody else has looked at this picture meanwhile and says that it is %(label)s. Your "
        "answer was not stored; say it on the picture’s page if you are sure."
    ),
    "review_overtaken_none": mark(
        "Somebody else has looked at this picture meanwhile and says that it is not a digit. Your "
        "answer was not stored; say it on the picture’s page if you are sure."
    ),
    "rows_unequal": mark(
        "'%(name)s' must be a list of 1 to %(most)s equally long rows of numbers."
    ),
    "run_amount": mark("'%(name)s' must be a number from %(least)s to %(most)s."),
    "run_body": mark(
        "JSON is expected: an object with what the run is to be, such as "
        "{“versions”: [“class-7b”]}."
    ),
    "run_choice": mark("'%(name)s' must be one of these: %(choices)s."),
    "run_compares": mark("It is compared with %(version)s, which is in service."),
    "run_damaged": mark(
        "What the training made could not be used: %(problem)s. Nothing in service was changed; "
        "start a new run."
    ),
    "run_ended": mark("The run has ended already: there is nothing to cancel."),
    "run_goes_on": mark("It was interrupted, and goes on after epoch %(epoch)s."),
    "run_interrupted": mark(
        "The training was ended from outside again and again without getting further, perhaps for "
        "want of memory. Nothing in service was changed; start a new run when the server is less "
        "busy."
    ),
    "run_nothing": mark(
        "There is nothing to learn from: choose a version of the data set, or mix in MNIST."
    ),
    "run_only_digits": mark(
        "Only digit models are trained here. For other classes, use "
        "`python -m cnn train --folder`, and add the model’s file."
    ),
    "run_overtaken": mark(
        "Meanwhile %(present)s was put in service; the comparison is with %(compared)s, so this "
        "model was not put in service. Train again to compare it with %(present)s."
    ),
    "run_published": mark("It is better: %(version)s was put in service."),
    "run_unknown": mark("There is no such run."),
    "run_unwritable": mark(
        "The run could not be kept on the disk: %(problem)s. It is tried again; make room."
    ),
    "run_version": mark(
        "There is no version %(name)s of the data set. “versions” is a list of versions’ names."
    ),
    "run_without_model": mark("This run has no model: it has not come to its end."),
    "run_worse": mark(
        "This model is worse than the one it was compared with, so it is not put in service: of "
        "“%(set)s” it reads %(after)s percent right, which were %(before)s."
    ),
    "stream_ended": mark(
        "Somebody who looks after this site has disconnected this camera. What it showed is "
        "forgotten. Load the page again to connect it anew."
    ),
    "stream_viewers": mark(
        "As many people as the server can bear are watching single streams: at most %(most)s. "
        "Close one, or try again in a minute."
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
    "throttled": mark_count(
        "Too many attempts. Wait %(count)s second and try again.",
        "Too many attempts. Wait %(count)s seconds and try again.",
    ),
    "token_limit": mark_count(
        "You have %(count)s API token, the most for one person. Revoke one that is not needed.",
        "You have %(count)s API tokens, the most for one person. Revoke one that is not needed.",
    ),
    "token_name": mark("A token's name must have 1 to %(most)s visible characters."),
    "too_many_downloads": mark_count(
        "You already have %(count)s download running. Wait until it has finished, or cancel it.",
        "You already have %(count)s downloads running. Wait until one has finished, or cancel one.",
    ),
    "trash_unwritable": mark(
        "A row could not be written to the trash: %(problem)s. "
        "Nothing was changed; try again later."
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
    "version_day": mark("%(day)s is no day. Write it as 2026-11-30."),
    "version_days": mark("The first day, %(since)s, is after the last one, %(until)s."),
    "version_empty": mark(
        "There are no labelled pictures of this choice. Label some first, or choose others."
    ),
    "version_in_use": mark(
        "Run %(number)s is learning from %(name)s: cancel the run or wait until it has ended, then "
        "remove the version."
    ),
    "version_licence": mark("A licence is one line of at most %(most)s characters."),
    "version_limit": mark_count(
        "You have frozen %(count)s version, the most for one person. Remove one that you do not "
        "need any more, or ask an administrator to raise the limit.",
        "You have frozen %(count)s versions, the most for one person. Remove one that you do not "
        "need any more, or ask an administrator to raise the limit.",
    ),
    "version_name": mark(
        "%(name)s cannot be a version’s name. It has small letters, digits and single hyphens, at "
        "most 40, such as class-7b."
    ),
    "version_name_used": mark(
        "A version %(name)s was removed, and run %(number)s had learned from it: a second one of "
        "this name would be mistaken for it. Choose another name."
    ),
    "version_not_yours": mark(
        "Only who froze a version, or an administrator, can remove it. Ask one of them."
    ),
    "version_taken": mark(
        "There is a version %(name)s already, and it stays as it is. Choose another name."
    ),
    "version_unknown": mark("There is no version %(name)s."),
    "wall_closed": mark("The wall was closed. Nothing that was written is shown there any more."),
    "wall_full": mark(
        "As many people take part in this wall as it has room for: %(most)s. Ask whoever made it."
    ),
    "wall_limit": mark("One person may have %(most)s walls. Close one before you make another."),
    "wall_title": mark("A title has 1 to %(most)s characters, in one line."),
    "wall_unknown": mark(
        "There is no wall with this code: it was mistyped, or the wall was closed. "
        "Ask whoever made it."
    ),
    "whole_number_unusable": mark("'%(name)s' must be a whole number from %(least)s to %(most)s."),
    "window_too_large": mark(
        "The window does not fit into the picture of %(height)s × %(width)s and its padding."
    ),
    "writer_name": mark("A writer's name may have at most %(most)s visible characters."),
}
_SWITCHES = {
    "ink": mark("Remove the paper"),
    "cut out": mark("Cut out the digit"),
    "centred": mark("Centre the digit"),
}


def say_error(error: CodedError | PictureError | ChoiceError, language: Language) -> str:
    """Return the sentence of an error in a language."""
    if isinstance(error, PictureError):
        return _say(_PICTURE_ERRORS[error.reason], error.values, language)
    if isinstance(error, ChoiceError):
        return _say(_CHOICE_ERRORS[error.reason], error.values, language)
    return _say(_ERRORS[error.code], error.values, language)


def explain_in_english(error: Exception) -> str:
    """Return the sentence of an error for whoever runs the program, in English."""
    if isinstance(error, UnusableStoreError):
        told = f"the store cannot be used: {say_error(error.cause, ENGLISH)}"
        return f"{told} ({error.reason})" if error.reason else told
    return say_error(error, ENGLISH) if isinstance(error, CodedError) else str(error)


def describe_refusal(refusal: Refusal | None, language: Language) -> dict[str, str] | None:
    """Return a refusal for JSON: its code, and its sentence in a language."""
    if refusal is None:
        return None
    return {"code": refusal.code, "message": language.say(_REFUSALS[refusal.reason])}


def describe_none(classes: Sequence[str], language: Language) -> dict[str, str]:
    """Return for JSON that a picture shows none of a model's classes."""
    words = language.say(_NONE_OF_THESE, classes=", ".join(classes))
    return {"code": "none_of_these", "message": words}


def say_switch(stage: str, language: Language) -> str:
    """Return the label of a stage of the normalisation that can be left out."""
    return language.say(_SWITCHES[stage])


def _say(sentence: _Sentence, values: Mapping[str, str | int], language: Language) -> str:
    if isinstance(sentence, str):
        return language.say(sentence, **values)
    rest = {name: value for name, value in values.items() if name != "count"}
    return language.say_count(*sentence, int(values["count"]), **rest)
