"""Reviewing: the page, and what its script and other programs ask for."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import numpy as np
from flask import Blueprint, abort, render_template, request, url_for
from flask_login import login_required
from werkzeug.exceptions import NotFound

from app.blueprints.dataset import openapi_reviews as openapi
from app.languages import mark
from app.sentences import UNKNOWN_LABEL, say_error
from app.services.pictures.labels import LABELS, LabelLimit
from app.services.reviewing import ReviewView
from app.web.encoding import encode_data_url
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs
from app.web.services import get_services
from app.web.sessions import logged_in_person
from cnn.vision.framing import SIDE

__all__ = ["register_reviews"]

_COUNT = 12  # pictures that are given out where no number is asked for
_OBJECT = mark("JSON is expected: an object.")
_CLAIM = mark("“claim” must be the one that an answer to /dataset/review/next named.")
_NUMBER = mark("“count” must be a whole number from 0 to %(most)s.")
_LABEL = mark("“label” is missing: a label, or null if it cannot be told. Or send “undo”: true.")
_GONE = mark("This picture is not here any more. It was deleted.")


def register_reviews(blueprint: Blueprint) -> None:
    """Add the routes."""
    for method, rule, endpoint, view in (
        ("GET", "/dataset/review", "review", page),
        ("POST", "/dataset/review/next", "review_next", give),
        ("POST", "/dataset/review/release", "review_release", release),
        ("POST", "/dataset/review/<uuid:picture_id>", "review_answer", answer),
    ):
        blueprint.add_url_rule(rule, endpoint, view, methods=[method])


@login_required  # type: ignore[untyped-decorator]
def page() -> str:
    """Show the page, whose script asks for the pictures."""
    person = logged_in_person()
    left = get_services().reviews.count(person.id, is_admin=person.is_admin)
    return render_template("dataset/review.html", left=left, labels=LABELS)


@describes(openapi.NEXT)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def give() -> dict[str, Any]:
    """Give the person pictures that need a look."""
    person, given = logged_in_person(), _given()
    claim = _claim_or_new(given)
    count = given.get("count", _COUNT)
    if type(count) is not int or not 0 <= count <= openapi.MOST:
        abort(400, gettext(_NUMBER, most=openapi.MOST))
    turn = get_services().reviews.next(person.id, claim, is_admin=person.is_admin, count=count)
    return {
        "claim": str(claim),
        "pictures": [_describe(one) for one in turn.pictures],
        "left": turn.left,
        "elsewhere": turn.elsewhere,
    }


@describes(openapi.RELEASE)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def release() -> dict[str, Any]:
    """Take pictures back that the person will not look at."""
    claim = _claim(_given())
    get_services().reviews.release(logged_in_person().id, claim)
    return {"claim": str(claim)}


@describes(openapi.ANSWER)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def answer(picture_id: UUID) -> dict[str, Any]:
    """Take what the person says of a picture, or undo it."""
    person, given, reviews = logged_in_person(), _given(), get_services().reviews
    who: dict[str, Any] = {"by": person.id, "is_admin": person.is_admin}
    if given.get("undo") is True:
        found = reviews.undo(picture_id, _claim_or_new(given), **who)
    else:
        label = _label(given)
        try:
            found = reviews.answer(picture_id, label, **who)
        except LabelLimit as error:
            abort(409, say_error(error, current_language()))
    if found is None:
        raise NotFound(gettext(_GONE))
    get_services().habits.learn(person.id, found.changed)
    return {"id": str(picture_id), "label": found.label, "late": found.is_late}


def _given() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        abort(400, gettext(_OBJECT))
    return given


def _claim_or_new(given: dict[str, Any]) -> UUID:
    return uuid4() if given.get("claim") is None else _claim(given)


def _claim(given: dict[str, Any]) -> UUID:
    try:
        return UUID(given.get("claim"))
    except (ValueError, TypeError, AttributeError):
        abort(400, gettext(_CLAIM))


def _label(given: dict[str, Any]) -> str | None:
    if "label" not in given:
        abort(400, gettext(_LABEL))
    label = given["label"]
    if label is not None and label not in LABELS:
        abort(400, gettext(UNKNOWN_LABEL))
    return label  # type: ignore[no-any-return]


def _describe(view: ReviewView) -> dict[str, Any]:
    twin = view.twin
    return {
        "id": str(view.id),
        "label": view.label,
        "digit": view.digit,
        "confidence": view.confidence,
        "reasons": list(view.reasons),
        "writer": view.writer,
        "normalised": _normalised(view.pixels),
        "image": url_for("gallery.image", picture_id=view.id),
        "twin": None
        if twin is None
        else {
            "id": str(twin.id),
            "label": twin.label,
            "normalised": _normalised(twin.pixels),
        },
    }


def _normalised(pixels: bytes | None) -> str | None:
    if pixels is None:
        return None
    return encode_data_url(np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE))
