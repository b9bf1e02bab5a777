from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from app.blueprints.explain.operations import OperationError, apply_operation
from app.languages import mark
from app.sentences import describe_refusal, say_error, say_switch
from app.services.explainer import Explained, LookAlikes
from app.services.models import DIGITS
from app.web.encoding import describe_digit, encode_data_url, encode_numbers
from app.web.extensions import limit_reading
from app.web.intake import take_json, take_picture
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.problems import for_programs
from app.web.services import get_services
from cnn.errors import ChoiceError
from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence
from cnn.explanation.explain import SWITCHES
from cnn.explanation.neighbours import Neighbour
from cnn.explanation.result import Explanation
from cnn.explanation.sprite import sprite
from cnn.reading.reader import LEAST_CONFIDENCE

blueprint = Blueprint("explain", __name__)

_WIDEST_STAGE = 240  # pixels


@blueprint.get("/explain")
def page() -> str:
    return render_template("explain/page.html")


@blueprint.get("/explain/course")
def course() -> str:
    network = get_services().models.get(DIGITS).model.network
    _, first = next(network.named_layers())
    return render_template("course/page.html", first_filters=first.output_shape[-1])


@blueprint.post("/explain")
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def explain_picture() -> dict[str, Any]:
    """Explain a picture as a whole, or, with ?layer=, what one layer made of it."""
    explainer, picture = get_services().explainer, take_picture(request)
    try:
        if isinstance(picture, bytes):
            digit, without = _number("digit", 0) or 0, request.args.getlist("without")
            explained = explainer.explain(picture, digit=digit, without=without)
        else:
            explained = explainer.explain_pixels(picture)
    except ChoiceError as error:
        abort(400, say_error(error, current_language()))
    found = explained.explanation
    layer = _number("layer", None)
    if layer is None:
        return _whole(explained)
    if not 0 <= layer <= len(found.blocks):
        abort(400, gettext("There are the layers 0 to %(last)s.", last=len(found.blocks)))
    return _layer(found, layer, as_picture=request.args.get("format") == "png")


@blueprint.post("/explain/apply")
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


def _number(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        words = mark("'%(name)s' must be a whole number, not %(given)s.")
        abort(400, gettext(words, name=name, given=repr(text[:20])))
    return int(text)


def _whole(explained: Explained) -> dict[str, Any]:
    found = explained.explanation
    winner, runner_up = found.evidence
    reading, language = found.reading, current_language()
    is_read = found.refusal is None
    return {
        "digit": winner.digit if is_read else None,
        "confidence": float(found.probabilities[winner.digit]) if is_read else None,
        "probabilities": found.probabilities.tolist(),
        "scores": found.scores.tolist(),
        "refusal": describe_refusal(found.refusal, language),
        "doubt": _describe_doubt(found),
        "text": reading.text,
        "digits": [describe_digit(digit, with_picture=True) for digit in reading.digits],
        "left_out": describe_refusal(reading.left_out, language),
        "box": found.digit and found.digit.box,
        "joined": found.digit is not None and found.digit.joined,
        "stages": [
            {"name": stage.name, "image": encode_data_url(stage.image, longest=_WIDEST_STAGE)}
            for stage in found.stages
        ],
        "switches": [{"name": name, "label": say_switch(name, language)} for name in SWITCHES],
        "pixels": encode_numbers(found.pixels),
        "layers": [_describe(block) for block in found.blocks],
        "winner": _evidence(winner),
        "runner_up": _evidence(runner_up),
        "neighbours": _neighbours(explained.look_alikes()),
        "model": found.model.name,
    }


def _describe_doubt(found: Explanation) -> dict[str, Any]:
    """Return what the reader asks of a digit, and how far this one meets it."""
    rejector = found.model.rejector
    return {
        "reason": found.refusal and found.refusal.reason,
        "confidence": float(found.probabilities.max()),
        "least_confidence": LEAST_CONFIDENCE,
        "likeness": found.likeness,
        "least_likeness": rejector and rejector.threshold,
    }


def _describe(block: Block) -> dict[str, Any]:
    return {
        "index": block.index,
        "kind": block.kind,
        "input_shape": block.input_shape,
        "shape": block.shape,
        "parameters": block.parameters,
        "options": block.layer.config(),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "digit": evidence.digit,
        "occlusion": encode_numbers(evidence.occlusion),
        "gradient": encode_numbers(evidence.gradient),
    }


def _neighbours(found: LookAlikes | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "nearest": [_neighbour(one) for one in found.nearest],
        "other": [_neighbour(one) for one in found.other],
    }


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    return {
        "label": neighbour.label,
        "distance": neighbour.distance,
        "image": encode_data_url(neighbour.image),
    }


def _layer(found: Explanation, index: int, *, as_picture: bool) -> dict[str, Any]:
    maps = found.maps_of(index)
    answer: dict[str, Any] = {"index": index, "shape": maps.shape}
    if as_picture:
        sheet, columns = sprite(maps)
        answer["sprite"] = {
            "image": encode_data_url(sheet),
            "columns": columns,
            "range": [float(maps.min()), float(maps.max())],
        }
        return answer
    answer["maps"] = encode_numbers(maps)
    if index:
        params = found.blocks[index - 1].layer.params
        answer["params"] = {name: encode_numbers(array) for name, array in params.items()}
        answer["input"] = encode_numbers(found.maps_of(index - 1))
    return answer
