"""Security headers: what browsers may load, embed, send and store."""

from __future__ import annotations

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

__all__ = ["register_security"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}


class _Sessions(SecureCookieSessionInterface):
    """Sessions, without cookies for static files such as scripts and styles."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


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
        if request.is_secure or app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
