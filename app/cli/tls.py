"""The command that makes a certificate, so that phones can use their cameras."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app

from app.addresses import machine_names
from app.cli.data import explained
from app.config import ROOT
from app.services.certificates import CertificateFiles, make_certificate

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
@click.option("--name", "names", multiple=True, help="A further name or address of this machine.")
@click.option("--again", is_flag=True, help="Make another one, which has to be trusted anew.")
def _tls(names: tuple[str, ...], again: bool) -> None:
    """Make a certificate for HTTPS, and say how to use and trust it.

    It is for this machine's names and addresses, and lies in the instance folder.
    """
    files = CertificateFiles.below(Path(current_app.instance_path))
    if files.are_there and not again:
        click.echo("There is a certificate already; --again makes another one.\n")
    else:
        everything = list(dict.fromkeys((*machine_names(), *names)))
        for name in names:
            if not name.isascii() or not name or " " in name:
                raise click.BadParameter(f"{name!r} is neither a name nor an address of a host")
        with explained():
            end = make_certificate(files, everything)
        click.echo(f"Made a certificate for {', '.join(everything)}, valid until {end:%Y-%m-%d}.\n")
    places = (files.certificate, files.key, files.authority)
    certificate, key, authority = (_short(place) for place in places)
    click.echo(_START.format(certificate=certificate, key=key, authority=authority))


def _short(path: Path) -> Path:
    """Return a path as it is typed in the program's folder."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
