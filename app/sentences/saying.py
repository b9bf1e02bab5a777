"""The sentences for the codes of the library and the services, said in a language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from app.errors import CodedError, ErrorCode, UnusableStoreError
from app.languages import ENGLISH, Language
from app.sentences import (
    accounts,
    collecting,
    data_set,
    explaining,
    generating,
    live,
    reading,
    storage,
    training,
)
from app.sentences.reading import (
    BECAUSE,
    CHOICE_ERRORS,
    LEFT_OUT,
    LEFT_OUT_SENTENCE,
    NONE_OF_THESE,
    PICTURE_ERRORS,
    REFUSALS,
    SWITCHES,
)
from app.sentences.sentence import Sentence, say
from app.worksheets import sentences as worksheets
from cnn.errors import ChoiceError, PictureError
from cnn.reading.results import Because, LeftOut
from cnn.vision.normalise import Refusal

__all__ = [
    "describe_because",
    "describe_none",
    "describe_refusal",
    "explain_in_english",
    "say_error",
    "say_left_out",
    "say_switch",
]

_SUBJECTS = (
    accounts,
    collecting,
    data_set,
    explaining,
    generating,
    live,
    reading,
    storage,
    training,
    worksheets,
)
_ERRORS: Mapping[ErrorCode, Sentence] = {
    code: sentence for subject in _SUBJECTS for code, sentence in subject.SENTENCES.items()
}


def say_error(error: CodedError | PictureError | ChoiceError, language: Language) -> str:
    """Return the sentence of an error in a language."""
    if isinstance(error, PictureError):
        return say(PICTURE_ERRORS[error.reason], error.values, language)
    if isinstance(error, ChoiceError):
        return say(CHOICE_ERRORS[error.reason], error.values, language)
    return say(_ERRORS[error.code], error.values, language)


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
    return {"code": refusal.code, "message": language.say(REFUSALS[refusal.reason])}


def describe_because(because: Because | None, language: Language) -> dict[str, str] | None:
    """Return for JSON what decided between two readings: its code, and a sentence."""
    return because and {"code": because, "message": language.say(BECAUSE[because])}


def say_left_out(left_out: Sequence[LeftOut], language: Language) -> str:
    """Return a sentence that names what was seen and not read; "" if that is nothing."""
    counts = Counter(one.why for one in left_out)
    parts = [
        language.say_count(*words, counts[why]) for why, words in LEFT_OUT.items() if counts[why]
    ]
    return language.say(LEFT_OUT_SENTENCE, what=", ".join(parts)) if parts else ""


def describe_none(classes: Sequence[str], language: Language) -> dict[str, str]:
    """Return for JSON that a picture shows none of a model's classes."""
    words = language.say(NONE_OF_THESE, classes=", ".join(classes))
    return {"code": "none_of_these", "message": words}


def say_switch(stage: str, language: Language) -> str:
    """Return the label of a stage of the normalisation that can be left out."""
    return language.say(SWITCHES[stage])
