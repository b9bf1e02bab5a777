"""Commands for API tokens."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli.data import explained
from app.web.services import get_services
from app.wording import counted

__all__ = ["make_token", "revoke_tokens"]


@click.command("token")
@click.argument("name")
@click.option("--for", "purpose", default="command line", show_default=True, help="Its own name.")
@click.option(
    "--days",
    type=click.IntRange(0, 3650),
    default=0,
    show_default=True,
    help="How long it is valid; 0 is without end.",
)
@with_appcontext
def make_token(name: str, purpose: str, days: int) -> None:
    """Make an API token for a person, and print it.

    NAME is their user name. Only the token is printed; it is not kept, so that nobody can show it
    again.
    """
    services = get_services()
    with explained():
        services.upkeep.prepare(serve=False)
        made = services.tokens.make_for(name, purpose, days=days)
    if made is None:
        raise click.ClickException(f"nobody is called {name!r}")
    click.echo(made.text)


@click.command("revoke-tokens")
@click.argument("name", required=False)
@with_appcontext
def revoke_tokens(name: str | None) -> None:
    """Revoke a person's API tokens.

    All tokens of the person with this user name are revoked, or, without a name, everybody's.
    """
    services = get_services()
    with explained():
        services.upkeep.prepare(serve=False)
        count = services.tokens.revoke_all(name)
    if count is None:
        raise click.ClickException(f"nobody is called {name!r}")
    click.echo(f"{counted(count, 'token')} revoked.")
