"""Trust in reverse proxies: X-Forwarded-* headers of named networks only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from app.addresses import parse_address
from app.config import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["TrustedProxies"]


class TrustedProxies:
    """WSGI middleware that applies X-Forwarded-For, -Proto and -Host of trusted networks only."""

    def __init__(self, app: WSGIApplication, networks: tuple[Network, ...]) -> None:
        self._direct = app
        self._proxied = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sender = parse_address(environ.get("REMOTE_ADDR", ""))
        trusted = sender is not None and any(sender in network for network in self._networks)
        return (self._proxied if trusted else self._direct)(environ, start_response)
