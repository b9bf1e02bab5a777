"""Versions of the data set: frozen, listed, shown and downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.dataset import openapi_versions as openapi
from app.errors import UploadError
from app.languages import mark
from app.sentences import say_error
from app.services.versions import FORMATS, Choice, VersionError, VersionView, describe
from app.web.downloads import send_pieces
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person

__all__ = ["register_versions"]

_BODY = mark(
    "JSON is expected: an object with “name”, and if wanted “writer”, “from” and “to” (days such "
    "as 2026-11-30)."
)


def register_versions(blueprint: Blueprint) -> None:
    """Add the routes."""
    for method, rule, endpoint, view in (
        ("POST", "/versions", "freeze", freeze),
        ("GET", "/versions", "list_versions", list_versions),
        ("GET", "/versions/<name>.<form>", "version_file", file),
        ("GET", "/dataset/versions", "versions", page),
        ("POST", "/dataset/versions", "freeze_by_form", freeze_form),
        ("GET", "/dataset/versions/<name>", "version", card),
    ):
        blueprint.add_url_rule(rule, endpoint, view, methods=[method])


@describes(openapi.FREEZE)
@login_required  # type: ignore[untyped-decorator]
def freeze() -> tuple[dict[str, Any], int]:
    """Freeze what is labelled now, for a program."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or not all(
        value is None or isinstance(value, str) for value in given.values()
    ):
        abort(400, gettext(_BODY))
    version = _freeze(given)
    return {"name": version.name, "counts": describe(version)["counts"]}, 201


@describes(openapi.LIST)
@login_required  # type: ignore[untyped-decorator]
def list_versions() -> Response | WerkzeugResponse | dict[str, Any]:
    """List the versions, for a program; a person is led to the page."""
    if not wants_json():
        return redirect(url_for("dataset.versions"))
    return {"versions": [describe(one) for one in get_services().versions.all()]}


@describes(openapi.FILE)
@runs_in(Lane.EXPORTS)
@login_required  # type: ignore[untyped-decorator]
def file(name: str, form: str) -> Response:
    """Send a version's file."""
    version = _find(name)
    if form not in FORMATS:
        forms = ", ".join(FORMATS)
        raise NotFound(gettext(mark("A version comes as one of %(forms)s."), forms=forms))
    pieces = get_services().version_exporter.write(version, form)
    ending = "-idx.zip" if form == "idx" else f".{form}"
    # What leaves a version changes its file; nothing else does.
    return send_pieces(pieces, f"{name}{ending}", etag=f"{version.id}-{version.count}-{form}")


@login_required  # type: ignore[untyped-decorator]
def page() -> str:
    """Show all versions, and the form that freezes another one."""
    return _page({}, None)


@login_required  # type: ignore[untyped-decorator]
def freeze_form() -> tuple[str, int] | WerkzeugResponse:
    """Freeze what is labelled now, by the page's form."""
    try:
        version = _freeze(request.form)
    except (VersionError, UploadError) as error:
        return _page(request.form, say_error(error, current_language())), 422
    flash(gettext(mark("The version is frozen. It stays as it is now.")))
    return redirect(url_for("dataset.version", name=version.name))


@login_required  # type: ignore[untyped-decorator]
def card(name: str) -> str:
    """Show a version's card."""
    version = _find(name)
    return render_template(
        "dataset/version.html",
        version=version,
        mine=version.created_by == logged_in_person().id,
        forms=FORMATS,
    )


def _page(given: Mapping[str, str], fault: str | None) -> str:
    versions = get_services().versions
    return render_template(
        "dataset/versions.html",
        versions=versions.all(),
        counts=versions.preview(Choice()),
        given=given,
        fault=fault,
    )


def _freeze(given: Mapping[str, str]) -> VersionView:
    return get_services().versions.freeze(
        (given.get("name") or "").strip(),
        by=logged_in_person().id,
        writer=given.get("writer"),
        since=_day(given.get("from")),
        until=_day(given.get("to")),
    )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise VersionError("version_day", day=text[:20]) from None


def _find(name: str) -> VersionView:
    version = get_services().versions.find(name)
    if version is None:
        raise NotFound(gettext(mark("There is no version %(name)s."), name=name[:50]))
    return version
