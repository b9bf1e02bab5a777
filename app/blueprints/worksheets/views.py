"""Worksheets: the maker, a worksheet with its results, and what is sent for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.worksheets import openapi
from app.blueprints.worksheets.describing import (
    describe_marking,
    describe_worksheet,
    explain_failure,
    explain_left_out,
)
from app.blueprints.worksheets.options import options_of_form, options_of_json
from app.blueprints.worksheets.pages import register_pages
from app.languages import mark
from app.sentences import say_error
from app.services.worksheets import WorksheetRefused, make_table, write_csv
from app.web.intake import take_json
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person
from app.web.uploads import LARGEST_UPLOAD, takes_uploads
from app.worksheets.drawing import number_of_name
from app.worksheets.errors import WorksheetError
from app.worksheets.paper import PAPERS
from app.worksheets.practice import MOST_ASKED, practice_query
from app.worksheets.questions import KINDS

__all__ = ["blueprint"]

_SENDING = mark("“sending” is a UUID, the same for requests that belong together.")

blueprint = Blueprint("worksheets", __name__)
register_pages(blueprint)


@blueprint.get("/worksheets")
@describes(openapi.LIST)
@login_required  # type: ignore[untyped-decorator]
def index() -> str | dict[str, Any]:
    """Show a person's worksheets, and the form that makes one."""
    if not wants_json():
        return _index(request.args)
    worksheets = get_services().worksheets.of(logged_in_person().id)
    return {
        "worksheets": [
            {
                "id": str(one.id),
                "title": one.title,
                "pdf": url_for("worksheets.sheet", worksheet_id=one.id),
                "pages": one.pages,
                "doubtful": one.doubtful,
            }
            for one in worksheets
        ]
    }


@blueprint.post("/worksheets")
@describes(openapi.MAKE)
@runs_in(Lane.EXPORTS)
@login_required  # type: ignore[untyped-decorator]
def make() -> tuple[str | dict[str, Any], int] | WerkzeugResponse:
    """Make a worksheet, by the page's form or a program's JSON."""
    person, worksheets = logged_in_person(), get_services().worksheets
    if request.is_json or wants_json():
        made = worksheets.make(person.id, options_of_json(take_json(request)))
        pdf = url_for("worksheets.sheet", worksheet_id=made)
        return {"id": str(made), "pdf": pdf}, 201
    try:
        made = worksheets.make(person.id, options_of_form(request))
    except (WorksheetError, WorksheetRefused) as error:
        return _index(request.form, problem=say_error(error, current_language())), 422
    return redirect(url_for("worksheets.page", worksheet_id=made))


@blueprint.get("/worksheets/<uuid:worksheet_id>")
@describes(openapi.SHOW)
@login_required  # type: ignore[untyped-decorator]
def page(worksheet_id: UUID) -> str | dict[str, Any]:
    """Show a worksheet and what came back."""
    person, services = logged_in_person(), get_services()
    worksheet = services.worksheets.get(person.id, worksheet_id)
    progress = services.receiving.look(person.id, worksheet_id)
    pages = services.worksheet_pages.of(person.id, worksheet_id)
    left_out = services.worksheet_pages.left_out(person.id, worksheet_id)
    if wants_json():
        return describe_worksheet(worksheet, progress, pages, left_out)
    table = make_table(worksheet, pages)
    return render_template(
        "worksheets/worksheet.html",
        worksheet=worksheet,
        marking=progress,
        failure=explain_failure(progress),
        table=table,
        left_out=[(one, explain_left_out(one)) for one in left_out],
        days=services.worksheets.days,
        sending=uuid4(),
        practice=practice_query(
            worksheet.options, [(one.text, one.answer) for one in table.columns]
        ),
        most_practised=MOST_ASKED,
        numbered=[
            (shown, name)
            for number, name in enumerate(worksheet.pupils, 1)
            if (shown := number_of_name(name, number))
        ],
    )


@blueprint.get("/worksheets/<uuid:worksheet_id>/sheet.pdf")
@describes(openapi.SHEET)
@login_required  # type: ignore[untyped-decorator]
def sheet(worksheet_id: UUID) -> Response:
    """Hand out the PDF to be printed."""
    return _pdf(worksheet_id, "sheet")


@blueprint.get("/worksheets/<uuid:worksheet_id>/answers.pdf")
@describes(openapi.ANSWERS)
@login_required  # type: ignore[untyped-decorator]
def answers(worksheet_id: UUID) -> Response:
    """Hand out the answer sheet."""
    return _pdf(worksheet_id, "answers")


@blueprint.post("/worksheets/<uuid:worksheet_id>/pages")
@describes(openapi.SEND)
@runs_in(Lane.UPLOADS)
@takes_uploads(most=LARGEST_UPLOAD)
@login_required  # type: ignore[untyped-decorator]
def send(worksheet_id: UUID) -> tuple[dict[str, Any], int] | WerkzeugResponse:
    """Take pictures of pages, and have them marked."""
    sent = request.files.getlist("page")
    files = [(file.filename, file.stream) for file in sent if file.filename]
    owner_id, sending = logged_in_person().id, _sending()
    job_id = get_services().receiving.receive(owner_id, worksheet_id, files, sending)
    if wants_json():
        return {"job": str(job_id)}, 202
    return redirect(url_for("worksheets.page", worksheet_id=worksheet_id))


@blueprint.get("/worksheets/<uuid:worksheet_id>/marking")
@describes(openapi.MARKING)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def marking(worksheet_id: UUID) -> dict[str, Any]:
    """Tell how far the marking is."""
    return describe_marking(get_services().receiving.look(logged_in_person().id, worksheet_id))


@blueprint.get("/worksheets/<uuid:worksheet_id>/results.csv")
@describes(openapi.RESULTS)
@login_required  # type: ignore[untyped-decorator]
def results(worksheet_id: UUID) -> Response:
    """Hand out the table of pupils and questions."""
    person, services = logged_in_person(), get_services()
    worksheet = services.worksheets.get(person.id, worksheet_id)
    pages = services.worksheet_pages.of(person.id, worksheet_id)
    headers = {"Content-Disposition": 'attachment; filename="results.csv"'}
    content = write_csv(make_table(worksheet, pages))
    return Response(content, mimetype="text/csv", headers=headers)


@blueprint.post("/worksheets/<uuid:worksheet_id>/forget")
@login_required  # type: ignore[untyped-decorator]
def forget(worksheet_id: UUID) -> WerkzeugResponse:
    """Forget what was not marked, once it was read."""
    get_services().worksheet_pages.forget_left_out(logged_in_person().id, worksheet_id)
    return redirect(url_for("worksheets.page", worksheet_id=worksheet_id))


@blueprint.post("/worksheets/<uuid:worksheet_id>/delete")
@login_required  # type: ignore[untyped-decorator]
def delete(worksheet_id: UUID) -> WerkzeugResponse:
    """Delete a worksheet with all that came back."""
    get_services().worksheets.delete(logged_in_person().id, worksheet_id)
    return redirect(url_for("worksheets.index"))


def _sending() -> UUID | None:
    """Return what names the requests that belong together, if they are named."""
    given = request.form.get("sending")
    try:
        return UUID(given) if given else None
    except ValueError:
        abort(400, gettext(_SENDING))


def _index(given: Any, *, problem: str | None = None) -> str:
    services = get_services()
    return render_template(
        "worksheets/index.html",
        worksheets=services.worksheets.of(logged_in_person().id),
        given=given,
        problem=problem,
        kinds=KINDS,
        papers=PAPERS,
        days=services.worksheets.days,
    )


def _pdf(worksheet_id: UUID, name: str) -> Response:
    content = get_services().worksheets.read_file(logged_in_person().id, worksheet_id, name)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)
