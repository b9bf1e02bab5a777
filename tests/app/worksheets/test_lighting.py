"""Light: the edge of a shadow is paper, and ink is ink on both of its sides."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.worksheets.lighting import darkness_of

SCALE = 8


@pytest.mark.parametrize("corner", [0.0, 12.0, 22.0, 33.0])
def test_the_edge_of_a_shadow_is_no_ink(corner: float) -> None:
    """The shadow lies beyond a diagonal whose edge is two millimetres wide."""
    width, height = 30 * SCALE, 22 * SCALE
    page = Image.new("L", (width, height), 230)
    ImageDraw.Draw(page).line([(4 * SCALE, 20 * SCALE), (26 * SCALE, 3 * SCALE)], 40, SCALE)
    rows, columns = np.indices((height, width)) / SCALE
    light = 1 - 0.5 * np.clip(((rows + columns) / np.sqrt(2) - corner) / 2, 0, 1)
    ink = np.asarray(page) < 100
    lit = Image.fromarray((np.asarray(page) * light).astype(np.uint8))
    darkness = darkness_of(lit, SCALE)
    assert darkness[ink].min() > 0.6
    assert darkness[~ink].max() < 0.15
