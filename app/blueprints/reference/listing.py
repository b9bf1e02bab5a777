"""The API's document as its page lists it: operations, what they take and what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.web.schemas import Schema

__all__ = ["Body", "Entry", "Field", "list_operations"]

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Field:
    """A parameter or a property: its name, its type in short, what it means, what is in it."""

    name: str
    type: str
    description: str = ""
    place: str = ""
    is_required: bool = False
    #: What may be chosen, if that is all there is.
    choices: tuple[str, ...] = ()
    is_file: bool = False
    example: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Body:
    """A form in which a body may be sent; `kind` is "file", "form" or "json"."""

    media_type: str
    kind: str
    fields: tuple[Field, ...]
    example: str


@dataclass(frozen=True)
class Reply:
    """An answer: its status, and, of JSON, the variants that it may have."""

    status: str
    description: str
    media_types: tuple[str, ...]
    variants: tuple[tuple[str, tuple[Field, ...]], ...]


@dataclass(frozen=True)
class Entry:
    """An operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: tuple[Field, ...]
    bodies: tuple[Body, ...]
    replies: tuple[Reply, ...]

    @property
    def answers_file(self) -> bool:
        """Whether what is asked for is a file rather than JSON."""
        return self.replies[0].media_types != ("application/json",)


@dataclass(frozen=True)
class _Reader:
    """Reads a document, following its references."""

    document: Schema

    def follow(self, value: Schema) -> Schema:
        """Return what a part of the document says, or what it refers to."""
        while "$ref" in value:
            found: Any = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        return value

    def fields(self, schema: Schema) -> tuple[Field, ...]:
        """Return the properties of an object, or of the objects of a list."""
        schema = self.follow(schema)
        for part in schema.get("anyOf", ()):
            if found := self.fields(part):
                return found
        if "items" in schema:
            return self.fields(schema["items"])
        required = schema.get("required", ())
        return tuple(
            self.field(name, part, is_required=name in required)
            for name, part in schema.get("properties", {}).items()
        )

    def field(self, name: str, schema: Schema, **more: Any) -> Field:
        """Return a property or parameter with this schema."""
        own = self.follow(schema)
        more.setdefault("description", own.get("description", ""))
        return Field(
            name,
            self.type_of(own),
            choices=tuple(map(str, own.get("enum", ()))),
            is_file="contentMediaType" in own,
            fields=self.fields(own),
            **more,
        )

    def type_of(self, schema: Schema) -> str:
        """Return a type in short: integer | null, object[]."""
        schema = self.follow(schema)
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self.type_of(part) for part in schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            return " | ".join(json.dumps(value) for value in values)
        types = schema.get("type", "any")
        names = [types] if isinstance(types, str) else types
        inner = f"{self.type_of(schema['items'])}[]" if "items" in schema else "array"
        return " | ".join(inner if name == "array" else name for name in names)


def list_operations(document: Schema) -> dict[str, list[Entry]]:
    """Return the operations of a document under its headings."""
    groups: dict[str, list[Entry]] = {tag["name"]: [] for tag in document["tags"]}
    reader = _Reader(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            entry = _entry(reader, method.upper(), path, operation)
            groups[operation["tags"][0]].append(entry)
    return groups


def _entry(reader: _Reader, method: str, path: str, operation: Schema) -> Entry:
    return Entry(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        needs_token={} not in operation["security"],
        parameters=tuple(_parameter(reader, each) for each in operation["parameters"]),
        bodies=tuple(_bodies(reader, operation.get("requestBody", {}).get("content", {}))),
        replies=tuple(
            _reply(reader, status, reader.follow(each))
            for status, each in sorted(operation["responses"].items())
        ),
    )


def _parameter(reader: _Reader, given: Schema) -> Field:
    return reader.field(
        given["name"],
        given["schema"],
        description=given["description"],
        place=given["in"],
        is_required=given.get("required", False),
        example=str(given.get("example", "")),
    )


def _bodies(reader: _Reader, content: Mapping[str, Schema]) -> Iterator[Body]:
    for media_type, given in content.items():
        if media_type == "application/json":
            kind = "json"
        else:
            kind = "form" if media_type in _FORMS else "file"
        example = given.get("example", {})
        yield Body(
            media_type,
            kind,
            tuple(_with_example(reader.fields(given.get("schema", {})), example)),
            json.dumps(example, ensure_ascii=False, indent=1) if kind == "json" else "",
        )


def _with_example(fields: tuple[Field, ...], example: Schema) -> Iterator[Field]:
    for one in fields:
        yield replace(one, example=str(example.get(one.name, "")))


def _reply(reader: _Reader, status: str, given: Schema) -> Reply:
    content = given.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    parts = schema.get("anyOf", [schema]) if schema else []
    return Reply(
        status,
        given["description"],
        tuple(content),
        tuple((part.get("title", ""), reader.fields(part)) for part in parts),
    )
