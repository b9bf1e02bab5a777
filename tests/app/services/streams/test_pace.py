"""The pace of frames: what thirty cameras get of a server that reads one frame after the other."""

import random
import statistics
from contextlib import ExitStack, suppress

import pytest

from app.services.streams import LONGEST_WAIT, FrameDropped, Pace

RATE = 5  # frames a second that a camera would send
STEP = 0.002  # seconds of the clock
LEARNING = 5  # seconds in which the pace finds out how fast the server is


class Class:
    """Cameras that keep to the pace, and a server with so many threads on one core."""

    def __init__(self, cameras, *, frame, threads=2, follows=True):
        self.now = 0.0
        self.pace = Pace(lambda: self.now)
        self.frame, self.threads, self.follows = frame, threads, follows
        self.random = random.Random(1)
        self.due = [self.random.random() / RATE for _ in range(cameras)]
        self.sent: list[float | None] = [None] * cameras
        self.queue, self.at_work = [], []
        self.waits, self.dropped = [], 0

    def run(self, seconds):
        for _ in range(round(seconds / STEP)):
            for camera, due in enumerate(self.due):
                if self.sent[camera] is None and due <= self.now:
                    self.sent[camera] = self.now
                    self.queue.append(camera)
            while self.queue and len(self.at_work) < self.threads:
                self.begin(self.queue.pop(0))
            share = STEP / len(self.at_work) if self.at_work else 0
            self.at_work = [[left - share, *rest] for left, *rest in self.at_work]
            for work in [work for work in self.at_work if work[0] <= 0]:
                self.at_work.remove(work)
                self.end(*work[1:])
            self.now += STEP
        return self

    def begin(self, camera):
        reading = ExitStack()
        try:
            reading.enter_context(self.pace.reading(self.now - self.sent[camera]))
        except FrameDropped:
            self.dropped += 1
            self.due[camera], self.sent[camera] = self.now + 1, None
            return
        takes = self.frame * self.random.uniform(0.5, 1.5)
        self.at_work.append([takes, camera, reading])

    def end(self, camera, reading):
        reading.close()
        sent, self.sent[camera] = self.sent[camera], None
        again = self.pace.again_ms() / 1000 if self.follows else 0
        self.due[camera] = max(sent + 1 / RATE, self.now + again)
        if self.now > LEARNING:
            self.waits.append(self.now - sent)


@pytest.mark.parametrize("cameras", [30, 60])
def test_more_cameras_than_can_be_read_are_answered_soon_and_the_server_is_busy(cameras):
    room = Class(cameras, frame=0.012).run(15)
    most = (15 - LEARNING) / 0.012
    assert len(room.waits) > 0.93 * most
    assert statistics.quantiles(room.waits, n=20)[-1] < LONGEST_WAIT
    late = Class(cameras, frame=0.012, follows=False).run(15)
    assert late.dropped > 3 * room.dropped


def test_few_cameras_are_not_held_back():
    room = Class(8, frame=0.015).run(15)
    assert len(room.waits) == pytest.approx(8 * RATE * (15 - LEARNING), rel=0.02)
    assert room.dropped == 0


def test_a_server_that_becomes_slower_or_faster_is_followed():
    room = Class(30, frame=0.01).run(10)
    for frame in (0.03, 0.01):
        room.frame = frame
        room.run(5)
        room.waits.clear()
        room.run(10)
        assert len(room.waits) > 0.9 * 10 / frame
        assert statistics.quantiles(room.waits, n=20)[-1] < LONGEST_WAIT + 0.06


def test_a_frame_that_waited_too_long_is_not_read():
    pace = Pace(lambda: 0.0)
    with pytest.raises(FrameDropped), pace.reading(LONGEST_WAIT + 0.01):
        pytest.fail("it was read")
    with pace.reading(LONGEST_WAIT):
        pass


def test_a_frame_that_cannot_be_read_ends_as_well():
    now = [0.0]
    pace = Pace(lambda: now[0])
    for _ in range(100):
        with suppress(ValueError), pace.reading(0):
            now[0] += 0.05
            raise ValueError("no picture")
        now[0] += 10
        assert pace.again_ms() == 0
    assert 30 < pace.again_ms() <= 50
