"""The API's description in OpenAPI 3.1, put together from what describes each of its routes.

`@describes(OPERATION)` makes a view part of the API: it takes tokens and stands in the document.
What is said in words is marked for translation, and translated when the document is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app
from werkzeug.routing import Rule

from app.languages import mark
from app.web.language import gettext
from app.web.schemas import SCHEMAS, TEXT, UUID_TEXT, Schema, shared

__all__ = [
    "Operation",
    "describes",
    "document_path",
    "file_answer",
    "json_answer",
    "kept_file_answers",
    "make_document",
    "operation_of",
    "query",
]

_View = TypeVar("_View", bound=Callable[..., Any])

_TITLE = mark("DigitNet’s API")
_ABOUT = mark(
    "Reads handwritten digits and other pictures, explains what was read, and keeps pictures and "
    "labels. Errors are problem details (RFC 9457): `detail` says what to do. Send a token or "
    "`Accept: application/json`: what people’s pages ask for as well is answered to others with a "
    "page."
)
_TOKEN = mark(
    "An API token, made on the account page. A session of the site does as well; what it changes "
    "then needs the form token of the page in the header `X-CSRFToken`."
)
_RETRY_AFTER = mark("How many seconds to wait.")
_ETAG = mark("Changes with the file; send it back as `If-None-Match`.")
_PART = mark("The part of the file that `Range` asks for.")
_UNCHANGED = mark("The file is still the one of `If-None-Match`.")
_TO_A_PAGE = mark(
    "Without a token and without accepting JSON: to the page to log in on, or back from a form."
)
_WHICH_WAY = mark("How to say who asks: Bearer.")
_PROBLEMS = {
    400: mark("Something in the request is missing or cannot be."),
    401: mark("The API token is wrong, has expired or was revoked, or nobody is logged in."),
    403: mark("This is not the person’s to do."),
    404: mark("There is no such thing, or no longer."),
    409: mark("As things are, this cannot be done: `detail` says why."),
    410: mark("The stream was ended by somebody who may."),
    413: mark("The picture or the request is too large, or takes too long to open."),
    415: mark("This is not a picture that can be read."),
    416: mark("The file has no such part as `Range` asks for."),
    429: mark("Too many requests at once, or too many downloads."),
    503: mark("The server is busy, or its database or disk fails; try again later."),
}
# Whatever the route: an unknown host, a wrong token, a database that fails.
_ANYWHERE = (400, 401, 503)
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")  # in a rule of Flask's
_SPOKEN = ("summary", "description", "title")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a route of the API does, takes and answers."""

    #: One of the headings under which the document and its page list the routes.
    tag: str
    summary: str
    description: str = ""
    #: Of the address's query, see `query`; those of its path come from the route.
    parameters: Sequence[Schema] = ()
    #: What the parameters of the path are, by name.
    path: Mapping[str, str] = field(default_factory=dict)
    #: Schemas of the body by media type, each with an example, see the page that tries it.
    body: Mapping[str, Schema] = field(default_factory=dict)
    needs_body: bool = True
    #: By status, see `json_answer` and `file_answer`.
    answers: Mapping[int, Schema]
    #: Statuses of errors, beside those of every route.
    problems: Sequence[int] = ()
    needs_person: bool = False


def describes(operation: Operation) -> Callable[[_View], _View]:
    """Make a view a route of the API."""

    def attach(view: _View) -> _View:
        view.operation = operation  # type: ignore[attr-defined]
        return view

    return attach


def operation_of(endpoint: str | None) -> Operation | None:
    """Return the description of a view of the current application; None if not in the API."""
    return getattr(current_app.view_functions.get(endpoint or ""), "operation", None)


def query(name: str, schema: Schema, description: str, **more: Any) -> Schema:
    """Describe a parameter of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def json_answer(description: str, schema: Schema) -> Schema:
    """Describe an answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def file_answer(description: str, media_type: str) -> Schema:
    """Describe an answer that is a file."""
    return {"description": description, "content": {media_type: {}}}


def kept_file_answers(description: str, media_type: str) -> dict[int, Schema]:
    """Describe the answers of a route that sends a file with an ETag, whole or in part."""
    whole = file_answer(description, media_type)
    return {
        200: whole | {"headers": {"ETag": _header(_ETAG)}},
        206: {"description": _PART, "content": {"*/*": {}}},
        304: {"description": _UNCHANGED},
    }


def make_document(app: Flask) -> Schema:
    """Return the document, in the language of the request."""
    paths: dict[str, Any] = {}
    operations = [
        (rule, operation)
        for rule in app.url_map.iter_rules()
        if (operation := operation_of(rule.endpoint)) is not None
    ]
    for rule, operation in operations:
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})).lower()
        paths.setdefault(document_path(rule), {})[method] = _describe(rule, operation)
    tags = dict.fromkeys(operation.tag for _, operation in operations)
    document = {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": app.config["VERSION"], "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": gettext(tag)} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {str(status): _problem(status) for status in _PROBLEMS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _TOKEN}
            },
        },
    }
    translated: Schema = _translate(document)
    return translated


def document_path(rule: Rule) -> str:
    """Return a route's path as the document has it, with {name} for a part that varies."""
    return _PLACE.sub(r"{\2}", rule.rule)


def _describe(rule: Rule, operation: Operation) -> Schema:
    described: Schema = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [gettext(operation.tag)],
        "summary": operation.summary,
        "security": [{"token": []}] if operation.needs_person else [{}, {"token": []}],
        "parameters": [*_in_path(rule, operation), *operation.parameters],
        "responses": {str(status): answer for status, answer in operation.answers.items()}
        | ({"302": {"description": _TO_A_PAGE}} if operation.needs_person else {})
        | {
            str(status): {"$ref": f"#/components/responses/{status}"}
            for status in sorted({*_ANYWHERE, *operation.problems})
        },
    }
    if operation.description:
        described["description"] = operation.description
    if operation.body:
        described["requestBody"] = {"required": operation.needs_body, "content": operation.body}
    return described


def _in_path(rule: Rule, operation: Operation) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": operation.path[name],
            "schema": UUID_TEXT if kind == "uuid" else TEXT,
        }
        for kind, name in _PLACE.findall(rule.rule)
    ]


def _problem(status: int) -> Schema:
    headers = {401: {"WWW-Authenticate": _header(_WHICH_WAY)}}
    headers[429] = headers[503] = {"Retry-After": _header(_RETRY_AFTER)}
    described = {
        "description": _PROBLEMS[status],
        "content": {"application/problem+json": {"schema": shared("Problem")}},
    }
    return described | ({"headers": headers[status]} if status in headers else {})


def _header(words: str) -> Schema:
    return {"description": words, "schema": {"type": "string"}}


def _translate(value: Any) -> Any:
    """Return a part of the document with its words in the language of the request."""
    if isinstance(value, Mapping):
        return {
            key: gettext(part) if key in _SPOKEN and isinstance(part, str) else _translate(part)
            for key, part in value.items()
        }
    return [_translate(part) for part in value] if isinstance(value, list | tuple) else value
