"""Commands for what is stored: check, backup, restore."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.errors import DigitNetError, StartError
from app.sentences import explain_in_english
from app.services.maintenance.archive import Manifest
from app.services.maintenance.backup import Backup
from app.services.maintenance.check import Check, Kind, Report
from app.services.maintenance.repair import Repair
from app.services.maintenance.restore import Restore
from app.services.maintenance.upkeep import prepare_folder
from app.storage.database import Base
from app.storage.models import ApiToken, Labelling, Picture, User
from app.storage.schema import head_revision, revision_of
from app.web.services import get_services
from app.wording import counted

__all__ = ["explained", "register_data_commands"]


def register_data_commands(app: Flask) -> None:
    """Add the commands to an application."""
    for command in (_check, _backup, _restore):
        app.cli.add_command(command)


@contextmanager
def explained() -> Iterator[None]:
    """End a command with one sentence where it cannot do its work."""
    try:
        yield
    except DigitNetError as error:
        raise click.ClickException(explain_in_english(error)) from error


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

    Changes nothing without --repair; ends with 1 if something is wrong. A repair takes lost
    files from the trash where they are there, and removes other pictures without a file that
    nobody labelled: what a backup still has, put back before.
    """
    if (many or adopt) and not repair:
        raise click.UsageError("--many and --adopt go with --repair")
    services = get_services()
    with explained():
        check = Check(services.database, services.images.files, services.identity)
        report = check.run()
        _print_report(report)
        if repair and report.findings:
            _repair(report, many=many, adopt=adopt)
            click.echo("Checking again:")
            report = check.run()
            _print_report(report)
    if report.findings:
        raise SystemExit(1)


def _print_report(report: Report) -> None:
    for line in (*report.notes, *(finding.words for finding in report.findings)):
        click.echo(line)
    click.echo(
        f"{counted(report.pictures, 'picture')} in the database, {counted(report.files, 'file')}."
    )
    for kind in Kind:
        if found := report.of(kind):
            click.echo(counted(len(found), *kind.value))
    if report.advice is not None:
        click.echo(report.advice)
    if not report.findings:
        click.echo("Nothing is wrong.")


def _repair(report: Report, *, many: bool, adopt: bool) -> None:
    services = get_services()
    with services.database.inspecting() as session:
        if revision_of(session) != head_revision():
            raise StartError("the database is not up to date: start the program once, then repair")
    if report.of(Kind.IDENTITY):
        if not adopt:
            click.echo("Nothing is mended before database and pictures belong together (--adopt).")
            return
        services.identity.settle(adopt=True)
        click.echo("The database and the folder of pictures belong together from now on.")
    for line in Repair(services.database, services.images).run(report, many=many):
        click.echo(line)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@with_appcontext
def _backup(file: Path, overwrite: bool) -> None:
    """Write database and pictures into FILE.

    The site may be running. FILE is a ZIP. It holds people's names, the hashes of their
    passwords and API tokens, and all pictures: keep it where nobody else reads it. The secret
    key is not in it.
    """
    services = get_services()
    with explained():
        backup = Backup(services.database, services.images.files, current_app.config["VERSION"])
        written = backup.write(file.absolute(), overwrite=overwrite, progress=_Meter("written"))
    click.echo(f"{file}: {_counts(written.manifest)}; {written.size:,} bytes.")
    for picture_id in written.manifest.without_file:
        click.echo(f"picture {picture_id}: only its row, as its file is missing or damaged")
    for words in (*written.emptied, *written.left_out):
        click.echo(words)
    if written.left_out:
        click.echo(
            f"{len(written.left_out):,} rows that cannot be right were left out; "
            "see flask --app wsgi check"
        )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def _restore(file: Path) -> None:
    """Bring the backup FILE back.

    The installation is empty, or holds pictures of the backup and nothing else. The backup
    may come from SQLite and go to PostgreSQL, or the other way round. End the program before.
    A new secret key is made, so everybody logs in again.
    """
    services = get_services()
    with explained():
        prepare_folder(Path(current_app.instance_path))
        restore = Restore(services.database, services.images.files, services.identity)
        manifest = restore.run(file, progress=_Meter("unpacked"))
    click.echo(f"Restored from {file}: {_counts(manifest)}.")
    tokens = manifest.tables.get(ApiToken.__tablename__)
    if tokens is not None and tokens.rows:
        click.echo(
            f"{counted(tokens.rows, 'API token')} as of the backup: one that was revoked since "
            "works again. flask --app wsgi revoke-tokens revokes them all."
        )


def _counts(manifest: Manifest) -> str:
    def rows(table: type[Base]) -> int:
        # An older backup may lack a table.
        given = manifest.tables.get(table.__tablename__)
        return 0 if given is None else given.rows

    without = len(manifest.without_file)
    lost = f" ({without:,} without a file)" if without else ""
    pictures, labels = counted(rows(Picture), "picture"), counted(rows(Labelling), "label")
    return f"{pictures}{lost}, {counted(rows(User), 'person', 'people')}, {labels}"


class _Meter:
    """Prints progress every two seconds."""

    def __init__(self, done: str) -> None:
        self._done = done
        self._next = time.monotonic() + 2

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next or done == total:
            self._next = time.monotonic() + 2
            click.echo(f"{done:,} of {counted(total, 'picture')} {self._done}")
