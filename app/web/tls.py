"""HTTPS of the web server itself."""

from __future__ import annotations

import ssl
from pathlib import Path

from app.errors import StartError

__all__ = ["make_tls_context"]


def make_tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what the server encrypts with; raises StartError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        for file in (certificate, key):
            file.read_bytes()
    except OSError as error:
        raise StartError(
            f"{error.filename} cannot be read: {error.strerror}. DIGITNET_TLS_CERT and "
            "DIGITNET_TLS_KEY must name files that the program may read."
        ) from error
    try:
        # A password is given, the wrong one, so that nobody is asked for it at the start.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        raise StartError(
            f"{certificate} and {key} are no certificate and its key ({_reason(error)}): they "
            "must be PEM files that belong together, the key without a password."
        ) from error
    return context


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    return (reason or str(error)).lower().replace("_", " ")
