"""What the fields of the forms are called on the page, and which of them an error is about."""

from __future__ import annotations

from types import MappingProxyType

from app.errors import CodedError
from app.languages import mark
from app.sentences import say_error
from app.web.language import current_language, gettext

__all__ = ["LABELS", "field_of", "say_on_page"]

#: The labels of fields, by their names.
LABELS = MappingProxyType(
    {
        "epochs": mark("Epochs"),
        "rate": mark("Highest learning rate"),
        "size": mark("Side in pixels, as the network sees it"),
        "augment.rotation": mark("Turned, degrees"),
        "augment.scale": mark("Larger or smaller, share"),
        "augment.shear": mark("Slanted, columns for each row"),
        "augment.shift": mark("Moved, pixels"),
        "augment.elastic": mark("Bent, pixels"),
        "augment.thickness": mark("Thicker or thinner, pixels"),
        "augment.noise": mark("Noise, where white is 1"),
    }
)


def field_of(error: CodedError) -> str | None:
    """Return the name of the field that an error is about, if it is one of them."""
    name = error.values.get("name")
    return str(name) if name in LABELS else None


def say_on_page(error: CodedError) -> str:
    """Return an error's sentence, with the label of its field, not the name programs use."""
    field = field_of(error)
    values = error.values if field is None else {**error.values, "name": gettext(LABELS[field])}
    return say_error(CodedError(error.code, **values), current_language())
