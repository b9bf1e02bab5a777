"""Which pictures are frames of cameras, and where they are read."""

import pytest

from app.web.lanes import Lane, Lanes
from app.web.pacing import lane_of_picture


@pytest.mark.parametrize(
    ("query", "lane"),
    [
        ("stream=key", Lane.FRAMES),
        ("stream=key&dropped=3&latency_ms=80&model=cats-dogs", Lane.FRAMES),
        ("stream=key&normalised=1", Lane.READING),
        ("label=7&stream=key", Lane.READING),
        ("store=1", Lane.READING),
        ("", Lane.READING),
    ],
)
def test_only_frames_of_cameras_are_read_apart(app, query, lane):
    lanes = Lanes(app, threads=4)
    assert lane_of_picture(query) is lanes.find("POST", "/predict", query) is lane
    assert lanes.find("GET", "/", query) is Lane.PAGES
    lanes.close()
