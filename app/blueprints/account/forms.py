from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired

from app.services.accounts.tokens import EXPIRY_DAYS
from app.web.language import gettext
from app.web.language import lazy_gettext as _

__all__ = ["DeleteForm", "LogInForm", "PasswordForm", "SignUpForm", "TokenForm"]

_NAME = [DataRequired(_("Type a user name."))]
# A password of the original program may be nothing but spaces.
_PASSWORD = [InputRequired(_("Type a password."))]
_PRESENT = [InputRequired(_("Type your current password."))]
_AGAIN = _("The two passwords are different.")

# The description of a password's field names the button that shows what is typed.


class LogInForm(FlaskForm):  # type: ignore[misc]
    username = StringField(_("User name"), _NAME)
    password = PasswordField(_("Password"), _PASSWORD, description=_("Show password"))
    next = HiddenField()


class SignUpForm(LogInForm):
    again = PasswordField(
        _("Repeat the password"),
        [EqualTo("password", _AGAIN)],
        description=_("Show the repeated password"),
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField(_("Current password"), _PRESENT, description=_("Show current password"))
    new = PasswordField(_("New password"), _PASSWORD, description=_("Show new password"))
    again = PasswordField(
        _("Repeat the new password"),
        [EqualTo("new", _AGAIN)],
        description=_("Show the repeated new password"),
    )


class DeleteForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _("Your password, to confirm"), _PRESENT, description=_("Show your password, to confirm")
    )


class TokenForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_("Name"), [DataRequired(_("Say what the token is for."))])
    days = SelectField(_("Valid for"), coerce=int, default=EXPIRY_DAYS[0])
    password = PasswordField(
        _("Your password, to make a token"),
        _PRESENT,
        description=_("Show your password, to make a token"),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.days.choices = [(days, _say_days(days)) for days in EXPIRY_DAYS]


def _say_days(days: int) -> str:
    return gettext("%(days)s days", days=days) if days else gettext("No end")
