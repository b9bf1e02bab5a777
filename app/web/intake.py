"""Extraction of the picture from a request, in any of its forms."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app.languages import mark
from app.web.language import gettext
from cnn.vision.decode import MAX_BYTES
from cnn.vision.framing import SIDE

__all__ = [
    "TOO_LARGE",
    "Pixels",
    "take_count",
    "take_data_url",
    "take_file",
    "take_file_again",
    "take_json",
    "take_moment",
    "take_picture",
    "take_switch",
]

Pixels = npt.NDArray[np.float32]

# Of a type that says nothing, the bytes decide.
_DATA_URL = re.compile(
    r"data:(?:image/[\w.+-]+|application/octet-stream)?(?:;[\w=.+-]+)*;base64,", re.ASCII
)
_UNTOLD = ("", "application/octet-stream")
_LARGEST_FORM = MAX_BYTES * 4 // 3 + 10_000  # bytes: a picture in base64, and the other fields

TOO_LARGE = mark("The picture has more than %(most)s bytes. Make it smaller and try again.")
_WHOLE_NUMBER = mark("%(name)s must be a whole number from 0 to %(most)s.")
_MOST_COUNTED = 10**6
_LAST_MOMENT = 10**15  # milliseconds of the epoch
_NO_PICTURE = mark(
    "There is no picture in the request. Send it as the multipart field 'image', as a body of "
    "type image/… or application/octet-stream or of none, or as JSON: "
    '{"image": "data:image/png;base64,…"} or {"pixels": [784 numbers]}.'
)


def take_picture(request: Request) -> bytes | Pixels:
    """Return a picture file's bytes, or the 28×28 float32 pixels that were sent as numbers.

    Raises BadRequest or RequestEntityTooLarge with a sentence that says what to do.
    """
    if request.mimetype == "multipart/form-data":
        return _expect(take_file(request))
    if request.mimetype.startswith("image/") or request.mimetype in _UNTOLD:
        return _expect(_check_size(request.get_data(cache=False)))
    if request.is_json:
        content = take_json(request)
        if isinstance(content, dict) and "pixels" in content:
            return _pixels(content["pixels"])
        if isinstance(content, dict) and "image" in content:
            return _expect(take_data_url(content["image"], "image"))
    raise BadRequest(gettext(_NO_PICTURE))


def take_file(request: Request) -> bytes:
    """Return the file of the field `image`, empty if there is none.

    Raises RequestEntityTooLarge with a sentence that says what to do.
    """
    file = request.files.get("image")
    return _check_size(file.read(MAX_BYTES + 1) if file is not None else b"")


def take_file_again(request: Request) -> bytes:
    """Return the file that a page was made of, and sends back in base64 in the field `picture`.

    Empty if there is none. To be called before the form is read: it makes room for the field.
    Raises RequestEntityTooLarge with a sentence that says what to do.
    """
    request.max_form_memory_size = _LARGEST_FORM
    try:
        return _check_size(base64.b64decode(request.form.get("picture", ""), validate=True))
    except (binascii.Error, ValueError):
        return b""


def take_switch(request: Request, name: str) -> bool:
    """Return whether a parameter of the query is on: 1, or 0, which it also is if it is left out.

    Raises BadRequest with a sentence that says what to do.
    """
    values = request.args.getlist(name) or ["0"]
    if any(value not in ("0", "1") for value in values) or len(set(values)) > 1:
        raise BadRequest(gettext("The value of %(name)s must be 0 or 1.", name=name))
    return values[0] == "1"


def take_count(request: Request, name: str, *, most: int = _MOST_COUNTED) -> int | None:
    """Return a whole number in the query, if it is there. Raises BadRequest."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        raise BadRequest(gettext(_WHOLE_NUMBER, name=name, most=most))
    return int(text)


def take_moment(request: Request, name: str) -> int | None:
    """Return a time in the query, in ms of the epoch, if it is there. Raises BadRequest."""
    return take_count(request, name, most=_LAST_MOMENT)


def _expect(data: bytes) -> bytes:
    if not data:
        raise BadRequest(gettext(_NO_PICTURE))
    return data


def _check_size(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise RequestEntityTooLarge(gettext(TOO_LARGE, most=MAX_BYTES))
    return data


def take_json(request: Request) -> Any:
    """Return the JSON content of a request; raises BadRequest if it is invalid."""
    if not request.is_json:
        raise BadRequest(gettext("Send JSON, with the content type application/json."))
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        words = gettext("The request says that it is JSON, but cannot be read as it.")
        raise BadRequest(words) from error


def take_data_url(given: Any, name: str) -> bytes:
    """Return the bytes of a picture in a data URL, from the field of a JSON object.

    Raises BadRequest or RequestEntityTooLarge with a sentence that says what to do.
    """
    match = _DATA_URL.match(given) if isinstance(given, str) else None
    if match is None:
        words = mark('"%(name)s" must be a data URL: "data:image/png;base64,…".')
        raise BadRequest(gettext(words, name=name))
    try:
        return _check_size(base64.b64decode(given[match.end() :], validate=True))
    except (binascii.Error, ValueError) as error:
        words = mark('The base64 in "%(name)s" is damaged.')
        raise BadRequest(gettext(words, name=name)) from error


def _pixels(given: Any) -> Pixels:
    numbers = given.split(",") if isinstance(given, str) else given
    if not isinstance(numbers, list) or len(numbers) != SIDE * SIDE:
        raise BadRequest(_wrong_count(numbers))
    values = np.array([_number(value) for value in numbers], np.float32)
    if values.max() > 1:
        values /= 255
    return values.reshape(SIDE, SIDE)


def _wrong_count(numbers: Any) -> str:
    expected = SIDE * SIDE
    if not isinstance(numbers, list):
        words = mark('"pixels" must be a list of %(expected)s numbers, row by row.')
        return gettext(words, expected=expected)
    words = mark('"pixels" must be %(expected)s numbers, row by row; the number sent is %(count)s.')
    return gettext(words, expected=expected, count=len(numbers))


def _number(value: Any) -> float:
    # Only plain values are repeated in the message: nested lists would need as deep a stack.
    plain = isinstance(value, str | float | int) and not isinstance(value, bool)
    try:
        number = float(value) if plain else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 255:
        raise BadRequest(_wrong_number(str(value)[:20] if plain else None, type(value).__name__))
    return number


def _wrong_number(given: str | None, kind: str) -> str:
    if given is None:
        return gettext(
            '"pixels" must be numbers from 0 to 255; a value of type %(kind)s is not.', kind=kind
        )
    words = mark('"pixels" must be numbers from 0 to 255; %(given)s is not.')
    return gettext(words, given=repr(given))
