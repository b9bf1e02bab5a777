"""Construction of the native clients' server from the settings."""

from __future__ import annotations

from app.config import Settings
from app.native.server import NativeServer
from app.services import Services

__all__ = ["make_listener"]


def make_listener(services: Services, settings: Settings) -> NativeServer | None:
    """Return a server that is bound to its port but not started; None if it is switched off.

    Raises StartError if the port is taken.
    """
    if settings.native_port is None:
        return None
    return NativeServer(
        services,
        host=settings.native_host,
        port=settings.native_port,
        limits=settings.native_limits,
        anonymous_browse=settings.native_anonymous_browse,
    )
