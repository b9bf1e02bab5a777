"""JSON Schemas of what the API answers with in more than one place, and what schemas are made of.

Beside `app.web.encoding` and `app.web.problems`, which make such answers.
"""

from __future__ import annotations

from typing import Any, get_args

from app.languages import mark
from app.services.pictures.labels import LABELS
from cnn.reading.results import Because, WhyLeftOut

__all__ = [
    "BOOLEAN",
    "COUNT",
    "DIGIT",
    "FLAG",
    "LABEL",
    "NUMBER",
    "PROBABILITY",
    "SCHEMAS",
    "TEXT",
    "UUID_TEXT",
    "Schema",
    "array_of",
    "object_of",
    "or_null",
    "shared",
]

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
UUID_TEXT: Schema = {"type": "string", "format": "uuid"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DIGIT: Schema = {"type": "integer", "minimum": 0, "maximum": 9}
PROBABILITY: Schema = {"type": "number", "minimum": 0, "maximum": 1}
LABEL: Schema = {"type": "string", "enum": list(LABELS)}
#: A switch of a query.
FLAG: Schema = {"type": "string", "enum": ["0", "1"]}


def object_of(*optional: str, **properties: Schema) -> Schema:
    """Return the schema of an object with exactly these properties, of which some may be missing.

    `class_` stands for class.
    """
    named = {name.removesuffix("_"): schema for name, schema in properties.items()}
    return {
        "type": "object",
        "properties": named,
        "required": [name for name in named if name not in optional],
        "additionalProperties": False,
    }


def array_of(items: Schema, count: int | None = None) -> Schema:
    """Return the schema of a list, of so many where a count is given."""
    bounds = {} if count is None else {"minItems": count, "maxItems": count}
    return {"type": "array", "items": items} | bounds


def or_null(schema: Schema) -> Schema:
    """Return the schema of what may be null instead."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def shared(name: str) -> Schema:
    """Return a reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def _said(schema: Schema, description: str) -> Schema:
    return schema | {"description": description}


_DATA_URL = _said(TEXT, mark("A picture as a data URL."))
_PROBABILITIES = _said(array_of(PROBABILITY, 10), mark("Of each of the digits 0 to 9."))

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        **object_of(
            type=TEXT,
            title=TEXT,
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=_said(TEXT, mark("What is wrong and what to do, for people.")),
        ),
        "description": mark("An error (RFC 9457)."),
    },
    "Refusal": {
        **object_of(code=TEXT, message=_said(TEXT, mark("The same for people."))),
        "description": mark("Why nothing, or not all, was read."),
    },
    "LeftOut": {
        **object_of(
            box=_said(array_of({"type": "integer"}, 4), mark("x, y, width and height in pixels.")),
            why={"type": "string", "enum": list(get_args(WhyLeftOut))},
        ),
        "description": mark("What was seen and not read: where, and what it is or why not."),
    },
    "Because": {
        **object_of(
            code={"type": "string", "enum": list(get_args(Because))},
            message=_said(TEXT, mark("The same for people.")),
        ),
        "description": mark("How a writer's habits decided between two digits that were near."),
    },
    "Digit": object_of(
        "normalised",
        digit=DIGIT,
        confidence=PROBABILITY,
        probabilities=_PROBABILITIES,
        alternatives=_said(array_of(DIGIT), mark("What it may be as well, the likeliest first.")),
        because=or_null(shared("Because")),
        box=_said(array_of({"type": "integer"}, 4), mark("x, y, width and height in pixels.")),
        normalised=_said(TEXT, mark("What the network saw, as a data URL; only if asked for.")),
    ),
    "Picture": _DATA_URL,
    "Numbers": {
        **object_of(
            shape=array_of(COUNT),
            data=_said(TEXT, mark("float32, little-endian, row by row, in base64.")),
        ),
        "description": mark("An array of numbers."),
    },
    "Model": object_of(
        name=TEXT,
        accuracy=_said(or_null(PROBABILITY), mark("As measured on pictures it never saw.")),
        trained_at=_said(or_null(TEXT), mark("When it was trained (ISO 8601).")),
    ),
}
