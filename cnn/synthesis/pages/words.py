"""Words of fonts beside digits: notes, lists and sentences, in handwriting and in print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnn.synthesis.fonts.letters import Alphabet, Style
from cnn.synthesis.pages.draft import Draft
from cnn.synthesis.pages.layouts import write_row
from cnn.synthesis.pages.scribe import Scribe

__all__ = ["LINES_OF_WORDS", "WORDS_ALONE", "WORDS_BESIDE"]

Rng = np.random.Generator

_WORDS_TEXT = """
    Anna Ben Carla David Elena Frank Greta Hans Ingrid Jonas Klara Lukas Maria Nadia Omar Paula Rosa
    Samira Thomas Ursula Valentin Wanda Xaver Yusuf Marie Pierre Camille Giulia Marco Pedro Lucia
    the and name date total page answer class month home work number amount write here please sign
    address town phone street order price form test left right result school lesson week year hour
    train house garden paper example question apples bread milk eggs flour butter rent paid from
    with room floor team score time start end weight height length speed temperature sample group
    about after again because could every first great large might never other place right second
    small still their there think three under water where which world would
    Rechnung Summe Datum Name Klasse Aufgabe Nummer Betrag Menge Preis Haus Garten Apfel Brot Milch
    Uhr Tag Monat Jahr Zimmer Blatt Ergebnis Punkte Note Seite Antwort und der die das mit von nach
    bitte hier Telefon Ort Heft Schule Mutter Vater Gruppe Probe Temperatur Messung
    nom prix page classe exercice somme date rue ville maison lait pain avec pour dans
    nombre fecha calle ciudad casa leche pan cuenta clase hoja respuesta para como
    conto pagina latte pane numero somma casa scuola
"""
_LABELS_TEXT = """
    Total Name Date Sum Amount No Nr Age Tel Points Score Room Class Page Answer Summe Datum Punkte
    Note Preis Seite Alter Nombre Fecha Prix Somme Gas Water Power Start End Temp Weight Height
"""
_UNITS_TEXT = "kg km cm mm m g ml dl h min sec Euro EUR CHF kWh pcs Stk x Uhr pm am Watt kN"
_WORDS, _LABELS, _UNITS = (text.split() for text in (_WORDS_TEXT, _LABELS_TEXT, _UNITS_TEXT))
_ENDS = ("", "", "", "", "", ",", ".", ":", "!", "?")


def _word(rng: Rng, words: list[str]) -> str:
    word = str(rng.choice(words))
    way = rng.random()
    word = word.upper() if way < 0.12 else word.capitalize() if way < 0.35 else word
    return word + str(rng.choice(_ENDS))


def _alphabet(scribe: Scribe, style: Style) -> Alphabet:
    some = [each for each in scribe.alphabets if each.style == style]
    return some[int(scribe.rng.integers(len(some)))]


def _line(
    scribe: Scribe,
    alphabet: Alphabet,
    left: float,
    foot: float,
    size: float,
    *,
    least: int = 1,
    limit: float = 0.0,
) -> int:
    """Write words up to a place, but at least so many; return where the last one ends."""
    right = round(left)
    while least > 0 or right < limit:
        right += round(0.55 * size * scribe.rng.uniform(0.7, 1.4))
        right = scribe.word(alphabet, _word(scribe.rng, _WORDS), right, foot, height=size)
        least -= 1
    return right


def _around(style: Style) -> Callable[[Scribe], None]:
    def write(scribe: Scribe) -> None:
        """Write words above, below, to the left or to the right of the digits."""
        rng, alphabet = scribe.rng, _alphabet(scribe, style)
        left, top, right, foot = scribe.draft.bounds(digits_only=True)
        size = scribe.height * rng.uniform(0.35, 1.1)
        sides = rng.permutation(4)[: int(rng.choice([1, 1, 2, 3]))]
        pitch = size * rng.uniform(1.6, 2.1)
        end = max(right, left + 4 * scribe.height)
        if 0 in sides:
            for number in range(int(rng.integers(1, 4))):
                base = top - 0.6 * size - number * pitch
                _line(scribe, alphabet, left, base, size, limit=end)
        if 1 in sides:
            for number in range(int(rng.integers(1, 4))):
                _line(scribe, alphabet, left, foot + 1.5 * size + number * pitch, size, limit=end)
        line = top + min(scribe.height, foot - top)
        if 2 in sides:
            _line(scribe, alphabet, right + 0.15 * scribe.height, line, size)
        if 3 in sides:
            aside = Draft(scribe.height)
            count = int(rng.integers(1, 3))
            _line(replace(scribe, draft=aside), alphabet, 0, line, size, least=count)
            aside.move(round(left - 0.5 * scribe.height) - aside.bounds()[2], 0)
            scribe.draft.add(*aside.items)

    return write


def _sentence(scribe: Scribe) -> None:
    """Write a number within a line of words, and perhaps more lines above and below it."""
    rng, alphabet = scribe.rng, _alphabet(scribe, "handwriting")
    size = scribe.height * rng.uniform(0.75, 1.1)
    foot = float(scribe.height)
    before, after = int(rng.integers(0, 3)), int(rng.integers(0, 3))
    right = _line(scribe, alphabet, 0, foot, size, least=before)
    right += round(0.6 * size) if before else 0
    right = write_row(scribe, int(rng.integers(1, 5)), right, foot, line=0)
    if after or not before:
        right = _line(scribe, alphabet, right, foot, size, least=max(1, after))
    pitch = size * rng.uniform(1.7, 2.2)
    for number in rng.permutation([-2, -1, 1, 2, 3])[: int(rng.choice([0, 0, 1, 2]))]:
        _line(scribe, alphabet, 0, foot + number * pitch, size, limit=0.8 * right)


def _list(scribe: Scribe) -> None:
    """Write a word and a number in each line, in a column or one after the other, with units."""
    rng = scribe.rng
    alphabet = _alphabet(scribe, "handwriting" if rng.random() < 0.7 else "print")
    size = scribe.height * rng.uniform(0.5, 1.05)
    pitch = scribe.height * rng.uniform(1.35, 2.0)
    lines = int(rng.integers(1, 6))
    words = [_word(rng, _LABELS) for _ in range(lines)]
    rights = [
        scribe.word(alphabet, word, 0, scribe.height + number * pitch, height=size)
        for number, word in enumerate(words)
    ]
    gap = scribe.height * rng.uniform(0.3, 1.5)
    column = max(rights) + gap if rng.random() < 0.6 else None
    unit = str(rng.choice(_UNITS)) if rng.random() < 0.4 else ""
    for number, right in enumerate(rights):
        foot = scribe.height + number * pitch
        start = right + gap if column is None else column
        right = write_row(scribe, int(rng.integers(1, 5)), start, foot, line=number)
        if unit:
            scribe.word(alphabet, unit, right + 0.25 * scribe.height, foot, height=size)


def _page_of(style: Style) -> Callable[[Scribe], None]:
    def write(scribe: Scribe) -> None:
        """Write a few lines of words, as large as digits or much smaller."""
        rng, alphabet = scribe.rng, _alphabet(scribe, style)
        size = scribe.height * rng.uniform(0.25, 1.0)
        width = scribe.height * rng.uniform(2, 10)
        for number in range(int(rng.integers(1, 8))):
            end = width * (0.5 if rng.random() < 0.1 else 1.0)
            _line(scribe, alphabet, 0, (number + 1) * 1.9 * size, size, limit=end)

    return write


#: Marks: words around digits that are there already.
WORDS_BESIDE = {
    "handwritten words": _around("handwriting"),
    "printed words": _around("print"),
}
#: Layouts with digits and words.
LINES_OF_WORDS = {"sentence": _sentence, "list": _list}
#: Layouts without digits.
WORDS_ALONE = {
    "page of handwriting": _page_of("handwriting"),
    "page of print": _page_of("print"),
}
