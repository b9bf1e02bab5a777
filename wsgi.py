"""The way in: `python wsgi.py` serves the site.

Other servers take the factory: `gunicorn 'wsgi:create_app()'`, `flask --app wsgi …`.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import waitress.server
from flask import Flask

from app import create_app
from app.cli import LOG_FORMAT
from app.config import Settings
from app.errors import DigitNetError, StartError
from app.listener import make_listener
from app.memory import return_large_blocks
from app.upkeep import prepare_store
from cnn.cores import shared_cores
from cnn.errors import CNNError

# Beyond this many bytes a request is not even received; up to it, the site explains.
LARGEST_BODY = 16_000_000


def main() -> int:
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    return_large_blocks()
    try:
        serve(Settings.from_environment())
    except (DigitNetError, CNNError) as error:
        print(f"digitnet: {error}", file=sys.stderr)
        return 1
    return 0


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; raises StartError if the port is taken."""
    app = create_app(settings)
    prepare_store(app)
    try:
        server = waitress.server.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=LARGEST_BODY,
            clear_untrusted_proxy_headers=False,  # app.proxies decides whom to believe
            ident=None,
        )
    except (OSError, ValueError) as error:
        raise StartError(
            f"cannot serve on {settings.host}:{settings.port}: {error}. "
            "Choose another address with DIGITNET_HOST and DIGITNET_PORT."
        ) from error
    signal.signal(signal.SIGTERM, _stop)
    # Requests run beside one another, each on one core.
    with shared_cores(), _native_clients_served(app, settings):
        print(
            f"DigitNet serves on http://{settings.host}:{settings.port} (Ctrl-C ends it)",
            flush=True,
        )
        server.run()
    server.close()


@contextmanager
def _native_clients_served(app: Flask, settings: Settings) -> Iterator[None]:
    """Serve native clients in a side thread; without them, say so and serve the site."""
    try:
        listener = make_listener(app, settings)
    except StartError as error:
        print(f"digitnet: {error} The site runs without them.", file=sys.stderr)
        listener = None
    if listener is None:
        yield
        return
    listener.start()
    try:
        yield
    finally:
        listener.stop()


def _stop(signum: int, frame: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
