from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.explain.describe import describe_explanation, describe_layer, describe_page
from app.blueprints.explain.openapi import APPLY, EXPLAIN, MAP
from app.blueprints.explain.operations import OperationError, apply_operation
from app.sentences import say_error
from app.services.explainer import Explained
from app.services.models import DIGITS
from app.web.encoding import encode_numbers
from app.web.extensions import limit_reading
from app.web.intake import take_count, take_json, take_picture
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.problems import for_programs
from app.web.services import get_services
from app.web.sessions import current_habits
from cnn.errors import ChoiceError

blueprint = Blueprint("explain", __name__)


@blueprint.get("/explain")
def page() -> str | Response:
    name = request.args.get("model", DIGITS)
    model = get_services().models.get(name).model
    if model.normalisation == "picture":
        return render_template("explain/picture.html", name=name, model=model)
    if name != DIGITS:
        return redirect(url_for("explain.page"))
    return render_template("explain/page.html")


@blueprint.get("/explain/course")
def course() -> str:
    network = get_services().models.get(DIGITS).model.network
    _, first = next(network.named_layers())
    return render_template("course/page.html", first_filters=first.output_shape[-1])


@blueprint.post("/explain")
@describes(EXPLAIN)
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def explain_picture() -> dict[str, Any]:
    """Explain a picture as a whole, or, with ?layer=, what one layer made of it."""
    try:
        explained = _explain(request.args.get("model", DIGITS))
    except ChoiceError as error:
        abort(400, say_error(error, current_language()))
    found = explained.explanation
    layer, format_ = take_count(request, "layer"), request.args.get("format")
    if format_ not in (None, "png"):
        abort(400, gettext("“format” can only be png; left out, the answer has numbers."))
    if layer is not None:
        if layer > len(found.blocks):
            abort(400, gettext("There are the layers 0 to %(last)s.", last=len(found.blocks)))
        return describe_layer(found, layer, as_picture=format_ == "png")
    return describe_explanation(explained)


def _explain(name: str) -> Explained:
    services, picture, habits = get_services(), take_picture(request), current_habits()
    if isinstance(picture, bytes):
        digit, without = take_count(request, "digit") or 0, request.args.getlist("without")
        return services.explainer.explain(
            picture, digit=digit, without=without, model=name, habits=habits
        )
    if services.models.get(name).model.normalisation != "digits":
        abort(400, gettext("The model %(name)s takes pictures, no pixels.", name=name))
    return services.explainer.explain_pixels(picture, model=name, habits=habits)


@blueprint.post("/explain/map")
@describes(MAP)
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def explain_page() -> dict[str, Any]:
    """Say of each point of a picture what it is, and how the page network comes to say so."""
    name, picture = request.args.get("model", DIGITS), take_picture(request)
    if not isinstance(picture, bytes):
        abort(400, gettext("A map is made of a whole page: send a picture, no pixels."))
    try:
        return describe_page(get_services().explainer.explain_page(picture, model=name))
    except ChoiceError as error:
        abort(400, say_error(error, current_language()))


@blueprint.post("/explain/apply")
@describes(APPLY)
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def apply_layer() -> dict[str, Any]:
    """Apply a single layer with a kernel or options of the reader's to pixels."""
    try:
        result = apply_operation(take_json(request))
    except OperationError as error:
        abort(400, say_error(error, current_language()))
    return {"result": encode_numbers(result)}
