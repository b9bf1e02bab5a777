from __future__ import annotations

import base64
import secrets

from flask import Blueprint, Response, abort, render_template, request

from app.blueprints.generate.choices import COUNTS, MOST_UNUSUAL, SEEDS, Choices, own_text
from app.blueprints.generate.files import send_file, take_kind
from app.blueprints.generate.openapi import MAKE
from app.blueprints.generate.orders import read_order
from app.blueprints.generate.pictures import send_pictures, show_pictures
from app.blueprints.generate.training import EPOCHS_FILE, curves_of, layers_of, read_epochs
from app.sentences import describe_refusal, say_error
from app.services.generating import MakingError, NoDigit
from app.services.handwriting import LEAST, LONGEST
from app.web.extensions import limit_reading
from app.web.intake import take_json
from app.web.lanes import Lane, runs_in
from app.web.language import current_language
from app.web.openapi import describes
from app.web.problems import for_programs
from app.web.services import get_services
from app.web.sessions import logged_in_person, shown_person
from cnn.data.made import KINDS

blueprint = Blueprint("generate", __name__)


@blueprint.get("/generate")
@runs_in(Lane.READING)
@limit_reading
def page() -> str:
    """Show a sheet of new digits at once, or of other pictures that a generator makes."""
    name = request.args.get("model")
    if name is not None:
        return show_pictures(name)
    chosen, maker = Choices.read(request.args, seed=secrets.randbelow(SEEDS)), get_services().maker
    made, generator, person = maker.make(chosen.shown), maker.generator, shown_person()
    sheet = base64.b64encode(made.encode("png")).decode()
    return render_template(
        "generate/page.html",
        chosen=chosen,
        sheet=f"data:image/png;base64,{sheet}",
        shown=len(made.labels),
        rows=-(-len(made.labels) // 10),
        counts=COUNTS,
        most_unusual=MOST_UNUSUAL,
        next_seed=secrets.randbelow(SEEDS),
        least=LEAST,
        longest=LONGEST,
        own_text=own_text(request.args),
        hand=person and get_services().handwriting.sheet(person.id),
        code=generator.code,
        layers=layers_of(generator),
        curves=curves_of(generator),
        epochs=read_epochs(),
        others=sorted(get_services().models.generators()),
        epochs_file=EPOCHS_FILE,
    )


@blueprint.post("/generate")
@describes(MAKE)
@for_programs
@runs_in(Lane.READING)
@limit_reading
def make() -> Response:
    """Make digits, or other pictures, and send them as a file."""
    name = request.args.get("model")
    return _send_digits() if name is None else send_pictures(name)


def _send_digits() -> Response:
    kind, services = take_kind(KINDS), get_services()
    try:
        order = read_order(take_json(request))
        if order.is_own_hand:
            made = services.handwriting.write(logged_in_person().id, order)
        else:
            made = services.maker.make(order)
    except NoDigit as error:
        refusal = describe_refusal(error.refusal, current_language())
        abort(400, refusal and refusal["message"])
    except MakingError as error:
        abort(400, say_error(error, current_language()))
    is_line = order.is_own_hand and kind == "png"
    return send_file(made.encode_line() if is_line else made.encode(kind), kind, "made-digits")
