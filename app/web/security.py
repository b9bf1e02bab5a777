"""Security headers: what browsers may load, embed, send and store."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from app.addresses import is_local_name
from app.web.bearer import is_token_sent

__all__ = ["allow_camera", "register_security"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_WITH_CAMERA = _HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")


class _Sessions(SecureCookieSessionInterface):
    """Sessions, without cookies for static files and for requests with an API token."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static" and not is_token_sent():
            super().save_session(app, session, response)


def allow_camera(response: Response) -> Response:
    """Let the page in an answer use the browser's camera, which no other page may."""
    response.headers["Permissions-Policy"] = _WITH_CAMERA
    return response


def register_security(app: Flask) -> None:
    """Add the headers to every answer."""
    app.session_interface = _Sessions()

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        # Pages are asked for anew after a log-out; what else is made for one person is not kept.
        page = response.mimetype == "text/html"
        kept = "private, no-cache" if page else "private, no-store"
        response.headers.setdefault("Cache-Control", kept)
        if _is_https_for_good(app):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def _is_https_for_good(app: Flask) -> bool:
    """Say whether browsers shall open this host by HTTPS alone, whatever listens there.

    Not by the name or address of a home network, which means another machine elsewhere: for a year
    browsers would refuse whatever else is called so.
    """
    if is_local_name(urlsplit(f"//{request.host}").hostname or ""):
        return False
    return request.is_secure or bool(app.config["SESSION_COOKIE_SECURE"])
