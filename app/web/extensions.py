"""The Flask extensions, not yet bound to an application."""

from __future__ import annotations

import time
from math import ceil

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_wtf import CSRFProtect

from app import addresses

__all__ = ["csrf", "is_loopback", "limiter", "register_limits"]


def is_loopback() -> bool:
    """Say whether the request comes from this machine."""
    return addresses.is_loopback(request.remote_addr or "")


def _client() -> str:
    return addresses.client_network(request.remote_addr or "")


csrf = CSRFProtect()
limiter = Limiter(key_func=_client, storage_uri="memory://", headers_enabled=True)


def register_limits(app: Flask) -> None:
    """Limit how often one client asks, and tell it how long to wait."""

    # What is registered first is called last: after the limiter, which rounds down.
    @app.after_request
    def round_up(response: Response) -> Response:
        limit = limiter.current_limit
        if response.status_code == 429 and limit is not None:
            seconds = max(1, ceil(limit.window[0] - time.time()))
            response.headers["Retry-After"] = str(seconds)
        return response

    limiter.init_app(app)
