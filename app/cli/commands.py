"""Commands that serve, prepare, and look after people."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import click
from flask import Flask
from flask.cli import with_appcontext

from app.cli.data import explained, register_data_commands
from app.cli.models import model_commands
from app.cli.tls import register_tls_command
from app.cli.tokens import make_token, revoke_tokens
from app.config import Settings
from app.jobs.handlers import make_handlers
from app.jobs.queue import Queue
from app.jobs.worker import Worker
from app.memory import set_up_memory
from app.native.listener import make_listener
from app.services import Services
from app.services.maintenance.original import Importer
from app.web.services import get_services, services_of
from cnn.engine.threads import shared_cores

__all__ = ["LOG_FORMAT", "register_commands"]

_NICENESS = 10  # of the worker, beside what answers

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

    @app.cli.command("worker")
    @click.option("--child", is_flag=True, hidden=True, help="End when standard input does.")
    @click.option("--name", type=click.UUID, hidden=True, help="What it is called in rows.")
    @click.option("--after", type=click.UUID, hidden=True, help="The worker that died before it.")
    def worker(child: bool, name: UUID | None, after: UUID | None) -> None:
        """Do long work, and nothing else, until Ctrl-C.

        `python wsgi.py` starts a worker by itself; with several web processes, this is it.
        """
        set_up_memory()
        logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
        services = services_of(app)
        if not child:
            with explained():
                services.upkeep.prepare()
        with suppress(AttributeError, OSError):  # answers come first; Windows has no such way
            os.nice(_NICENESS)
        work = Worker(
            services.jobs,
            Queue(settings),
            make_handlers(services),
            clean_up=lambda: _clean_up(services),
            name=name,
            after=after,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: work.halt())
        if child:
            threading.Thread(target=_halt_with_parent, args=(work,), daemon=True).start()
        click.echo("DigitNet's worker is ready (Ctrl-C ends it)")
        with shared_cores():
            ended = work.run()
        services.database.close()
        if child or not ended:
            # Threads that wait in a library, or for standard input, must not meet the end.
            logging.shutdown()
            os._exit(0)

    app.cli.add_command(_prepare)
    app.cli.add_command(_make_admin)
    app.cli.add_command(_import_original)
    app.cli.add_command(model_commands)
    app.cli.add_command(make_token)
    app.cli.add_command(revoke_tokens)
    register_data_commands(app)
    register_tls_command(app)


def _clean_up(services: Services) -> None:
    """Delete what uploads and runs left behind, and worksheets that are too old."""
    services.collection.sweep()
    services.run_trainer.sweep()
    services.worksheets.sweep()


def _halt_with_parent(work: Worker) -> None:
    """Halt when the parent has closed the standard input, or was killed."""
    while sys.stdin.buffer.read(4096):
        pass
    work.halt()


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
