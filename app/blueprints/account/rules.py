"""What a browser checks before it sends a form: limits, and the sentences for what breaks them."""

from __future__ import annotations

from app.blueprints.account.forms import PASSWORDS_DIFFER
from app.errors import CodedError, ErrorCode
from app.sentences import say_error
from app.services.accounts.names import NAME_LENGTHS
from app.services.accounts.passwords import PASSWORD_LENGTHS
from app.web.language import current_language, gettext

__all__ = ["name_rules", "password_rules", "repeated_rules"]

#: By the name of the `data-rule-…` attribute that carries it.
Rules = dict[str, str | int]


def name_rules() -> Rules:
    """Return the rules for a new user name."""
    least, most = NAME_LENGTHS
    return {
        "missing": gettext("Type a user name."),
        "least": least,
        "most": most,
        "length": _say("name_length", most=most),
        "spaces": _say("name_spaces"),
        "unprintable": _say("name_unprintable"),
    }


def password_rules() -> Rules:
    """Return the rules for a new password."""
    least, most = PASSWORD_LENGTHS
    return {
        "missing": gettext("Type a password."),
        "least": least,
        "most": most,
        "length": _say("password_length", least=least, most=most),
        "spaces": _say("password_spaces"),
    }


def repeated_rules(field: str) -> Rules:
    """Return the rules for what repeats another field, given by its id."""
    return {"same-as": field, "different": gettext(PASSWORDS_DIFFER)}


def _say(code: ErrorCode, **values: int) -> str:
    return say_error(CodedError(code, **values), current_language())
