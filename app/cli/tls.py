"""The command that makes a certificate, so that phones can use their cameras."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.addresses import is_host, machine_names
from app.cli.data import explained
from app.config import ROOT
from app.services.certificates import (
    Certificate,
    CertificateFiles,
    make_certificate,
    read_certificate,
)

__all__ = ["register_tls_command"]

_START = """\
Start the site with it, for everybody in the local network:

  DIGITNET_HOST=0.0.0.0 DIGITNET_TLS_CERT={certificate} DIGITNET_TLS_KEY={key} python wsgi.py

The start says which addresses to open.

Browsers warn of it until they trust who signed it, which is the file
  {authority}
Copy that file, and no other, to each phone or computer, by mail or cable:
  iPhone, iPad  open it, then Settings > Profile Downloaded > Install; then General > About >
                Certificate Trust Settings: switch it on
  Android       Settings > Security > More > Install a certificate > CA certificate: choose it
  Windows       double-click > Install Certificate > Local Machine > Trusted Root
  macOS         double-click, then in Keychain Access: Trust > Always Trust
  Firefox       Settings > Privacy & Security > View Certificates > Authorities > Import
It vouches for this one certificate alone: the key that signed it was not kept.
For a quick try, most browsers also go on after their warning (Advanced > Continue)."""


def register_tls_command(app: Flask) -> None:
    """Add the command to an application."""
    app.cli.add_command(_tls)


@click.command("tls")
@click.option(
    "--name",
    "names",
    multiple=True,
    help="A further name or address of this machine, such as desk.local.",
)
@click.option("--again", is_flag=True, help="Make another one, which has to be trusted anew.")
@with_appcontext
def _tls(names: tuple[str, ...], again: bool) -> None:
    """Make a certificate for HTTPS, and say how to use and trust it.

    It is for this machine's names and addresses, and lies in the instance folder.
    """
    files = CertificateFiles.below(Path(current_app.instance_path))
    wanted = list(dict.fromkeys((*machine_names(), *map(_check_host, names))))
    with explained():
        if files.are_there and not again:
            _tell_of(read_certificate(files.certificate), wanted)
        else:
            made = make_certificate(files, wanted)
            click.echo(f"Made a certificate for {_say(made)}.\n")
    places = (files.certificate, files.key, files.authority)
    certificate, key, authority = (_short(place) for place in places)
    click.echo(_START.format(certificate=certificate, key=key, authority=authority))


def _check_host(name: str) -> str:
    """Return a name in small letters; raises BadParameter for what no host is called."""
    host = name.strip().lower().removesuffix(".")
    if not is_host(host):
        raise click.BadParameter(
            f"{name!r} is no name of a host, such as desk.local (letters, digits, hyphens and "
            "dots), and no address, such as 192.168.1.5. Give it without https:// and port.",
            param_hint="--name",
        )
    return host


def _tell_of(there: Certificate, wanted: Sequence[str]) -> None:
    """Say that there is a certificate, and what speaks for another one."""
    click.echo(f"There is a certificate already, for {_say(there)}.")
    missing = [name for name in wanted if name not in there.names]
    if missing:
        click.echo(f"It is not for {', '.join(missing)}.")
    if there.end < datetime.now(UTC):
        click.echo("Browsers do not accept it any more.")
    click.echo("--again makes another one, which has to be trusted anew.\n")


def _say(certificate: Certificate) -> str:
    return f"{', '.join(certificate.names)}, valid until {certificate.end:%Y-%m-%d}"


def _short(path: Path) -> Path:
    """Return a path as it is typed in the program's folder."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
