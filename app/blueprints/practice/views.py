from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from flask import Blueprint, abort, render_template, request

from app.blueprints.practice import openapi
from app.languages import mark
from app.sentences import say_error
from app.web.extensions import limit_reading
from app.web.intake import take_count
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs
from app.worksheets.errors import WorksheetError
from app.worksheets.practice import LONGEST_OWN, MOST_ASKED, OWN
from app.worksheets.questions import KINDS, Carries, Question, make_questions
from app.worksheets.tables import read_questions

blueprint = Blueprint("practice", __name__)

_USUAL_COUNT = 10
_COUNT = mark("Ask for 1 to %(most)s questions.")
_ALL_CARRIES: tuple[Carries, ...] = get_args(Carries)
_CARRIES = mark("“carries” is any, yes or no.")
_LONG = mark("These are too many words for an address. Leave out some questions.")


@blueprint.get("/practice")
def page() -> str:
    return render_template("practice/page.html", kinds=KINDS, most=MOST_ASKED)


@blueprint.get("/practice/questions")
@describes(openapi.QUESTIONS)
@for_programs
@limit_reading
def questions() -> dict[str, Any]:
    """Make questions, with their answers: this is practice, and no examination."""
    count = take_count(request, "count")
    if count is not None and not 1 <= count <= MOST_ASKED:
        abort(400, gettext(_COUNT, most=MOST_ASKED))
    try:
        made = _own(count) if request.args.get("kind") == OWN else _drawn(count)
    except WorksheetError as error:
        abort(400, say_error(error, current_language()))
    return {
        "questions": [
            {
                "before": question.before,
                "after": question.after,
                "answer": question.answer,
                "figures": question.figures,
            }
            for question in made
        ]
    }


def _drawn(count: int | None) -> Sequence[Question]:
    given = request.args.get("carries", "any")
    carries = next((one for one in _ALL_CARRIES if one == given), None)
    if carries is None:
        abort(400, gettext(_CARRIES))
    return make_questions(
        request.args.get("kind", ""),
        _USUAL_COUNT if count is None else count,
        seed=take_count(request, "seed") or 0,
        low=take_count(request, "low"),
        high=take_count(request, "high"),
        carries=carries,
    )


def _own(count: int | None) -> Sequence[Question]:
    """Return the questions that stand in the address: nothing is stored for them."""
    table = request.args.get("own", "")
    if len(table) > LONGEST_OWN:
        abort(400, gettext(_LONG))
    return read_questions(table.encode())[: count or MOST_ASKED]
