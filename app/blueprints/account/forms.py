from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired

from app.web.language import lazy_gettext as _

__all__ = ["DeleteForm", "LogInForm", "PasswordForm", "SignUpForm"]

_NAME = [DataRequired(_("Type a user name."))]
# A password of the original program may be nothing but spaces.
_PASSWORD = [InputRequired(_("Type a password."))]
_PRESENT = [InputRequired(_("Type your present password."))]
_AGAIN = _("The two passwords are not the same.")

# The description of a password's field names the button that shows what is typed.


class LogInForm(FlaskForm):  # type: ignore[misc]
    username = StringField(_("User name"), _NAME)
    password = PasswordField(_("Password"), _PASSWORD, description=_("Show password"))
    next = HiddenField()


class SignUpForm(LogInForm):
    again = PasswordField(
        _("The password again"),
        [EqualTo("password", _AGAIN)],
        description=_("Show the password again"),
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField(_("Present password"), _PRESENT, description=_("Show present password"))
    new = PasswordField(_("New password"), _PASSWORD, description=_("Show new password"))
    again = PasswordField(
        _("The new password again"),
        [EqualTo("new", _AGAIN)],
        description=_("Show the new password again"),
    )


class DeleteForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _("Your password, to be sure"), _PRESENT, description=_("Show your password, to be sure")
    )
