from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, request
from werkzeug.exceptions import Unauthorized

from app.blueprints.api.openapi import PREDICT, STATUS
from app.errors import StorageError
from app.sentences import UNKNOWN_LABEL, describe_none, describe_refusal, say_error
from app.services.accounts import Person
from app.services.models import DIGITS, describe
from app.services.pictures.images import Kept
from app.services.pictures.labels import LABELS, LabelLimit
from app.services.recogniser import Recognised
from app.services.streams import Seen, Turn
from app.services.walls import WallView
from app.web.encoding import describe_digit, describe_left_out, encode_input
from app.web.extensions import csrf, limit_reading
from app.web.intake import Pixels, take_count, take_picture, take_switch
from app.web.lanes import runs_in
from app.web.language import current_language, gettext
from app.web.openapi import describes
from app.web.pacing import lane_of_picture, paced
from app.web.problems import for_programs
from app.web.services import get_services
from app.web.sessions import current_habits, current_person
from app.web.stream_keys import Client, begin_frame, take_client

blueprint = Blueprint("api", __name__)


@blueprint.post("/predict")
@describes(PREDICT)
@for_programs
@runs_in(lane_of_picture)
@limit_reading
@paced
def predict() -> dict[str, Any]:
    person = _check_storing() if take_switch(request, "store") else None
    with_pictures = take_switch(request, "normalised")
    with_signs = take_switch(request, "signs")
    client = take_client()
    wall = _wall_of(client)
    collector = _collector(client, wall)
    label = _label(is_stored=person is not None or collector is not None)
    frame = None if client is None else begin_frame(client)
    picture = take_picture(request)
    services = get_services()
    name = request.args.get("model", DIGITS)
    if services.models.get(name).model.normalisation != "digits":
        if person is not None:
            abort(400, gettext("Only pictures of digits are stored: leave store=1 out."))
        answer = _classify(picture, name, with_pictures=with_pictures)
        seen = Seen(answer["class"] or "", answer["confidence"])
        return answer | _finish_frame(frame, wall, seen, picture)
    result = _read(picture, name)
    answer = _describe_reading(result, with_pictures=with_pictures, with_signs=with_signs)
    seen = Seen.digits(result.reading, with_ink=wall is not None)
    answer |= _finish_frame(frame, wall, seen, picture)
    if isinstance(picture, bytes):
        if person is not None:
            answer |= _store_own(person, picture, result, label)
        elif collector is not None and label is not None:
            answer |= _describe_kept(_keep(collector, picture, result, label))
    return answer


def _read(picture: bytes | Pixels, name: str) -> Recognised:
    """Read a picture by what is known of how the person who sends it writes."""
    recogniser, habits = get_services().recogniser, current_habits()
    if isinstance(picture, bytes):
        return recogniser.read(picture, model=name, habits=habits)
    return recogniser.read_pixels(picture, model=name, habits=habits)


def _wall_of(client: Client | None) -> WallView | None:
    """Return the wall in which a client takes part, if it does."""
    if client is None or client.stream.wall is None:
        return None
    return get_services().walls.get(UUID(client.stream.wall))


def _collector(client: Client | None, wall: WallView | None) -> UUID | None:
    """Return into whose data corrections of a client go: both sides must want it."""
    if client is None or wall is None or not (client.agrees and wall.collects):
        return None
    return wall.owner_id


def _finish_frame(
    frame: Turn | None, wall: WallView | None, seen: Seen, picture: bytes | Pixels
) -> dict[str, Any]:
    """Say what was seen in a frame to those who watch, and return what its sender is told."""
    if frame is None:
        return {}
    streams = get_services().streams
    if wall is not None and wall.is_paused:
        streams.touch(frame)
    else:
        streams.finish(
            frame,
            seen,
            picture if isinstance(picture, bytes) else None,
            latency_ms=take_count(request, "latency_ms"),
            dropped=take_count(request, "dropped") or 0,
        )
    return {"watched": frame.is_watched}


def _classify(picture: bytes | Pixels, name: str, *, with_pictures: bool) -> dict[str, Any]:
    """Say which class of another model a picture shows."""
    if not isinstance(picture, bytes):
        abort(400, gettext("The model %(name)s takes pictures, no pixels.", name=name))
    result = get_services().recogniser.classify(picture, model=name)
    found = result.found
    answer: dict[str, Any] = {
        "class": None if found.is_none else found.name,
        "confidence": None if found.is_none else found.confidence,
        "probabilities": found.probabilities,
        "refusal": describe_none(list(found.probabilities), current_language())
        if found.is_none
        else None,
        "novelty": found.novelty,
        "model": result.model,
        "elapsed_ms": round(result.elapsed_ms, 2),
        "image_id": None,
    }
    if with_pictures:
        answer["normalised"] = encode_input(found.pixels)
    return answer


def _label(*, is_stored: bool) -> str | None:
    """Return what the person says that the picture shows."""
    label = request.args.get("label")
    if label is None:
        return None
    if label not in LABELS:
        abort(400, gettext(UNKNOWN_LABEL))
    if not is_stored:
        abort(400, gettext("A label is stored with its picture: ask for store=1 as well."))
    return label


def _store_own(
    person: Person, picture: bytes, result: Recognised, label: str | None
) -> dict[str, Any]:
    """Store a picture of the person who sends it, and return what the answer says of it."""
    source = "draw" if request.args.get("source") == "draw" else "upload"
    kept = _keep(person.id, picture, result, label, source=source, as_admin=person.is_admin)
    if kept is not None:
        get_services().habits.learn(person.id, {kept.label_before, kept.label})
    return _describe_kept(kept)


def _keep(
    user_id: UUID,
    picture: bytes,
    result: Recognised,
    label: str | None,
    *,
    source: str = "upload",
    as_admin: bool = False,
) -> Kept | None:
    try:
        return get_services().keeping.keep(
            user_id, picture, result, source=source, label=label, as_admin=as_admin
        )
    except LabelLimit as error:
        abort(409, say_error(error, current_language()))


def _describe_kept(kept: Kept | None) -> dict[str, Any]:
    """Return what the answer says of a picture that was stored."""
    if kept is None:
        return {}
    return {
        "image_id": kept.id,
        "kept": {
            "was_held": kept.was_held,
            "label_before": kept.label_before,
            "label": kept.label,
        },
    }


def _check_storing() -> Person:
    """Return who stores the picture; a form token is required besides the session."""
    person = current_person()
    if person is None:
        raise Unauthorized(gettext("Log in to store pictures, or send this one without store=1."))
    csrf.protect()
    return person


def _describe_reading(
    result: Recognised, *, with_pictures: bool, with_signs: bool
) -> dict[str, Any]:
    reading = result.reading
    one, language = reading.only, current_language()
    return {
        "digit": one and one.digit,
        "confidence": one and one.confidence,
        "probabilities": one and one.probabilities,
        "refusal": describe_refusal(reading.refusal, language),
        "unfinished": describe_refusal(reading.unfinished, language),
        "left_out": describe_left_out(reading.left_out),
        "digits": [describe_digit(digit, with_picture=with_pictures) for digit in reading.digits],
        "text": reading.text_with_signs if with_signs else reading.text,
        "model": result.model,
        "elapsed_ms": round(result.elapsed_ms, 2),
        "image_id": None,
        "kept": None,
    }


@blueprint.get("/status")
@describes(STATUS)
@for_programs
def status() -> dict[str, Any]:
    services = get_services()
    in_service = dict(services.models.items())
    return {
        "version": current_app.config["VERSION"],
        "model": describe(in_service[DIGITS].model),
        "models": {name: one.version for name, one in in_service.items()},
        "generators": {name: one.version for name, one in services.models.generators().items()},
        "counts": {
            "read": services.recogniser.count,
            "pictures": services.images.count(),
            "people": services.accounts.count(),
        },
        "uptime_s": round(time.monotonic() - current_app.config["STARTED"], 1),
        "native": asdict(services.clients.status()),
        "streams": _count_streams(),
        "jobs": services.jobs.counts(),
    }


def _count_streams() -> int | None:
    try:
        return get_services().streams.count()
    except StorageError:
        return None
