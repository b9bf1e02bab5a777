from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

import numpy as np
from flask import Blueprint, current_app, request
from werkzeug.exceptions import Unauthorized

from app.sentences import describe_refusal
from app.services.accounts import Person
from app.services.models import DIGITS, describe
from app.services.recogniser import Recognised
from app.web.encoding import encode_data_url
from app.web.extensions import csrf, limit_reading
from app.web.intake import take_picture
from app.web.lanes import Lane, runs_in
from app.web.language import current_language, gettext
from app.web.problems import for_programs
from app.web.services import get_services
from app.web.sessions import current_person
from cnn.reading.reader import ReadDigit

blueprint = Blueprint("api", __name__)


@blueprint.post("/predict")
@for_programs
@runs_in(Lane.READING)
@limit_reading
def predict() -> dict[str, Any]:
    person = _check_storing() if request.args.get("store") == "1" else None
    picture = take_picture(request)
    services = get_services()
    if isinstance(picture, bytes):
        result = services.recogniser.read(picture)
    else:
        result = services.recogniser.read_pixels(picture)
    answer = _describe_reading(result, with_pictures=request.args.get("normalised") == "1")
    if person is not None and isinstance(picture, bytes):
        source = "draw" if request.args.get("source") == "draw" else "upload"
        answer["image_id"] = services.keeping.keep(person.id, picture, result, source=source)
    return answer


def _check_storing() -> Person:
    """Return who stores the picture; a form token is required besides the session."""
    person = current_person()
    if person is None:
        raise Unauthorized(gettext("Log in to store pictures, or send this one without store=1."))
    csrf.protect()
    return person


def _describe_reading(result: Recognised, *, with_pictures: bool) -> dict[str, Any]:
    reading = result.reading
    one, language = reading.only, current_language()
    return {
        "digit": one and one.digit,
        "confidence": one and one.confidence,
        "probabilities": one and one.probabilities,
        "refusal": describe_refusal(reading.refusal, language),
        "left_out": describe_refusal(reading.left_out, language),
        "digits": [_describe_digit(digit, with_pictures) for digit in reading.digits],
        "text": reading.text,
        "model": result.model,
        "elapsed_ms": round(result.elapsed_ms, 2),
        "image_id": None,
    }


def _describe_digit(digit: ReadDigit, with_picture: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "digit": digit.digit,
        "confidence": digit.confidence,
        "probabilities": digit.probabilities,
        "box": digit.box,
    }
    if with_picture:
        described["normalised"] = encode_data_url(np.rint(digit.pixels * 255).astype(np.uint8))
    return described


@blueprint.get("/status")
@for_programs
def status() -> dict[str, Any]:
    services = get_services()
    return {
        "version": current_app.config["VERSION"],
        "model": describe(services.models.get(DIGITS).model),
        "counts": {
            "read": services.recogniser.count,
            "pictures": services.images.count(),
            "people": services.accounts.count(),
        },
        "uptime_s": round(time.monotonic() - current_app.config["STARTED"], 1),
        "native": asdict(services.clients.status()),
    }
