from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.languages import mark
from app.sentences import describe_refusal, say_error
from app.services.pictures.images import Kept
from app.services.recogniser import Recognised
from app.web.encoding import describe_digit
from app.web.extensions import csrf, limit_reading
from app.web.intake import TOO_LARGE, take_file
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.services import get_services
from app.web.sessions import current_person
from cnn.errors import PictureError
from cnn.vision.decode import MAX_BYTES

blueprint = Blueprint("draw", __name__)

_NONE_CHOSEN = mark("No picture was chosen, or the file is empty. Choose a picture and send it.")


@blueprint.get("/")
def page() -> str:
    return render_template("draw/page.html")


# A visitor, who has no session, needs no token; whoever wants the picture kept does.
@blueprint.post("/")
@csrf.exempt  # type: ignore[untyped-decorator]
@runs_in(Lane.READING, methods=("POST",))
@limit_reading
def read_picture() -> str | tuple[str, int]:
    """Read a picture that the form for browsers without scripts sends."""
    try:
        wanted = "keep" in request.form
        picture = take_file(request)
        if not picture:
            return _refuse(gettext(_NONE_CHOSEN), 400)
        person = current_person() if wanted else None
        if person is not None:
            csrf.protect()
        result = get_services().recogniser.read(picture)
    except RequestEntityTooLarge:  # the picture, or the request as a whole
        return _refuse(gettext(TOO_LARGE, most=MAX_BYTES), 413)
    except PictureError as error:
        status = 413 if error.code == "too_large" else 415
        return _refuse(say_error(error, current_language()), status)
    kept = None
    if person is not None:
        kept = get_services().keeping.keep(person.id, picture, result, source="upload")
    return _show(result, kept=kept, wanted=wanted)


def _refuse(problem: str, status: int) -> tuple[str, int]:
    return render_template("draw/answer.html", problem=problem), status


def _show(result: Recognised, *, kept: Kept | None, wanted: bool) -> str:
    reading, language = result.reading, current_language()
    return render_template(
        "draw/answer.html",
        text=reading.text,
        digits=[describe_digit(digit, with_picture=True) for digit in reading.digits],
        refusal=describe_refusal(reading.refusal, language),
        left_out=describe_refusal(reading.left_out, language),
        kept=kept,
        wanted=wanted,
    )
