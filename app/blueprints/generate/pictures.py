"""The page of a generator of other pictures than digits, and its files."""

from __future__ import annotations

import base64
import secrets

from flask import Response, abort, render_template, request

from app.blueprints.generate.choices import COUNTS, MOST_UNUSUAL, SEEDS, Choices
from app.blueprints.generate.files import send_file, take_kind
from app.blueprints.generate.orders import read_picture_order
from app.sentences import say_error
from app.services.generating import MakingError
from app.services.picture_making import FILE_KINDS, PictureOrder
from app.web.intake import take_json
from app.web.language import current_language
from app.web.services import get_services

__all__ = ["send_pictures", "show_pictures"]


def show_pictures(name: str) -> str:
    """Show a sheet of new pictures of a generator, and a place for one that they are to be like."""
    generator = get_services().models.get_generator(name).generator
    chosen = Choices.read(request.args, seed=secrets.randbelow(SEEDS))
    asked = request.args.get("class")
    asked = asked if asked in generator.classes else None
    shown = chosen.shown
    order = PictureOrder(name=asked, count=shown.count, spread=shown.spread, seed=shown.seed)
    made = get_services().picture_maker.make(name, order)
    _, height, width = generator.shape
    trained_on = generator.metadata.get("trained_on")
    return render_template(
        "generate/pictures.html",
        name=name,
        generator=generator,
        trained_on=trained_on if isinstance(trained_on, str) else None,
        chosen=chosen,
        asked=asked,
        sheet=f"data:image/png;base64,{base64.b64encode(made.encode('png')).decode()}",
        shown=shown.count,
        size=(min(10, shown.count) * width, -(-shown.count // 10) * height),
        counts=COUNTS,
        most_unusual=MOST_UNUSUAL,
        next_seed=secrets.randbelow(SEEDS),
    )


def send_pictures(name: str) -> Response:
    """Make pictures with a generator, and send them as a file."""
    kind = take_kind(FILE_KINDS)
    try:
        made = get_services().picture_maker.make(name, read_picture_order(take_json(request)))
    except MakingError as error:
        abort(400, say_error(error, current_language()))
    return send_file(made.encode(kind), kind, f"made-{name}")
