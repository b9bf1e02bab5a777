from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.blueprints.explain.operations import apply_operation
from app.encoding import encode_numbers, encode_picture
from app.extensions import is_loopback, limiter
from app.intake import take_json, take_picture
from app.sentences import SWITCHES, describe_refusal, say_picture_error
from app.services import get_services
from app.services.recogniser import describe
from app.web.lanes import Lane, runs_in
from cnn.errors import PictureError
from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence
from cnn.explanation.explain import explain, explain_pixels
from cnn.explanation.result import Explanation
from cnn.explanation.sprite import sprite

blueprint = Blueprint("explain", __name__)

_WIDEST_STAGE = 240  # pixels


def _limit() -> str:
    return str(current_app.config["PREDICT_LIMIT"])


@blueprint.get("/explain")
def page() -> str:
    return render_template("explain.html")


@blueprint.get("/explain/course")
def course() -> str:
    model = get_services().recogniser.model
    return render_template("course.html", first_filters=model.layers[0].output_shape[-1])


@blueprint.post("/explain")
@runs_in(Lane.EXPLAINING)
@limiter.limit(_limit, exempt_when=is_loopback)
def explain_picture() -> dict[str, Any]:
    """Explain a picture as a whole, or, with ?layer=, what one layer made of it."""
    model = get_services().recogniser.model
    picture = take_picture(request)
    try:
        if isinstance(picture, bytes):
            with get_services().room.open_for(picture):
                found = explain(
                    model,
                    picture,
                    digit=_number("digit", 0) or 0,
                    without=request.args.getlist("without"),
                )
        else:
            found = explain_pixels(model, picture)
    except PictureError as error:
        refuse = RequestEntityTooLarge if error.code == "too_large" else UnsupportedMediaType
        raise refuse(say_picture_error(error)) from error
    except ValueError as error:
        abort(400, f"{str(error)[0].upper()}{str(error)[1:]}.")
    layer = _number("layer", None)
    if layer is None:
        return _whole(found, str(describe(model)["name"]))
    if not 0 <= layer <= len(found.blocks):
        abort(400, f"There are the layers 0 to {len(found.blocks)}.")
    return _layer(found, layer, as_picture=request.args.get("format") == "png")


@blueprint.post("/explain/apply")
@runs_in(Lane.EXPLAINING)
@limiter.limit(_limit, exempt_when=is_loopback)
def apply_layer() -> dict[str, Any]:
    """Let a reader's own kernel, a pooling or an activation work on pixels."""
    try:
        result = apply_operation(take_json(request))
    except ValueError as error:
        abort(400, f"{str(error)[0].upper()}{str(error)[1:]}.")
    return {"result": encode_numbers(result)}


def _number(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        abort(400, f"{name!r} must be a whole number, not {text[:20]!r}.")
    return int(text)


def _whole(found: Explanation, model: str) -> dict[str, Any]:
    best = int(found.probabilities.argmax())
    winner, runner_up = found.evidence
    return {
        "digit": best,
        "confidence": float(found.probabilities[best]),
        "probabilities": found.probabilities.tolist(),
        "scores": found.scores.tolist(),
        "refusal": describe_refusal(found.refusal),
        "text": found.reading.text,
        "left_out": describe_refusal(found.reading.left_out),
        "joined": found.is_joined,
        "stages": [
            {"name": stage.name, "image": encode_picture(stage.image, longest=_WIDEST_STAGE)}
            for stage in found.stages
        ],
        "switches": [{"name": name, "label": label} for name, label in SWITCHES.items()],
        "pixels": encode_numbers(found.pixels),
        "layers": [_describe(block) for block in found.blocks],
        "winner": _evidence(winner),
        "runner_up": _evidence(runner_up),
        "neighbours": _neighbours(found, best),
        "model": model,
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


def _neighbours(found: Explanation, best: int) -> dict[str, Any] | None:
    """Return the training pictures that look alike to the network, of any digit and of others."""
    neighbours = get_services().neighbours
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
                "image": encode_picture(neighbour.image),
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
            "image": encode_picture(sheet),
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
