"""The language of a request: the one that its browser prefers of those available."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from babel.support import LazyProxy
from flask import Flask, Response, current_app, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.languages import ENGLISH, Language, Languages

__all__ = [
    "current_language",
    "gettext",
    "languages_of",
    "lazy_gettext",
    "preferred_language",
    "register_languages",
]

_ENGLISH_ALONE = Languages({"en": ENGLISH})
_CHOSEN = "digitnet.language"  # in the environment of a request


def register_languages(app: Flask, languages: Languages) -> None:
    """Set up the languages of an application and its templates.

    In templates, {% trans %} contains HTML, and _() plain text, which is escaped.
    """
    app.extensions["languages"] = languages
    templates = app.jinja_env
    templates.policies["ext.i18n.trimmed"] = True
    templates.add_extension("jinja2.ext.i18n")
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: current_language().translations.gettext(message),
        ngettext=lambda *forms: current_language().translations.ngettext(*forms),
    )
    templates.globals.update(
        _=gettext,
        language=LazyProxy(current_language, enable_cache=False),
        moment=lambda at: current_language().moment(at),
        number=lambda value, decimals=0: current_language().number(value, decimals=decimals),
    )
    if len(languages.by_tag) > 1:
        app.after_request(_vary)


def _vary(response: Response) -> Response:
    if request.endpoint != "static":
        response.vary.add("Accept-Language")
    return response


def current_language() -> Language:
    """Return the language of the current request, or English without one."""
    if not has_request_context():
        return ENGLISH
    found = request.environ.get(_CHOSEN)
    if found is None:
        found = preferred_language(languages_of(current_app), request.environ)
        request.environ[_CHOSEN] = found
    return cast(Language, found)


def languages_of(app: Flask) -> Languages:
    """Return the languages of an application, by default English alone."""
    return cast(Languages, app.extensions.get("languages", _ENGLISH_ALONE))


def preferred_language(languages: Languages, environ: Mapping[str, Any]) -> Language:
    """Return the language that a request prefers, from its WSGI environment."""
    header = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return languages.choose(list(parse_accept_header(header, LanguageAccept).values()))


def gettext(message: str, /, **values: str | int) -> str:
    """Return the translation of a message for the current request."""
    return current_language().say(message, **values)


def lazy_gettext(message: str) -> LazyProxy:
    """Return a message that is translated when it is shown."""
    return LazyProxy(gettext, message, enable_cache=False)
