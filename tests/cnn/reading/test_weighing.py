"""Weighing: which of two readings is given, the one by a page map or the one without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnn.models.model import Model
from cnn.reading.reader import read
from cnn.reading.results import Reading
from cnn.reading.weighing import is_better
from cnn.vision.normalise import Refusal, RefusalReason
from tests.cnn.drawn import Sheet
from tests.cnn.reading.pages import as_map, page_of


@pytest.mark.parametrize(
    ("reason", "likeness", "rows", "given"),
    [
        ("dots", 10.0, 5, True),
        ("dots", 10.0, 1, False),
        ("something_else", 10.0, 1, True),
        ("something_else", 6.0, 1, False),
    ],
)
def test_where_there_seem_to_be_dots_more_must_speak_for_a_digit(
    model: Model, sheet: Sheet, reason: RefusalReason, likeness: float, rows: int, given: bool
) -> None:
    """A digit that is to be traced is dots, and so are clicks; of ten `rows` a map sees so many."""
    picture = page_of(sheet, "5")
    new = read(model, picture)
    digits = tuple(replace(one, likeness=likeness) for one in new.digits)
    page = as_map(picture)
    seen = (np.arange(picture.height) % 10 < rows).astype(np.float32)[:, None]
    page = replace(page, digit=page.digit * seen, other=page.digit * (1 - seen))
    before = Reading((), Refusal("not_a_digit", reason), None)
    assert is_better(replace(new, digits=digits), before, page, picture.size) is given
