"""Commands: flask --app wsgi COMMAND."""

from app.cli.commands import LOG_FORMAT, register_commands

__all__ = ["LOG_FORMAT", "register_commands"]
