"""The sentences for the codes of the library and the services."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import CodedError, ErrorCode, UnusableStoreError
from app.languages import ENGLISH, Language, mark, mark_count
from cnn.errors import ChoiceError, ChoiceErrorReason, PictureError, PictureErrorReason
from cnn.vision.normalise import Refusal, RefusalReason

__all__ = ["UNKNOWN_LABEL", "describe_refusal", "explain_in_english", "say_error", "say_switch"]

#: For what is no label, from whatever door it comes.
UNKNOWN_LABEL = mark('A label is a digit from 0 to 9, or "none" for a picture without a digit.')

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
}
_ERRORS: dict[ErrorCode, _Sentence] = {
    "account_gone": mark("This account no longer exists."),
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
    "folder_unreadable": mark(
        "The folder of saved images cannot be read: %(problem)s. "
        "Nothing was changed; try again later."
    ),
    "label_limit": mark_count(
        "You have labelled %(count)s picture, the most for one person. Thank you! "
        "Ask an administrator to raise the limit.",
        "You have labelled %(count)s pictures, the most for one person. Thank you! "
        "Ask an administrator to raise the limit.",
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
    "picture_immovable": mark(
        "A picture file could not be moved to the trash: %(problem)s. "
        "Nothing was changed; try again later."
    ),
    "picture_not_saved": mark("The picture could not be saved just now. Try again."),
    "picture_unwritable": mark(
        "The picture could not be saved: %(problem)s. Nothing was changed; try again later."
    ),
    "pictures_waiting": mark("Many large pictures are being read. Try again in a moment."),
    "rows_unequal": mark(
        "'%(name)s' must be a list of 1 to %(most)s equally long rows of numbers."
    ),
    "throttled": mark_count(
        "Too many attempts. Wait %(count)s second and try again.",
        "Too many attempts. Wait %(count)s seconds and try again.",
    ),
    "too_many_downloads": mark_count(
        "You already have %(count)s download running. Wait until it has finished, or cancel it.",
        "You already have %(count)s downloads running. Wait until one has finished, or cancel one.",
    ),
    "trash_unwritable": mark(
        "A row could not be written to the trash: %(problem)s. "
        "Nothing was changed; try again later."
    ),
    "whole_number_unusable": mark("'%(name)s' must be a whole number from %(least)s to %(most)s."),
    "window_too_large": mark(
        "The window does not fit into the picture of %(height)s × %(width)s and its padding."
    ),
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


def say_switch(stage: str, language: Language) -> str:
    """Return the label of a stage of the normalisation that can be left out."""
    return language.say(_SWITCHES[stage])


def _say(sentence: _Sentence, values: Mapping[str, str | int], language: Language) -> str:
    if isinstance(sentence, str):
        return language.say(sentence, **values)
    rest = {name: value for name, value in values.items() if name != "count"}
    return language.say_count(*sentence, int(values["count"]), **rest)
