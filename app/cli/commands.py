"""Commands that serve, prepare, and look after people."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from app.cli.data import explained, register_data_commands
from app.config import Settings
from app.memory import set_up_memory
from app.native.listener import make_listener
from app.services.maintenance.original import Importer
from app.web.services import get_services, services_of
from cnn.engine.threads import shared_cores

__all__ = ["LOG_FORMAT", "register_commands"]

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def register_commands(app: Flask, settings: Settings) -> None:
    """Add the commands to an application."""

    @app.cli.command("native")
    def native() -> None:
        """Serve native clients, and nothing else, until Ctrl-C."""
        set_up_memory()
        logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
        services = services_of(app)
        with explained():
            services.upkeep.prepare()
            listener = make_listener(services, settings)
        if listener is None:
            raise click.ClickException("DIGITNET_NATIVE_PORT is empty: nothing to serve")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        # Requests run beside one another, each on one core.
        with shared_cores():
            listener.start()
            click.echo(f"DigitNet serves native clients on port {listener.port} (Ctrl-C ends it)")
            # Windows cannot interrupt a wait that has no end.
            while not stop.wait(1):
                pass
            ended = listener.stop()
        services.database.close()
        if not ended:
            # A thread within a library must not meet an interpreter that ends.
            logging.shutdown()
            os._exit(0)

    app.cli.add_command(_prepare)
    app.cli.add_command(_make_admin)
    app.cli.add_command(_import_original)
    register_data_commands(app)


@click.command("prepare")
@with_appcontext
def _prepare() -> None:
    """Do what a start does before it serves.

    It brings the database up to date and sweeps. For servers that take the factory, such as
    gunicorn.
    """
    with explained():
        get_services().upkeep.prepare()
    click.echo("Ready to serve.")


@click.command("make-admin")
@click.argument("name")
@with_appcontext
def _make_admin(name: str) -> None:
    """Make the person with this user name an administrator."""
    services = get_services()
    with explained():
        services.upkeep.prepare(serve=False)
        if not services.accounts.make_admin(name):
            raise click.ClickException(f"nobody is called {name!r}")
    click.echo(f"{name} is an administrator now.")


@click.command("import-original")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def _import_original(folder: Path) -> None:
    """Take over the original program's FOLDER.

    It holds images.db, the people and pictures, and saved_images/. Nothing in it is
    changed, and the command may be run again.
    """
    services = get_services()
    with explained():
        services.upkeep.prepare(serve=False)
        for line in Importer(services.database, services.images).run(folder):
            click.echo(line)
