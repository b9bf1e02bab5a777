"""The questions of a worksheet as practice on the screen: all of it stands in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.worksheets.tables import write_questions

__all__ = ["LONGEST_OWN", "MOST_ASKED", "OWN", "practice_query"]

#: Questions of one round.
MOST_ASKED = 30
#: The kind of questions that come with the address, and their characters there.
OWN = "own"
LONGEST_OWN = 3000

_DRAWN = ("kind", "seed", "low", "high", "carries")


def practice_query(
    options: Mapping[str, Any], questions: Sequence[tuple[str, str]]
) -> dict[str, Any] | None:
    """Return the query that asks for a worksheet's first questions on the page Practice.

    Parameters
    ----------
    options : mapping
        What its questions were drawn from; without "kind" they are own ones.
    questions : sequence of (text, answer)
        Its questions.

    Returns
    -------
    dict or None
        None where own questions are too long for an address.
    """
    if options.get("kind"):
        asked = {name: options.get(name) for name in _DRAWN}
        return asked | {"count": min(len(questions), MOST_ASKED)}
    own = write_questions(questions[:MOST_ASKED])
    return {"kind": OWN, "own": own} if len(own) <= LONGEST_OWN else None
