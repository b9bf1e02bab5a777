"""python -m cnn predict: read pictures, or say what they show."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from cnn.cli.options import Commands
from cnn.cli.words import say_error, say_left_out, say_refusal
from cnn.errors import PictureError
from cnn.models.model import Model
from cnn.models.model_file import load_model
from cnn.reading.classifier import classify
from cnn.reading.reader import Reading, read
from cnn.vision.normalise import Refusal

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "predict", help="read the digits in pictures, or say what they show"
    )
    parser.set_defaults(command=_run)
    parser.add_argument("pictures", nargs="+", type=Path, metavar="picture")
    parser.add_argument("--model", type=Path, help="a model file (default: the one that ships)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def _run(options: argparse.Namespace) -> int:
    model = load_model(options.model)
    tell = _tell_digits if model.normalisation == "digits" else _tell_class
    failed = False
    for path in options.pictures:
        try:
            print(tell(model, path, as_json=options.json))
        except PictureError as error:
            print(f"cnn: {path}: {say_error(error)}", file=sys.stderr)
            failed = True
    return int(failed)


def _tell_digits(model: Model, path: Path, *, as_json: bool) -> str:
    reading = read(model, path)
    return _as_json(path, reading) if as_json else _as_text(path, reading)


def _tell_class(model: Model, path: Path, *, as_json: bool) -> str:
    found = classify(model, path)
    if not as_json:
        answer = f"{found.name} (confidence {found.confidence:.1%})"
        return f"{path}: {_none_of(model)}" if found.is_none else f"{path}: {answer}"
    return json.dumps(
        {
            "picture": str(path),
            "class": None if found.is_none else found.name,
            "confidence": None if found.is_none else found.confidence,
            "probabilities": found.probabilities,
            "novelty": found.novelty,
        }
    )


def _none_of(model: Model) -> str:
    classes = ", ".join(model.classes)
    return f"none of these: {classes}. It is unlike the pictures that the model was trained on."


def _as_text(path: Path, reading: Reading) -> str:
    if reading.refusal is not None:
        return f"{path}: {say_refusal(reading.refusal)}"
    least = min(digit.confidence for digit in reading.digits)
    answer = f"{path}: {reading.text.replace(chr(10), ' / ')} (confidence {least:.1%})"
    if reading.unfinished is not None:
        answer += f"\n{path}: {say_refusal(reading.unfinished)}"
    if reading.left_out:
        answer += f"\n{path}: {say_left_out(reading.left_out)}"
    return answer


def _as_json(path: Path, reading: Reading) -> str:
    return json.dumps(
        {
            "picture": str(path),
            "text": reading.text,
            "digits": [
                {"digit": d.digit, "confidence": d.confidence, "box": d.box} for d in reading.digits
            ],
            "refusal": _refusal_as_json(reading.refusal),
            "unfinished": _refusal_as_json(reading.unfinished),
            "left_out": [{"box": one.box, "why": one.why} for one in reading.left_out],
        }
    )


def _refusal_as_json(refusal: Refusal | None) -> dict[str, str] | None:
    if refusal is None:
        return None
    return {"code": refusal.code, "message": say_refusal(refusal)}
