"""Questions of arithmetic, drawn by chance: the same seed, the same questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from app.worksheets.errors import WorksheetError

__all__ = [
    "KINDS",
    "MOST_DIGITS",
    "MOST_QUESTIONS",
    "PUNCTUATION",
    "Carries",
    "Question",
    "make_questions",
]

#: Whether digits of a sum or a difference carry over: some may, all must, none does.
Carries: TypeAlias = Literal["any", "yes", "no"]

#: Questions of one worksheet, and digits of an answer.
MOST_QUESTIONS = 200
MOST_DIGITS = 8

#: What follows a gap without a space.
PUNCTUATION = ",.;:?!"

_LARGEST = 9999
_MOST_COUNTED = 30
_TERMS = 5  # of a sequence
_LARGEST_STEP = 12
_TRIES = 2000  # draws for a question that fits, before there is none


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    before, after : str
        What is printed before and after the boxes of the answer.
    answer : str
        Its digits.
    figures : int
        How many figures are drawn to be counted; 0 for other questions.
    """

    before: str
    after: str
    answer: str
    figures: int = 0

    @property
    def text(self) -> str:
        """The question in one line, with "_" where the answer goes if anything follows it."""
        if not self.after:
            return self.before
        gap = "_" if self.after[0] in PUNCTUATION else "_ "
        return f"{self.before} {gap}{self.after}".lstrip()


@dataclass(frozen=True)
class _Range:
    """What the numbers of questions are drawn from."""

    low: int
    high: int
    carries: Carries

    def number(self, rng: np.random.Generator) -> int:
        return int(rng.integers(self.low, self.high + 1))

    def allows(self, carried: bool) -> bool:
        return self.carries == "any" or carried == (self.carries == "yes")


_Maker: TypeAlias = Callable[[_Range, np.random.Generator], Question | None]


def _add(numbers: _Range, rng: np.random.Generator) -> Question | None:
    a, b = numbers.number(rng), numbers.number(rng)
    if not numbers.allows(_carries(a, b)):
        return None
    return Question(f"{a} + {b} =", "", str(a + b))


def _subtract(numbers: _Range, rng: np.random.Generator) -> Question | None:
    a, b = numbers.number(rng), numbers.number(rng)
    # A difference borrows where adding it again would carry.
    if b > a or not numbers.allows(_carries(a - b, b)):
        return None
    return Question(f"{a} − {b} =", "", str(a - b))


def _multiply(numbers: _Range, rng: np.random.Generator) -> Question | None:
    a, b = numbers.number(rng), numbers.number(rng)
    return Question(f"{a} × {b} =", "", str(a * b))


def _divide(numbers: _Range, rng: np.random.Generator) -> Question | None:
    divisor, quotient = numbers.number(rng), numbers.number(rng)
    if divisor == 0:
        return None
    return Question(f"{divisor * quotient} ÷ {divisor} =", "", str(quotient))


def _leave_out(numbers: _Range, rng: np.random.Generator) -> Question | None:
    a, b = numbers.number(rng), numbers.number(rng)
    if not numbers.allows(_carries(a, b)):
        return None
    total = a + b
    return (
        Question(f"{a} +", f"= {total}", str(b)),
        Question("", f"+ {b} = {total}", str(a)),
        Question(f"{total} −", f"= {b}", str(a)),
        Question("", f"− {a} = {b}", str(total)),
    )[int(rng.integers(4))]


def _continue(numbers: _Range, rng: np.random.Generator) -> Question | None:
    start, step = numbers.number(rng), int(rng.integers(1, _LARGEST_STEP + 1))
    if rng.random() < 0.5:
        step = -step
    terms = [start + step * place for place in range(_TERMS)]
    if not all(numbers.low <= term <= numbers.high for term in terms):
        return None
    missing = int(rng.integers(1, _TERMS))
    before = "".join(f"{term}, " for term in terms[:missing])
    after = "".join(f", {term}" for term in terms[missing + 1 :])
    return Question(before.rstrip(), after, str(terms[missing]))


def _count(numbers: _Range, rng: np.random.Generator) -> Question | None:
    number = numbers.number(rng)
    return Question("How many?", "", str(number), figures=number)


_MAKERS: Mapping[str, _Maker] = {
    "addition": _add,
    "subtraction": _subtract,
    "multiplication": _multiply,
    "division": _divide,
    "missing": _leave_out,
    "sequence": _continue,
    "counting": _count,
}

#: The kinds of questions, with the least and the greatest number that each has by itself.
KINDS: Mapping[str, tuple[int, int]] = {
    "addition": (1, 20),
    "subtraction": (1, 20),
    "multiplication": (1, 10),
    "division": (1, 10),
    "missing": (1, 20),
    "sequence": (0, 99),
    "counting": (1, 20),
}

_CARRYING = ("addition", "subtraction", "missing")


def make_questions(
    kind: str,
    count: int,
    *,
    seed: int,
    low: int | None = None,
    high: int | None = None,
    carries: Carries = "any",
) -> tuple[Question, ...]:
    """Draw questions: none twice, as long as there are enough different ones.

    Raises WorksheetError if there is no such kind, or no question within the range.
    """
    if kind not in KINDS:
        raise WorksheetError("sheet_kind", kinds=", ".join(KINDS))
    if not 1 <= count <= MOST_QUESTIONS:
        raise WorksheetError("sheet_count", most=MOST_QUESTIONS)
    usual = KINDS[kind]
    numbers = _Range(usual[0] if low is None else low, usual[1] if high is None else high, carries)
    largest = _MOST_COUNTED if kind == "counting" else _LARGEST
    least = int(kind == "counting")
    if not least <= numbers.low <= numbers.high <= largest:
        raise WorksheetError(
            "sheet_range", low=numbers.low, high=numbers.high, least=least, most=largest
        )
    if carries != "any" and kind not in _CARRYING:
        raise WorksheetError("sheet_carries", kinds=", ".join(_CARRYING))
    rng = np.random.default_rng(seed)
    different: list[Question] = []
    used: set[str] = set()
    while len(different) < count:
        question = _draw(_MAKERS[kind], numbers, rng, used)
        if question is None:
            break
        different.append(question)
    if not different:
        raise WorksheetError("sheet_impossible" if carries == "any" else "sheet_no_carries")
    again = rng.integers(len(different), size=count - len(different))
    return (*different, *(different[place] for place in again))


def _draw(
    make: _Maker, numbers: _Range, rng: np.random.Generator, used: set[str]
) -> Question | None:
    """Return a question that was not drawn before, or None if none was found."""
    for _ in range(_TRIES):
        question = make(numbers, rng)
        if question is None:
            continue
        # Of questions that all ask the same, as in counting, the answers differ.
        key = question.text + question.answer
        if key not in used:
            used.add(key)
            return question
    return None


def _carries(a: int, b: int) -> bool:
    """Say whether adding two numbers carries from one digit to the next."""
    while a and b:
        if a % 10 + b % 10 > 9:
            return True
        a, b = a // 10, b // 10
    return False
