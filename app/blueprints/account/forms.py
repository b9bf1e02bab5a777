from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired

from app.languages import mark
from app.web.language import lazy_gettext as _

__all__ = ["PASSWORDS_DIFFER", "DeleteForm", "LogInForm", "PasswordForm", "SignUpForm"]

_NAME = [DataRequired(_("Type a user name."))]
# A password of the original program may be nothing but spaces.
_PASSWORD = [InputRequired(_("Type a password."))]
_PRESENT = [InputRequired(_("Type your current password."))]
PASSWORDS_DIFFER = mark("The two passwords are different.")
_AGAIN = _(PASSWORDS_DIFFER)

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
