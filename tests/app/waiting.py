"""Waiting for what happens in another thread or process."""

import time


def eventually(condition, seconds=60):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)
