"""What is wrong with names, passwords and tokens."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark, mark_count
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "account_gone": mark("This account no longer exists."),
    "name_invisible": mark("A user name needs visible characters, and no extremely wide ones."),
    "name_length": mark("A user name must have 1 to %(most)s characters."),
    "name_spaces": mark("A user name cannot begin or end with a space."),
    "name_taken": mark("This name is already taken, or looks like one that is."),
    "name_unprintable": mark("A user name cannot contain control characters."),
    "password_length": mark("A password must have %(least)s to %(most)s characters."),
    "password_spaces": mark("A password cannot begin or end with a space."),
    "password_wrong": mark("The current password is wrong."),
    "throttled": mark_count(
        "Too many attempts. Wait %(count)s second and try again.",
        "Too many attempts. Wait %(count)s seconds and try again.",
    ),
    "token_limit": mark_count(
        "You have %(count)s API token, the most for one person. Revoke one that is not needed.",
        "You have %(count)s API tokens, the most for one person. Revoke one that is not needed.",
    ),
    "token_name": mark("A token's name must have 1 to %(most)s visible characters."),
}
