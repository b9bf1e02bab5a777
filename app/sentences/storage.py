"""What is wrong with the database and the disk."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
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
    "log_without_database": mark(
        "There is no database at %(path)s, or it is empty, but its log %(log)s holds changes to "
        "one. Nothing was changed. Put the database back beside its log, or restore a backup "
        "elsewhere; to start afresh, move both away."
    ),
    "picture_immovable": mark(
        "A picture file could not be moved to the trash: %(problem)s. "
        "Nothing was changed; try again later."
    ),
    "picture_not_saved": mark("The picture could not be saved just now. Try again."),
    "picture_unwritable": mark(
        "The picture could not be saved: %(problem)s. Nothing was changed; try again later."
    ),
    "trash_unwritable": mark(
        "A row could not be written to the trash: %(problem)s. "
        "Nothing was changed; try again later."
    ),
}
