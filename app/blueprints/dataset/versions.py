"""Versions of the data set: frozen, listed, shown and downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from app.blueprints.dataset import openapi_versions as openapi
from app.errors import UploadError
from app.languages import mark
from app.sentences import say_error
from app.services.versions import (
    EVERYTHING,
    FORMATS,
    LONGEST_LICENCE,
    Choice,
    VersionError,
    VersionView,
    describe,
)
from app.web.downloads import send_pieces
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs, wants_json
from app.web.services import get_services
from app.web.sessions import logged_in_person

__all__ = ["register_versions"]

_BODY = mark(
    "JSON is expected: an object with “name”, and if wanted “writer”, “from” and “to” (days such "
    "as 2026-11-30), “licence”, and “made”: true."
)
_NONE = mark("There is no version %(name)s. Perhaps it was removed.")
#: Licences that let others use and pass on pictures.
_LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0 1.0")


def register_versions(blueprint: Blueprint) -> None:
    """Add the routes."""
    for method, rule, endpoint, view in (
        ("POST", "/versions", "freeze", freeze),
        ("GET", "/versions", "list_versions", list_versions),
        ("GET", "/versions/preview", "preview_version", preview),
        ("GET", "/versions/<name>.<form>", "version_file", file),
        ("POST", "/versions/<name>/remove", "remove_version", remove),
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
        value is None or isinstance(value, bool if name == "made" else str)
        for name, value in given.items()
    ):
        abort(400, gettext(_BODY))
    version = _freeze(given)
    return {"name": version.name, "counts": describe(version)["counts"]}, 201


@describes(openapi.PREVIEW)
@for_programs
@login_required  # type: ignore[untyped-decorator]
def preview() -> dict[str, Any]:
    """Say what a choice would take, without storing anything."""
    classes = get_services().versions.preview(_choice(request.args))
    return {"pictures": sum(classes.values()), "classes": classes}


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


@describes(openapi.REMOVE)
@login_required  # type: ignore[untyped-decorator]
def remove(name: str) -> WerkzeugResponse | dict[str, Any]:
    """Remove a version."""
    person = logged_in_person()
    get_services().versions.remove(name, by=person.id, is_admin=person.is_admin)
    if wants_json():
        return {"name": name, "removed": True}
    flash(gettext(mark("The version %(name)s is removed. Its pictures stay."), name=name))
    return redirect(url_for("dataset.versions"))


@login_required  # type: ignore[untyped-decorator]
def page() -> str:
    """Show all versions, and the form that freezes another one."""
    return _page({}, EVERYTHING)


@login_required  # type: ignore[untyped-decorator]
def freeze_form() -> tuple[str, int] | WerkzeugResponse:
    """Freeze what is labelled now, by the page's form, or show first what that would take."""
    try:
        if "look" in request.form:
            return _page(request.form, _choice(request.form)), 200
        version = _freeze(request.form)
    except (VersionError, UploadError) as error:
        return _page(request.form, EVERYTHING, say_error(error, current_language())), 422
    flash(gettext(mark("The version is frozen. It stays as it is now.")))
    return redirect(url_for("dataset.version", name=version.name))


@login_required  # type: ignore[untyped-decorator]
def card(name: str) -> str:
    """Show a version's card."""
    version, person = _find(name), logged_in_person()
    is_mine = version.created_by == person.id
    return render_template(
        "dataset/version.html",
        version=version,
        mine=is_mine,
        may_remove=is_mine or person.is_admin,
        use=get_services().versions.use_of(name),
        forms=FORMATS,
    )


def _page(given: Mapping[str, str], choice: Choice, fault: str | None = None) -> str:
    versions = get_services().versions
    there, written = (sum(versions.preview(Choice(made=made)).values()) for made in (True, False))
    return render_template(
        "dataset/versions.html",
        versions=versions.all(),
        limit=versions.limit,
        there=there,
        made=there - written,
        counts=versions.preview(choice),
        licences=_LICENCES,
        longest_licence=LONGEST_LICENCE,
        given=given,
        fault=fault,
    )


def _freeze(given: Mapping[str, Any]) -> VersionView:
    return get_services().versions.freeze(
        (given.get("name") or "").strip(),
        by=logged_in_person().id,
        choice=_choice(given),
        licence=given.get("licence"),
    )


def _choice(given: Mapping[str, Any]) -> Choice:
    return Choice.read(
        writer=given.get("writer"),
        since=given.get("from"),
        until=given.get("to"),
        made=given.get("made") in (True, "1"),
    )


def _find(name: str) -> VersionView:
    version = get_services().versions.find(name)
    if version is None:
        raise NotFound(gettext(_NONE, name=name[:50]))
    return version
