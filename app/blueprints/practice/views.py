from __future__ import annotations

from typing import Any

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
from app.worksheets.questions import KINDS, make_questions

blueprint = Blueprint("practice", __name__)

_USUAL_COUNT = 10
_COUNT = mark("Ask for 1 to %(most)s questions.")


@blueprint.get("/practice")
def page() -> str:
    return render_template("practice/page.html", kinds=KINDS, most=openapi.MOST_ASKED)


@blueprint.get("/practice/questions")
@describes(openapi.QUESTIONS)
@for_programs
@limit_reading
def questions() -> dict[str, Any]:
    """Make questions, with their answers: this is practice, and no examination."""
    count = take_count(request, "count")
    count = _USUAL_COUNT if count is None else count
    if not 1 <= count <= openapi.MOST_ASKED:
        abort(400, gettext(_COUNT, most=openapi.MOST_ASKED))
    try:
        made = make_questions(
            request.args.get("kind", ""),
            count,
            seed=take_count(request, "seed") or 0,
            low=take_count(request, "low"),
            high=take_count(request, "high"),
        )
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
