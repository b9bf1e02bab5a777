"""The entry point: `python wsgi.py` serves the site.

Other servers take the factory: `gunicorn 'wsgi:create_app()'`, `flask --app wsgi …`.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from app import create_app as make_app
from app.addresses import site_addresses
from app.cli import LOG_FORMAT
from app.config import Settings
from app.errors import DigitNetError, StartError
from app.jobs.child import WorkerProcess
from app.memory import set_up_memory
from app.native.listener import make_listener
from app.sentences import explain_in_english
from app.services import Services
from app.web.server import WebServer
from app.web.services import services_of
from cnn.engine.threads import shared_cores
from cnn.errors import CNNError

# Seconds for native requests in progress, after those for the site's; ten in all.
_NATIVE_FINISHING = 3.0


def main() -> int:
    set_up_memory()
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    try:
        serve(Settings.from_environment())
    except (DigitNetError, CNNError) as error:
        print(f"digitnet: {explain_in_english(error)}", file=sys.stderr)
        return 1
    return 0


def create_app() -> Flask:
    """Make the application for a command or another server; exit with one line if that fails."""
    try:
        return make_app()
    except (DigitNetError, CNNError) as error:
        raise SystemExit(f"digitnet: {explain_in_english(error)}") from error


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; raises StartError if the port is taken."""
    app = make_app(settings)
    services = services_of(app)
    services.upkeep.prepare()
    _allow_many_files()
    server, worker = WebServer(app, settings), WorkerProcess() if settings.worker else None

    def halt() -> None:
        server.halt()
        if worker is not None:  # all end at the same time
            worker.halt()

    # Also if the program was started with Ctrl-C ignored, as background jobs of scripts are.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: halt())
    # Requests run in parallel, each on one core.
    with shared_cores(), _worker_kept(worker), _native_clients_served(services, settings):
        places = ", ".join(site_addresses(settings.scheme, settings.host, settings.port))
        print(f"DigitNet serves on {places} (Ctrl-C ends it)", flush=True)
        server.run()
    services.database.close()


@contextmanager
def _worker_kept(worker: WorkerProcess | None) -> Iterator[None]:
    """Keep a worker running, if there is to be one."""
    if worker is None:
        yield
        return
    worker.start()
    try:
        yield
    finally:
        worker.stop()


@contextmanager
def _native_clients_served(services: Services, settings: Settings) -> Iterator[None]:
    """Serve native clients in a side thread; if that fails, print why and serve the site alone."""
    try:
        listener = make_listener(services, settings)
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
        listener.stop(within=_NATIVE_FINISHING)


def _allow_many_files() -> None:
    """Raise the process's limit of open files, so that the settings alone limit connections."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end(code: int) -> None:
    """End the process; a thread that cannot be interrupted is not waited for."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    if any(thread is not threading.main_thread() for thread in threading.enumerate()):
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    _end(main())
