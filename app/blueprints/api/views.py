from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from flask import Blueprint, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, Unauthorized, UnsupportedMediaType

from app.encoding import encode_picture
from app.extensions import csrf, is_loopback, limiter
from app.intake import take_picture
from app.sentences import describe_refusal, say_picture_error
from app.services import get_services
from app.services.accounts import Person
from app.services.images import NewPicture
from app.services.recogniser import Recognised, describe
from app.sessions import current_person
from app.web.lanes import Lane, runs_in
from cnn.errors import PictureError
from cnn.reading.reader import ReadDigit

blueprint = Blueprint("api", __name__)


def _predict_limit() -> str:
    return str(current_app.config["PREDICT_LIMIT"])


@blueprint.post("/predict")
@runs_in(Lane.READING)
@limiter.limit(_predict_limit, exempt_when=is_loopback)
def predict() -> dict[str, Any]:
    person = _check_storing() if request.args.get("store") == "1" else None
    picture = take_picture(request)
    recogniser = get_services().recogniser
    try:
        if isinstance(picture, bytes):
            result = recogniser.read(picture)
        else:
            result = recogniser.read_pixels(picture)
    except PictureError as error:
        refuse = RequestEntityTooLarge if error.code == "too_large" else UnsupportedMediaType
        raise refuse(say_picture_error(error)) from error
    answer = _describe_reading(result, with_pictures=request.args.get("normalised") == "1")
    if person is not None and isinstance(picture, bytes):
        answer["image_id"] = _store(person, picture, result)
    return answer


def _check_storing() -> Person:
    """Return who stores; a cookie alone does not authorise it."""
    person = current_person()
    if person is None:
        raise Unauthorized("Log in to store pictures, or send this one without store=1.")
    csrf.protect()
    return person


def _store(person: Person, picture: bytes, result: Recognised) -> UUID | None:
    only = result.reading.only
    if only is None:
        return None
    source = "draw" if request.args.get("source") == "draw" else "upload"
    services = get_services()
    with services.room.open_for(picture):
        new = NewPicture.from_reading(picture, only, model=result.model, source=source)
    return services.images.keep(person.id, new)


def _describe_reading(result: Recognised, *, with_pictures: bool) -> dict[str, Any]:
    reading = result.reading
    one = reading.only
    return {
        "digit": one and one.digit,
        "confidence": one and one.confidence,
        "probabilities": one and one.probabilities,
        "refusal": describe_refusal(reading.refusal),
        "left_out": describe_refusal(reading.left_out),
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
        described["normalised"] = encode_picture(np.rint(digit.pixels * 255).astype(np.uint8))
    return described


@blueprint.get("/status")
def status() -> dict[str, Any]:
    services = get_services()
    recogniser = services.recogniser
    return {
        "version": current_app.config["VERSION"],
        "model": describe(recogniser.model),
        "counts": {
            "read": recogniser.count,
            "pictures": services.images.count(),
            "people": services.accounts.count(),
        },
        "uptime_s": round(time.monotonic() - current_app.config["STARTED"], 1),
        "native": asdict(services.clients.status()),
    }
