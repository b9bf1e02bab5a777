"""One's own handwriting: a sheet that is sent, and deleted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from app.blueprints.generate.openapi import FORGET, LEARN
from app.blueprints.generate.orders import read_samples
from app.sentences import say_error
from app.services.generating import MakingError
from app.services.handwriting import Samples
from app.web.extensions import limit_reading
from app.web.intake import take_json
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person

__all__ = ["register_handwriting"]


def register_handwriting(blueprint: Blueprint) -> None:
    """Add the routes."""
    for rule, endpoint, view in (
        ("/generate/handwriting", "learn", learn),
        ("/generate/handwriting/delete", "forget", forget),
    ):
        blueprint.add_url_rule(rule, endpoint, view, methods=["POST"])


@describes(LEARN)
@for_programs
@runs_in(Lane.UPLOADS)
@limit_reading
@login_required  # type: ignore[untyped-decorator]
def learn() -> dict[str, Any]:
    """Take what a person wrote on their sheet, and keep it as labelled pictures if they say so."""
    person, services = logged_in_person(), get_services()
    try:
        samples, is_kept = read_samples(take_json(request))
        sheet = services.handwriting.learn(person.id, samples)
    except MakingError as error:
        abort(400, say_error(error, current_language()))
    return {
        "digits": {str(digit): sheet.counts.get(digit, 0) for digit in range(10)},
        **(_keep(samples) if is_kept else {"kept": 0, "not_kept": None}),
        "misread": [asdict(one) for one in sheet.misread],
    }


def _keep(samples: Samples) -> dict[str, Any]:
    """Keep the samples of who sends them; return how many, and why not all, if so."""
    person, services = logged_in_person(), get_services()
    kept, limit = services.handwriting.keep(person.id, samples, as_admin=person.is_admin)
    if limit is None:
        services.habits.learn(person.id, map(str, samples))
    return {"kept": kept, "not_kept": limit and say_error(limit, current_language())}


@describes(FORGET)
@login_required  # type: ignore[untyped-decorator]
def forget() -> dict[str, Any] | Response:
    """Delete what the person wrote on their sheet, for a program or a form."""
    get_services().handwriting.forget(logged_in_person().id)
    if wants_json():
        return {"digits": {str(digit): 0 for digit in range(10)}}
    flash(gettext("Your sheet is deleted."), "own")
    return redirect(url_for("generate.page", _anchor="own"))
