"""The Flask extensions, not yet bound to an application."""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

__all__ = ["csrf", "is_loopback", "limiter"]

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=True)


def is_loopback() -> bool:
    """Say whether the request comes from this machine."""
    address = request.remote_addr or ""
    return address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")
