"""What a sentence is, before it is said in a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from app.languages import Language

__all__ = ["Sentence", "say"]

#: A message, or its singular and plural, between which the value `count` decides.
Sentence: TypeAlias = str | tuple[str, str]


def say(sentence: Sentence, values: Mapping[str, str | int], language: Language) -> str:
    """Return a sentence in a language, with its values."""
    if isinstance(sentence, str):
        return language.say(sentence, **values)
    rest = {name: value for name, value in values.items() if name != "count"}
    return language.say_count(*sentence, int(values["count"]), **rest)
