from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, abort, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.languages import mark
from app.sentences import UNKNOWN_LABEL, describe_refusal, say_error, say_left_out
from app.services.accounts import Person
from app.services.pictures.images import Kept
from app.services.pictures.keeping import Keeping
from app.services.pictures.labels import LABELS, LabelLimit
from app.services.recogniser import Recognised
from app.web.encoding import describe_digit
from app.web.extensions import csrf, limit_reading
from app.web.intake import TOO_LARGE, take_file, take_file_again
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.services import get_services
from app.web.sessions import current_habits, current_person, shown_person
from cnn.errors import PictureError
from cnn.vision.decode import MAX_BYTES

blueprint = Blueprint("draw", __name__)

_NONE_CHOSEN = mark("No picture was chosen, or the file is empty. Choose a picture and send it.")


@blueprint.get("/")
def page() -> str:
    most = get_services().images.limits.images
    return render_template("draw/page.html", most_unlabelled=most)


# A visitor, who has no session, needs no token; whoever wants the picture kept does.
@blueprint.post("/")
@csrf.exempt  # type: ignore[untyped-decorator]
@runs_in(Lane.READING, methods=("POST",))
@limit_reading
def read_picture() -> str | tuple[str, int]:
    """Read a picture that a form for browsers without scripts sends, and keep it if it says so."""
    try:
        picture = take_file_again(request) or take_file(request)
        if not picture:
            return _refuse(gettext(_NONE_CHOSEN), 400)
        label = _label()
        wanted = label is not None or "keep" in request.form
        person = current_person() if wanted else None
        if person is not None:
            csrf.protect()
        result = get_services().recogniser.read(picture, habits=current_habits())
    except RequestEntityTooLarge:  # the picture, or the request as a whole
        return _refuse(gettext(TOO_LARGE, most=MAX_BYTES), 413)
    except PictureError as error:
        status = 413 if error.code == "too_large" else 415
        return _refuse(say_error(error, current_language()), status)
    kept = None if person is None else _keep(person, picture, result, label)
    return _show(result, picture, kept=kept, wanted=wanted)


def _label() -> str | None:
    """Return what the person says that the picture shows."""
    label = request.form.get("label")
    if label is not None and label not in LABELS:
        abort(400, gettext(UNKNOWN_LABEL))
    return label


def _keep(person: Person, picture: bytes, result: Recognised, label: str | None) -> Kept | None:
    try:
        kept = get_services().keeping.keep(
            person.id, picture, result, source="upload", label=label, as_admin=person.is_admin
        )
    except LabelLimit as error:
        abort(409, say_error(error, current_language()))
    if kept is not None:  # it may be a drawing of theirs, sent again
        get_services().habits.learn(person.id, {kept.label_before, kept.label})
    return kept


def _refuse(problem: str, status: int) -> tuple[str, int]:
    return render_template("draw/answer.html", problem=problem), status


def _show(result: Recognised, picture: bytes, *, kept: Kept | None, wanted: bool) -> str:
    reading, language = result.reading, current_language()
    may_be_labelled = shown_person() is not None and Keeping.may_be_labelled(reading)
    # Nothing is stored before the person says so: the page itself carries the picture.
    again = b64encode(picture).decode() if may_be_labelled and kept is None else None
    return render_template(
        "draw/answer.html",
        text=reading.text,
        digits=[describe_digit(digit, with_picture=True) for digit in reading.digits],
        refusal=describe_refusal(reading.refusal, language),
        unfinished=describe_refusal(reading.unfinished, language),
        left_out=say_left_out(reading.left_out, language),
        only=reading.only,
        kept=kept,
        wanted=wanted,
        again=again,
        labels=LABELS,
    )
