"""Known host names: requests for others are refused (DNS rebinding, forged links)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.addresses import host_names, parse_address
from app.languages import Languages, mark
from app.web.language import preferred_language
from app.web.problems import make_problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["KnownHosts"]

_HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", re.ASCII)


class KnownHosts:
    """Refuses requests whose Host is neither among `names` nor this machine's own.

    A name that begins with a dot matches all names below it. This machine is known by its
    name, as localhost, and by the address to which the request came.
    """

    def __init__(self, app: WSGIApplication, names: Iterable[str], languages: Languages) -> None:
        self._app = app
        self._languages = languages
        self._names = frozenset({*names, "localhost", *host_names()})

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # A client of HTTP/1.0 may name none.
        given = str(environ.get("HTTP_HOST", environ.get("SERVER_NAME", "")))
        found = _HOST.fullmatch(given)
        host = found["name"].strip("[]").lower().removesuffix(".") if found else ""
        if self._is_known(host, environ.get("SERVER_ADDR", "")):
            return self._app(environ, start_response)
        # No page: it would lead to other addresses of that name.
        language = preferred_language(self._languages, environ)
        words = mark(
            "This site does not answer to the name %(name)s. Whoever runs it can add the name to "
            "DIGITNET_HOSTS."
        )
        detail = language.say(words, name=repr(given[:100]))
        refusal = make_problem(400, detail, {"Cache-Control": "no-store"}, language)
        return refusal(environ, start_response)

    def _is_known(self, host: str, own: str) -> bool:
        if any(host == name or (name[0] == "." and host.endswith(name)) for name in self._names):
            return True
        address = parse_address(host)
        return address is not None and (address.is_loopback or address == parse_address(own))
