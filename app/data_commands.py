"""Commands for what is stored: check, backup, restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import with_appcontext

from app.database import inspecting
from app.errors import DigitNetError, StartError
from app.revisions import head_revision, revision_of
from app.services import get_services
from app.services.check import Check, Kind, Report
from app.services.repair import Repair

__all__ = ["explained", "register_data_commands"]


def register_data_commands(app: Flask) -> None:
    """Add the commands to an application."""
    app.cli.add_command(_check)


@contextmanager
def explained() -> Iterator[None]:
    """End a command with one sentence where it cannot do its work."""
    try:
        yield
    except DigitNetError as error:
        raise click.ClickException(str(error)) from error


@click.command("check")
@click.option("--repair", is_flag=True, help="Mend what can be mended, naming each step.")
@click.option("--many", is_flag=True, help="With --repair: also where much would go.")
@click.option(
    "--adopt",
    is_flag=True,
    help="With --repair: join a database and a folder of pictures of different sites.",
)
@with_appcontext
def _check(repair: bool, many: bool, adopt: bool) -> None:
    """Compare the database with the pictures.

    Changes nothing without --repair; ends with 1 if something is wrong.
    """
    if (many or adopt) and not repair:
        raise click.UsageError("--many and --adopt go with --repair")
    services = get_services()
    with explained():
        report = Check(services.images.files, services.identity).run()
        _tell(report)
        if repair and report.findings:
            _mend(report, many=many, adopt=adopt)
            click.echo("Checking again:")
            report = Check(services.images.files, services.identity).run()
            _tell(report)
    if report.findings:
        raise SystemExit(1)


def _tell(report: Report) -> None:
    for line in (*report.notes, *(finding.words for finding in report.findings)):
        click.echo(line)
    click.echo(f"{report.pictures:,} pictures in the database, {report.files:,} files.")
    for kind in Kind:
        if found := report.of(kind):
            click.echo(f"{len(found):,} {kind.value}")
    if not report.findings:
        click.echo("Nothing is wrong.")


def _mend(report: Report, *, many: bool, adopt: bool) -> None:
    services = get_services()
    with inspecting() as session:
        if revision_of(session) != head_revision():
            raise StartError("the database is not up to date: start the program once, then repair")
    if report.of(Kind.IDENTITY):
        if not adopt:
            click.echo("Nothing is mended before database and pictures belong together (--adopt).")
            return
        services.identity.settle(adopt=True)
        click.echo("The database and the folder of pictures belong together from now on.")
    for line in Repair(services.images).run(report, many=many):
        click.echo(line)
