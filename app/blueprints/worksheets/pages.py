"""Pages that came back: marked, looked over, and decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.worksheets import openapi
from app.blueprints.worksheets.describing import describe_answer, describe_doubtful
from app.languages import mark
from app.sentences import say_error
from app.services.pictures.labels import LabelLimit
from app.services.worksheets import AnswerView
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person
from app.worksheets.tables import one_line

__all__ = ["register_pages"]

_SAY = mark("Send “mark” (right or wrong), or “written” (digits), or “undo”: true.")

_KEEP = mark("“keep” is true or false, and goes with “written”.")

_NAME_FIELD = "name-"
_NAMES = mark("Send “names”: an object of names by the ids of pages.")


def register_pages(blueprint: Blueprint) -> None:
    """Add the routes."""
    one, answer_place = "/worksheets/<uuid:worksheet_id>", "answers/<int:place>"
    own = f"{one}/pages/<uuid:page_id>"
    for method, rule, endpoint, view in (
        ("GET", f"{one}/review", "review", review),
        ("GET", f"{one}/doubtful", "doubtful", doubtful),
        ("GET", f"{one}/marked.pdf", "marked", marked),
        ("POST", f"{one}/names", "names", names),
        ("GET", own, "sheet_page", sheet_page),
        ("GET", f"{own}.jpg", "page_picture", page_picture),
        ("GET", f"{own}.pdf", "page_pdf", page_pdf),
        ("GET", f"{own}/name.png", "name_picture", name_picture),
        ("POST", f"{own}/delete", "delete_page", delete_page),
        ("GET", f"{own}/{answer_place}.png", "answer_picture", answer_picture),
        ("POST", f"{own}/{answer_place}", "answer", answer),
    ):
        blueprint.add_url_rule(rule, endpoint, view, methods=[method])


@login_required  # type: ignore[untyped-decorator]
def review(worksheet_id: UUID) -> str:
    """Show the page whose script asks for what is doubtful."""
    worksheet = get_services().worksheets.get(logged_in_person().id, worksheet_id)
    return render_template("worksheets/review.html", worksheet=worksheet)


@describes(openapi.DOUBTFUL)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def doubtful(worksheet_id: UUID) -> dict[str, Any]:
    """List the answers that wait for a look."""
    person, services = logged_in_person(), get_services()
    worksheet = services.worksheets.get(person.id, worksheet_id)
    pages = services.worksheet_pages.of(person.id, worksheet_id)
    return {"answers": describe_doubtful(worksheet, pages)}


@describes(openapi.MARKED)
@runs_in(Lane.EXPORTS)
@login_required  # type: ignore[untyped-decorator]
def marked(worksheet_id: UUID) -> Response:
    """Hand out all marked pages, to be printed."""
    content = get_services().worksheet_pages.marked_pdf(logged_in_person().id, worksheet_id)
    return _file(content, "application/pdf", "marked.pdf")


@login_required  # type: ignore[untyped-decorator]
def sheet_page(worksheet_id: UUID, page_id: UUID) -> str:
    """Show a marked page, and let its answers be decided without a script."""
    person, services = logged_in_person(), get_services()
    return render_template(
        "worksheets/page.html",
        worksheet=services.worksheets.get(person.id, worksheet_id),
        page=services.worksheet_pages.get(person.id, worksheet_id, page_id),
    )


@describes(openapi.PAGE_PICTURE)
@runs_in(Lane.EXPORTS)
@login_required  # type: ignore[untyped-decorator]
def page_picture(worksheet_id: UUID, page_id: UUID) -> Response:
    pages = get_services().worksheet_pages
    content = pages.marked_picture(logged_in_person().id, worksheet_id, page_id)
    return _file(content, "image/jpeg", "page.jpg")


@describes(openapi.PAGE_PDF)
@runs_in(Lane.EXPORTS)
@login_required  # type: ignore[untyped-decorator]
def page_pdf(worksheet_id: UUID, page_id: UUID) -> Response:
    pages = get_services().worksheet_pages
    content = pages.marked_pdf(logged_in_person().id, worksheet_id, page_id)
    return _file(content, "application/pdf", "page.pdf")


@describes(openapi.NAME_PICTURE)
@login_required  # type: ignore[untyped-decorator]
def name_picture(worksheet_id: UUID, page_id: UUID) -> Response:
    pages = get_services().worksheet_pages
    content = pages.name_picture(logged_in_person().id, worksheet_id, page_id)
    return _file(content, "image/png", "name.png")


@describes(openapi.NAMES)
@login_required  # type: ignore[untyped-decorator]
def names(worksheet_id: UUID) -> dict[str, Any] | WerkzeugResponse:
    """Take whose pages are that name no pupil, by a program or the form."""
    is_json = request.is_json or wants_json()
    given = _given(_NAMES).get("names") if is_json else _fields(_NAME_FIELD)
    said = _by_page(given)
    get_services().worksheet_pages.name(logged_in_person().id, worksheet_id, said)
    if is_json:
        return {"names": {str(page_id): one_line(name) for page_id, name in said.items()}}
    return redirect(url_for("worksheets.page", worksheet_id=worksheet_id, _anchor="names"))


def _fields(start: str) -> dict[str, str]:
    """Return the form's fields whose names begin so, by the rest of their names."""
    fields = request.form.items()
    return {name.removeprefix(start): text for name, text in fields if name.startswith(start)}


def _by_page(given: Any) -> dict[UUID, str]:
    """Return names by pages; there is a sentence for what is none."""
    try:
        said = {UUID(page_id): name for page_id, name in given.items()}
    except (AttributeError, ValueError):
        abort(400, gettext(_NAMES))
    if not all(isinstance(name, str) for name in said.values()):
        abort(400, gettext(_NAMES))
    return said


@login_required  # type: ignore[untyped-decorator]
def delete_page(worksheet_id: UUID, page_id: UUID) -> WerkzeugResponse:
    """Delete a page, so that it may be sent again."""
    get_services().worksheet_pages.delete(logged_in_person().id, worksheet_id, page_id)
    return redirect(url_for("worksheets.page", worksheet_id=worksheet_id))


@describes(openapi.ANSWER_PICTURE)
@login_required  # type: ignore[untyped-decorator]
def answer_picture(worksheet_id: UUID, page_id: UUID, place: int) -> Response:
    pages = get_services().worksheet_pages
    content = pages.answer_picture(logged_in_person().id, worksheet_id, page_id, place)
    return _file(content, "image/png", "answer.png")


@describes(openapi.ANSWER)
@login_required  # type: ignore[untyped-decorator]
def answer(worksheet_id: UUID, page_id: UUID, place: int) -> dict[str, Any] | WerkzeugResponse:
    """Take what a person says of an answer, by a script or a form."""
    if request.is_json or wants_json():
        given = _given(_SAY)
        keep = given.pop("keep", False)
        if keep not in (True, False) or (keep and "written" not in given):
            abort(400, gettext(_KEEP))
        kept = _keep(worksheet_id, page_id, place, given["written"]) if keep else 0
        decided = _decide(worksheet_id, page_id, place, given)
        return describe_answer(decided) | {"kept": kept}
    given = {name: request.form[name] for name in ("mark", "written") if name in request.form}
    _decide(worksheet_id, page_id, place, given or {"undo": True})
    where = url_for("worksheets.sheet_page", worksheet_id=worksheet_id, page_id=page_id)
    return redirect(f"{where}#answer-{place}")


def _given(expected: str) -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        abort(400, gettext(expected))
    return given


def _keep(worksheet_id: UUID, page_id: UUID, place: int, written: Any) -> int:
    """Keep the digits that were written; return how many."""
    digits, person = str(written).strip(), logged_in_person()
    try:
        return get_services().answer_digits.keep(person.id, worksheet_id, page_id, place, digits)
    except LabelLimit as error:
        abort(409, say_error(error, current_language()))


def _decide(worksheet_id: UUID, page_id: UUID, place: int, given: dict[str, Any]) -> AnswerView:
    if len(given) != 1:
        abort(400, gettext(_SAY))
    ((name, value),) = given.items()
    said: dict[str, Any] = {}
    if name == "mark" and value in ("right", "wrong"):
        said["mark"] = value
    elif name == "written" and isinstance(value, str):
        said["written"] = value.strip()
    elif name != "undo" or value is not True:
        abort(400, gettext(_SAY))
    pages = get_services().worksheet_pages
    return pages.decide(logged_in_person().id, worksheet_id, page_id, place, **said)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    response = Response(content, mimetype=kind, headers=headers)
    # It changes with what is decided.
    response.cache_control.no_store = True
    return response
