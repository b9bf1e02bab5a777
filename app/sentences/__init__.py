"""The sentences for the codes of the library and the services: a module for each subject."""

from app.sentences.data_set import UNKNOWN_LABEL
from app.sentences.saying import (
    describe_because,
    describe_none,
    describe_refusal,
    explain_in_english,
    say_error,
    say_left_out,
    say_switch,
)

__all__ = [
    "UNKNOWN_LABEL",
    "describe_because",
    "describe_none",
    "describe_refusal",
    "explain_in_english",
    "say_error",
    "say_left_out",
    "say_switch",
]
