"""A network that takes its time."""

import time


def delay_reading(app, monkeypatch, seconds, times=10**9):
    recogniser, left = app.extensions["services"].recogniser, [times]
    read = recogniser.read

    def slow(picture):
        left[0] -= 1
        if left[0] >= 0:
            time.sleep(seconds)
        return read(picture)

    monkeypatch.setattr(recogniser, "read", slow)
