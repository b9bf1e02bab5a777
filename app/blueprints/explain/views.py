from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from app.blueprints.explain.operations import OperationError, apply_operation
from app.languages import mark
from app.sentences import describe_refusal, say_error, say_switch
from app.services.models import DIGITS
from app.web.encoding import encode_data_url, encode_numbers
from app.web.extensions import limit_reading
from app.web.intake import take_json, take_picture
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.problems import for_programs
from app.web.services import get_services
from cnn.errors import ChoiceError
from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence
from cnn.explanation.explain import SWITCHES, explain, explain_pixels
from cnn.explanation.neighbours import Neighbours
from cnn.explanation.result import Explanation
from cnn.explanation.sprite import sprite

blueprint = Blueprint("explain", __name__)

_WIDEST_STAGE = 240  # pixels


@blueprint.get("/explain")
def page() -> str:
    return render_template("explain/page.html")


@blueprint.get("/explain/course")
def course() -> str:
    network = get_services().models.get(DIGITS).model.network
    return render_template("course/page.html", first_filters=network.layers[0].output_shape[-1])


@blueprint.post("/explain")
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def explain_picture() -> dict[str, Any]:
    """Explain a picture as a whole, or, with ?layer=, what one layer made of it."""
    shelved = get_services().models.get(DIGITS)
    picture = take_picture(request)
    try:
        if isinstance(picture, bytes):
            with get_services().room.open_for(picture):
                found = explain(
                    shelved.model,
                    picture,
                    digit=_number("digit", 0) or 0,
                    without=request.args.getlist("without"),
                )
        else:
            found = explain_pixels(shelved.model, picture)
    except ChoiceError as error:
        abort(400, say_error(error, current_language()))
    layer = _number("layer", None)
    if layer is None:
        return _whole(found, shelved.neighbours)
    if not 0 <= layer <= len(found.blocks):
        abort(400, gettext("There are the layers 0 to %(last)s.", last=len(found.blocks)))
    return _layer(found, layer, as_picture=request.args.get("format") == "png")


@blueprint.post("/explain/apply")
@for_programs
@runs_in(Lane.EXPLAINING)
@limit_reading
def apply_layer() -> dict[str, Any]:
    """Let a reader's own kernel, a pooling or an activation work on pixels."""
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


def _whole(found: Explanation, neighbours: Neighbours | None) -> dict[str, Any]:
    best = int(found.probabilities.argmax())
    winner, runner_up = found.evidence
    language = current_language()
    return {
        "digit": best,
        "confidence": float(found.probabilities[best]),
        "probabilities": found.probabilities.tolist(),
        "scores": found.scores.tolist(),
        "refusal": describe_refusal(found.refusal, language),
        "text": found.reading.text,
        "left_out": describe_refusal(found.reading.left_out, language),
        "joined": found.is_joined,
        "stages": [
            {"name": stage.name, "image": encode_data_url(stage.image, longest=_WIDEST_STAGE)}
            for stage in found.stages
        ],
        "switches": [{"name": name, "label": say_switch(name, language)} for name in SWITCHES],
        "pixels": encode_numbers(found.pixels),
        "layers": [_describe(block) for block in found.blocks],
        "winner": _evidence(winner),
        "runner_up": _evidence(runner_up),
        "neighbours": _nearest(found, neighbours, best),
        "model": found.model.name,
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


def _nearest(found: Explanation, neighbours: Neighbours | None, best: int) -> dict[str, Any] | None:
    """Return the training pictures that look alike to the network, of any digit and of others."""
    last = max((block.index for block in found.blocks if block.kind == "Dense"), default=0)
    if neighbours is None or not last:
        return None
    features = found.maps_of(last - 1)
    kinds = {
        "nearest": neighbours.find(features, count=8),
        "other": neighbours.find(features, count=4, other_than=best),
    }
    return {
        kind: [
            {
                "label": neighbour.label,
                "distance": neighbour.distance,
                "image": encode_data_url(neighbour.image),
            }
            for neighbour in some
        ]
        for kind, some in kinds.items()
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
