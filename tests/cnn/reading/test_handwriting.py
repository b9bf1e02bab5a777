"""Digits as the world writes them, damaged ones among them: pictures that were once misread.

A picture's name says how it is written and, behind the two underlines, what it is.
"""

from __future__ import annotations

from pathlib import Path

import cnn

PICTURES = sorted((Path(__file__).parent / "handwriting").iterdir())


def test_other_hands_are_read() -> None:
    model = cnn.load_model()
    expected = {path.stem: path.stem.split("__")[1] for path in PICTURES}
    found = {path.stem: cnn.read(model, path).text for path in PICTURES}
    wrong = {name: found[name] for name, digits in expected.items() if found[name] != digits}
    assert len(PICTURES) == 46
    assert 1 - len(wrong) / len(PICTURES) >= 0.95, wrong
