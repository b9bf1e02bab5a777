"""What the API's document says of practice."""

from __future__ import annotations

from typing import get_args

from app.languages import mark
from app.web.openapi import Operation, json_answer, query
from app.web.schemas import COUNT, TEXT, array_of, object_of
from app.worksheets.practice import LONGEST_OWN, MOST_ASKED, OWN
from app.worksheets.questions import KINDS, Carries

__all__ = ["QUESTIONS"]

_KIND = {"type": "string", "enum": [*KINDS, OWN]}
_QUESTION = object_of(
    before=TEXT | {"description": mark("What stands before the answer.")},
    after=TEXT | {"description": mark("What stands after it.")},
    answer=TEXT | {"description": mark("Its digits.")},
    figures=COUNT
    | {"description": mark("How many figures are to be counted; 0 for other questions.")},
)

QUESTIONS = Operation(
    tag=mark("Practice"),
    summary=mark("Ask for questions of arithmetic"),
    description=mark("The same seed gives the same questions."),
    parameters=(
        query("kind", _KIND, mark("What they are about."), required=True, example="addition"),
        query(
            "count",
            {"type": "integer", "minimum": 1, "maximum": MOST_ASKED},
            mark("How many; if it is left out, 10, and of own questions all."),
        ),
        query("seed", COUNT | {"maximum": 10**6}, mark("0 if it is left out.")),
        query("low", COUNT, mark("The least number in the questions; that of the kind by itself.")),
        query("high", COUNT, mark("The greatest one.")),
        query(
            "carries",
            {"type": "string", "enum": list(get_args(Carries))},
            mark("Whether digits of sums and differences carry over: as chance has it, all, none."),
        ),
        query(
            "own",
            TEXT | {"maxLength": LONGEST_OWN},
            mark("Own questions: CSV with the columns question,answer."),
        ),
    ),
    answers={200: json_answer(mark("The questions."), object_of(questions=array_of(_QUESTION)))},
    problems=(429,),
)
