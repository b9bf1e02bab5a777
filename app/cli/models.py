"""Commands for models: flask --app wsgi model add | list | put-in-service | remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.data import explained
from app.services import Services
from app.services.models import describe
from app.web.services import get_services
from cnn.errors import ModelFileError

__all__ = ["model_commands"]

model_commands = AppGroup("model", help="Add models, put them in service, list and remove them.")


@model_commands.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The name that it is asked for by; by default its own.")
def _add(file: Path, name: str | None) -> None:
    """Add the model FILE as the next version of its name.

    python -m cnn train wrote it, or train-generator --folder.

    The first version of a name is put in service at once.
    """
    with _prepared() as services:
        added = services.publisher.add(file, name=name)
        version = added.version
        if not added.is_new:
            click.echo(f"{file} is there already, as {version.version}.")
            return
        click.echo(f"Added {version.version}: {', '.join(version.classes)}.")
        if added.in_service == version.version:
            click.echo(f"It is in service as {version.name}: /models/{version.name}")
        else:
            click.echo(
                f"{added.in_service} stays in service. To change that: "
                f"flask --app wsgi model put-in-service {version.version}"
            )


@model_commands.command("list")
def _list() -> None:
    """List the models, a line each; a star marks those in service."""
    with _prepared() as services:
        serving = {services.models.find(name).version for name in services.models.names}
        for shelved in services.models.always_there.values():
            model = shelved.model
            _print(model.name, serving, model.classes, describe(model)["accuracy"], "ships")
        for one in services.registry.versions():
            added = f"added {one.added_at:%Y-%m-%d}, {one.size:,} bytes"
            _print(one.version, serving, one.classes, one.accuracy, added)


@model_commands.command("put-in-service")
@click.argument("version")
@click.option("--reason", default="", help="Why, for the history.")
def _put_in_service(version: str, reason: str) -> None:
    """Put VERSION in service under its name, in every process, without a restart."""
    with _prepared() as services:
        name = services.publisher.publish(version, reason=reason)
        click.echo(f"{version} is in service as {name}.")


@model_commands.command("remove")
@click.argument("version")
def _remove(version: str) -> None:
    """Remove VERSION. It must not be in service, unless it is the only one of its name."""
    with _prepared() as services:
        services.publisher.remove(version)
        click.echo(f"{version} is removed.")


@contextmanager
def _prepared() -> Iterator[Services]:
    """Give the services of a site that is up to date, and end with a sentence what fails."""
    services = get_services()
    with explained():
        services.upkeep.prepare(serve=False)
        try:
            yield services
        except ModelFileError as error:
            raise click.ClickException(f"{error}.") from error


def _print(
    version: str,
    serving: set[str],
    classes: tuple[str, ...],
    accuracy: float | None,
    origin: str,
) -> None:
    mark = "*" if version in serving else " "
    right = "" if accuracy is None else f", {accuracy:.2%} right"
    click.echo(f"{mark} {version}: {', '.join(classes)}{right}; {origin}")
