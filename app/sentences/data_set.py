"""What is wrong with labels, reviews, versions and downloads."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark, mark_count
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES", "UNKNOWN_LABEL"]

#: For what is no label, from whatever door it comes.
UNKNOWN_LABEL = mark('A label is a digit from 0 to 9, or "none" for a picture without a digit.')

SENTENCES: Mapping[ErrorCode, Sentence] = {
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
    "review_not_yours": mark("Only its owner can say what a picture shows."),
    "review_overtaken": mark(
        "Somebody else has looked at this picture meanwhile and says that it is %(label)s. Your "
        "answer was not stored; say it on the picture’s page if you are sure."
    ),
    "review_overtaken_none": mark(
        "Somebody else has looked at this picture meanwhile and says that it is not a digit. Your "
        "answer was not stored; say it on the picture’s page if you are sure."
    ),
    "too_many_downloads": mark_count(
        "You already have %(count)s download running. Wait until it has finished, or cancel it.",
        "You already have %(count)s downloads running. Wait until one has finished, or cancel one.",
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
}
