from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired

__all__ = ["DeleteForm", "LogInForm", "PasswordForm", "SignUpForm"]

_NAME = [DataRequired("Type a user name.")]
# A password of the original program may be nothing but spaces.
_PASSWORD = [InputRequired("Type a password.")]
_PRESENT = [InputRequired("Type your present password.")]
_AGAIN = "The two passwords are not the same."


class LogInForm(FlaskForm):  # type: ignore[misc]
    username = StringField("User name", _NAME)
    password = PasswordField("Password", _PASSWORD)
    next = HiddenField()


class SignUpForm(LogInForm):
    again = PasswordField("The password again", [EqualTo("password", _AGAIN)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField("Present password", _PRESENT)
    new = PasswordField("New password", _PASSWORD)
    again = PasswordField("The new password again", [EqualTo("new", _AGAIN)])


class DeleteForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("Your password, to be sure", _PRESENT)
