"""Explanations for JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.sentences import describe_none, describe_refusal, say_switch
from app.services.explainer import Explained, LookAlikes
from app.web.encoding import (
    describe_digit,
    describe_left_out,
    encode_data_url,
    encode_numbers,
    encode_view,
)
from app.web.language import current_language
from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence
from cnn.explanation.explain import SWITCHES
from cnn.explanation.neighbours import Neighbour
from cnn.explanation.page_map import Level, PageExplanation
from cnn.explanation.result import DigitExplanation, Explanation, PictureExplanation
from cnn.explanation.sprite import sprite
from cnn.layers import Conv2D
from cnn.reading.reader import LEAST_CONFIDENCE

__all__ = ["POINTS", "describe_explanation", "describe_layer", "describe_page"]

#: What a point of a page may be, in the order of `cnn.models.model.PAGE_CLASSES`.
POINTS = ("paper", "digit", "other", "outside")

_WIDEST_STAGE = 240  # pixels


def describe_explanation(explained: Explained) -> dict[str, Any]:
    """Return an explanation, without its layers' maps."""
    found = explained.explanation
    if isinstance(found, DigitExplanation):
        return _describe_digit(found, explained.look_alikes())
    return _describe_picture(found)


def _describe_digit(found: DigitExplanation, look_alikes: LookAlikes | None) -> dict[str, Any]:
    winner, runner_up = found.evidence
    reading, language = found.reading, current_language()
    is_read, decided = found.refusal is None, found.decided
    confidence = decided.confidence if decided else float(found.probabilities[winner.index])
    return {
        "digit": (decided.digit if decided else winner.index) if is_read else None,
        "confidence": confidence if is_read else None,
        "probabilities": found.probabilities.tolist(),
        "scores": found.scores.tolist(),
        "refusal": describe_refusal(found.refusal, language),
        "doubt": _describe_doubt(found),
        "text": reading.text,
        "digits": [describe_digit(digit, with_picture=True) for digit in reading.digits],
        "unfinished": describe_refusal(reading.unfinished, language),
        "left_out": describe_left_out(reading.left_out),
        "box": found.digit and found.digit.box,
        "joined": found.digit is not None and found.digit.joined,
        "switches": [{"name": name, "label": say_switch(name, language)} for name in SWITCHES],
        "pixels": encode_numbers(found.pixels),
        **_describe_network(found),
        "winner": {"digit": winner.index, **_describe_evidence(winner)},
        "runner_up": {"digit": runner_up.index, **_describe_evidence(runner_up)},
        "neighbours": look_alikes and _describe_look_alikes(look_alikes),
    }


def _describe_picture(explained: PictureExplanation) -> dict[str, Any]:
    winner, runner_up = explained.evidence
    found, classes = explained.found, explained.model.classes
    refusal = describe_none(classes, current_language()) if found.is_none else None
    return {
        "class": None if found.is_none else found.name,
        "confidence": None if found.is_none else found.confidence,
        "classes": classes,
        "probabilities": explained.probabilities.tolist(),
        "scores": explained.scores.tolist(),
        "refusal": refusal,
        "novelty": found.novelty,
        "pixels": encode_numbers(explained.maps_of(0)),
        **_describe_network(explained),
        "winner": {"class": classes[winner.index], **_describe_evidence(winner)},
        "runner_up": {"class": classes[runner_up.index], **_describe_evidence(runner_up)},
    }


def describe_layer(found: Explanation, index: int, *, as_picture: bool) -> dict[str, Any]:
    """Return what one layer made of the picture, 0 being the input: in numbers, or as a picture."""
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
        state = found.blocks[index - 1].layer.state()
        answer["params"] = {name: encode_numbers(array) for name, array in state.items()}
        answer["input"] = encode_numbers(found.maps_of(index - 1))
    return answer


def describe_page(found: PageExplanation) -> dict[str, Any]:
    """Return a page map, and what led to it, as pictures."""
    count, height, width = found.probabilities.shape
    levels = np.rint(found.probabilities * 255).astype(np.uint8)
    return {
        "picture": encode_view(found.pixels, longest=max(found.pixels.shape)),
        "points": POINTS,
        "map": {
            "shape": (count, height, width),
            "image": encode_data_url(levels.reshape(count * height, width)),
        },
        "levels": [_describe_level(level) for level in found.levels],
    }


def _describe_level(level: Level) -> dict[str, Any]:
    sheet, _ = sprite(level.strongest[:, :, None])
    return {
        "channels": level.channels,
        "shape": level.strongest.shape,
        "image": encode_data_url(sheet),
        "range": [float(level.strongest.min()), float(level.strongest.max())],
    }


def _describe_network(found: Explanation) -> dict[str, Any]:
    return {
        "stages": [
            {"name": stage.name, "image": encode_view(stage.image, longest=_WIDEST_STAGE)}
            for stage in found.stages
        ],
        "layers": [_describe_block(block) for block in found.blocks],
        "model": found.model.name,
    }


def _describe_doubt(found: DigitExplanation) -> dict[str, Any]:
    """Return what the reader asks of a digit, and how far this one meets it."""
    rejector = found.model.rejector
    return {
        "reason": found.refusal and found.refusal.reason,
        "confidence": float(found.probabilities.max()),
        "least_confidence": LEAST_CONFIDENCE,
        "likeness": found.likeness,
        "least_likeness": rejector and rejector.threshold,
    }


def _describe_block(block: Block) -> dict[str, Any]:
    options = block.layer.config()
    if isinstance(block.layer, Conv2D):
        # In numbers, also where it was made with "same" or "valid".
        rows, columns = block.layer.frame(block.input_shape)
        options["padding"] = (rows[0], columns[0])
    return {
        "index": block.index,
        "kind": block.kind,
        "input_shape": block.input_shape,
        "shape": block.shape,
        "parameters": block.parameters,
        "options": options,
    }


def _describe_evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "occlusion": encode_numbers(evidence.occlusion),
        "gradient": encode_numbers(evidence.gradient),
    }


def _describe_look_alikes(found: LookAlikes) -> dict[str, Any]:
    return {
        "nearest": [_describe_neighbour(one) for one in found.nearest],
        "other": [_describe_neighbour(one) for one in found.other],
    }


def _describe_neighbour(neighbour: Neighbour) -> dict[str, Any]:
    return {
        "label": neighbour.label,
        "distance": neighbour.distance,
        "image": encode_view(neighbour.image, longest=_WIDEST_STAGE),
    }
