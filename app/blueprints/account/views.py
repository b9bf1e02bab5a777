from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.blueprints.account.forms import DeleteForm, LogInForm, PasswordForm, SignUpForm, TokenForm
from app.blueprints.account.habits import describe_habits
from app.errors import AccountError, AccountField, CodedError
from app.languages import mark
from app.sentences import say_error
from app.services.accounts import KeepingRule, NameTaken, Person, Throttled
from app.services.accounts.habits import FORMS, UnknownForm
from app.services.accounts.tokens import NewToken, TokenError, check_token_name
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.services import get_services
from app.web.sessions import current_person, logged_in_person, start_session, stop_session

blueprint = Blueprint("account", __name__)

Answer = str | Response | tuple[str, int] | tuple[str | Response, int, dict[str, str]]

# Where each form shows what is wrong with what was given.
_SIGN_UP_FIELDS = {AccountField.NAME: "username", AccountField.PASSWORD: "password"}
_CHANGE_FIELDS = {AccountField.PRESENT_PASSWORD: "old", AccountField.PASSWORD: "new"}
_LOGGED_OUT = mark("You are logged out.")
_NOT_ENDED = mark(
    "You are logged out in this browser, but the server could not note it just now: if others "
    "use this computer, change your password later."
)
_NOT_ENDED_EVERYWHERE = mark(
    "You are logged out in this browser. Other browsers could not be logged out just "
    "now: change your password later if somebody else may use one."
)
_CHANGED = mark(
    "Your password has been changed. You are logged out on your other devices, and your API "
    "tokens are revoked."
)
_NO_SUCH_PAIR = mark("Wrong user name or password.")


@blueprint.after_request
def _forbid_keeping(response: Response) -> Response:
    """Forbid storing pages, so that Back shows nothing after a log-out."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _address() -> str:
    return request.remote_addr or ""


def _safe_next(given: str | None) -> str:
    """Return the path to go to after a log-in, which is always one of this site."""
    target = given or ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return url_for("draw.page")
    elsewhere = parts.scheme or parts.netloc or target.startswith("//") or "\\" in parts.path
    if elsewhere or not target.startswith("/") or any(ord(char) < 32 for char in target):
        return url_for("draw.page")
    return target


def _refuse(form: FlaskForm, field: str, error: CodedError | str) -> None:
    words = error if isinstance(error, str) else say_error(error, current_language())
    form[field].errors = [*form[field].errors, words]


def _add_faults(
    form: FlaskForm, fields: Mapping[AccountField, str], find: Callable[[], list[AccountError]]
) -> None:
    """Show what else is wrong with a form, at each field that says nothing yet."""
    try:
        faults = find()
    except Throttled:
        return  # a complete form is told how long to wait
    for fault in faults:
        field = fields[fault.field]
        if not form[field].errors:
            _refuse(form, field, fault)


def _is_from_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _refusal(form: FlaskForm, page: Callable[[], str], error: Throttled | None = None) -> Answer:
    """Answer with what is wrong with a form: the page with it, or for a script that alone.

    A script leaves in the fields what was typed. The page does not: it never holds a password.
    """
    status, headers = (400, {}) if error is None else (429, {"Retry-After": str(error.seconds)})
    if not _is_from_script():
        return page(), status, headers
    faults = {form[name].id: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    return jsonify(faults=faults), status, headers


def _go_on(target: str) -> Answer:
    """Answer that a form was taken, and where to go from there."""
    return jsonify(next=target) if _is_from_script() else redirect(target)


def _hold_back(page: str, error: Throttled) -> Answer:
    """Answer 429 with the form and how long to wait."""
    return page, 429, {"Retry-After": str(error.seconds)}


@blueprint.route("/signup", methods=["GET", "POST"])
@runs_in(Lane.PASSWORDS, methods=["POST"])
def signup() -> Answer:
    form = SignUpForm(next=request.args.get("next", ""))
    if current_person() is not None:
        return redirect(url_for("account.page"))
    accounts = get_services().accounts
    name, password, address = form.username.data or "", form.password.data or "", _address()
    page = partial(render_template, "account/signup.html", form=form)
    find = partial(accounts.find_faults, name, password, address=address)
    if not form.is_submitted():
        return page()
    if not form.validate():
        _add_faults(form, _SIGN_UP_FIELDS, find)
        return _refusal(form, page)
    try:
        person = accounts.sign_up(name, password, address=address)
    except Throttled as error:
        _refuse(form, "username", error)
        return _refusal(form, page, error)
    except AccountError as error:
        _refuse(form, _SIGN_UP_FIELDS[error.field], error)
        if not isinstance(error, NameTaken):
            _add_faults(form, _SIGN_UP_FIELDS, find)
        return _refusal(form, page)
    start_session(person)
    return _go_on(_safe_next(form.next.data))


@blueprint.route("/login", methods=["GET", "POST"])
@runs_in(Lane.PASSWORDS, methods=["POST"])
def login() -> Answer:
    form = LogInForm(next=request.args.get("next", ""))
    if current_person() is not None:
        return redirect(_safe_next(form.next.data))
    if not form.validate_on_submit():
        return render_template("account/login.html", form=form)
    name, password = form.username.data, form.password.data
    try:
        found = get_services().accounts.log_in(name, password, address=_address())
    except Throttled as error:
        _refuse(form, "password", error)
        return _hold_back(render_template("account/login.html", form=form), error)
    if found is None:
        _refuse(form, "password", gettext(_NO_SUCH_PAIR))
        return render_template("account/login.html", form=form), 400
    start_session(found.person)
    return redirect(_safe_next(form.next.data))


@blueprint.post("/logout")
def logout() -> Response:
    everywhere = request.form.get("everywhere") == "1"
    if stop_session(everywhere=everywhere):
        words = mark("You are logged out on all devices.") if everywhere else _LOGGED_OUT
    else:
        words = _NOT_ENDED_EVERYWHERE if everywhere else _NOT_ENDED
    flash(gettext(words))
    return redirect(url_for("draw.page"))


def _page(
    person: Person,
    *,
    password: PasswordForm | None = None,
    delete: DeleteForm | None = None,
    token: TokenForm | None = None,
    made: NewToken | None = None,
) -> str:
    """Show the account page, with the form that was sent, or the token that was made."""
    services = get_services()
    return render_template(
        "account/page.html",
        password_form=password or PasswordForm(formdata=None),
        delete_form=delete or DeleteForm(formdata=None),
        token_form=token or _token_form(formdata=None),
        tokens=services.tokens.list(person.id),
        made=made,
        most_unlabelled=services.images.limits.images,
        known_habits=(known := services.habits.find(person.id)),
        habits=describe_habits(known),
        farewell=services.endings.foresee(person.id),
    )


@blueprint.get("/account")
@login_required  # type: ignore[untyped-decorator]
def page() -> str:
    return _page(logged_in_person())


@blueprint.post("/account/keeping")
@login_required  # type: ignore[untyped-decorator]
def choose_keeping() -> Response:
    """Set what is kept for the person; a script gets it back, a form its page."""
    try:
        rule = KeepingRule(request.form.get("keeping", ""))
    except ValueError:
        abort(400, gettext("Choose one of the three answers to what shall be kept."))
    get_services().accounts.choose_keeping(logged_in_person().id, rule)
    if _is_from_script():
        return jsonify({"keeping": rule})
    flash(gettext("Your choice of what is kept is saved."))
    return redirect(_safe_next(request.form.get("next")))


@blueprint.post("/account/habits")
@login_required  # type: ignore[untyped-decorator]
def say_habits() -> Response:
    """Set what the person says of how they write, and whether the rest is learned.

    An empty answer says nothing.
    """
    answers = {digit: request.form.get(f"form-{digit}", "") for digit in FORMS}
    said = {digit: form for digit, form in answers.items() if form}
    try:
        learns = request.form.get("learn") != "no"
        get_services().habits.say(logged_in_person().id, said, learns=learns)
    except UnknownForm:
        abort(400, gettext("Choose one of the answers to how you write each digit."))
    flash(gettext("Your choice of how you write is saved."))
    return redirect(url_for("account.page", _anchor="habits"))


@blueprint.post("/account/password")
@runs_in(Lane.PASSWORDS)
@login_required  # type: ignore[untyped-decorator]
def change_password() -> Answer:
    form, person, accounts = PasswordForm(), logged_in_person(), get_services().accounts
    old, new, address = form.old.data or "", form.new.data or "", _address()
    page = partial(_page, person, password=form)
    find = partial(accounts.find_change_faults, person, old, new, address=address)
    if not form.validate():
        _add_faults(form, _CHANGE_FIELDS, find)
        return _refusal(form, page)
    try:
        fresh = accounts.change_password(person, old, new, address=address)
    except Throttled as error:
        _refuse(form, "old", error)
        return _refusal(form, page, error)
    except AccountError as error:
        _refuse(form, _CHANGE_FIELDS[error.field], error)
        if error.field is AccountField.PASSWORD:  # the present one is compared last
            _add_faults(form, _CHANGE_FIELDS, find)
        return _refusal(form, page)
    start_session(fresh)
    flash(gettext(_CHANGED))
    return _go_on(url_for("account.page"))


def _token_form(**options: Any) -> TokenForm:
    return TokenForm(prefix="token-", **options)  # the page has other fields of these names


@blueprint.post("/account/tokens")
@runs_in(Lane.PASSWORDS)
@login_required  # type: ignore[untyped-decorator]
def make_token() -> Answer:
    """Make an API token, which outlives the session and so asks for the password."""
    form, person, services = _token_form(), logged_in_person(), get_services()
    form.validate()
    try:
        if form.password.data:
            services.accounts.check(person, form.password.data, address=_address())
    except Throttled as error:
        _refuse(form, "password", error)
        return _hold_back(_page(person, token=form), error)
    except AccountError as error:
        _refuse(form, "password", error)
    try:
        if form.name.data:
            check_token_name(form.name.data)
            # A page that is loaded again sends its form again: that makes no second token.
            own = services.tokens.list(person.id)
            if any(one.name == form.name.data.strip() for one in own):
                words = mark("You have a token of this name: revoke it, or choose another name.")
                _refuse(form, "name", gettext(words))
        if not form.errors:
            made = services.tokens.make(person.id, form.name.data, days=form.days.data)
            return _page(person, made=made)
    except TokenError as error:
        _refuse(form, "name", error)
    return _page(person, token=form), 400


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@login_required  # type: ignore[untyped-decorator]
def revoke_token(token_id: UUID) -> Response:
    get_services().tokens.revoke(logged_in_person().id, token_id)
    flash(gettext("The token is revoked: no program can use it any more."))
    return redirect(url_for("account.page", _anchor="tokens"))


@blueprint.post("/account/delete")
@runs_in(Lane.PASSWORDS)
@login_required  # type: ignore[untyped-decorator]
def delete() -> Answer:
    form, person = DeleteForm(), logged_in_person()
    if form.validate_on_submit():
        services = get_services()
        try:
            services.accounts.check(person, form.password.data, address=_address())
        except Throttled as error:
            _refuse(form, "password", error)
            return _hold_back(_page(person, delete=form), error)
        except AccountError as error:
            _refuse(form, "password", error)
        else:
            services.endings.end(person.id)
            stop_session(everywhere=True)
            flash(gettext("Your account has been deleted."))
            return redirect(url_for("draw.page"))
    return _page(person, delete=form), 400
