"""Clocks that stand still until they are told to go on."""

from datetime import UTC, datetime, timedelta

from app.web.services import services_of


class Clock:
    def __init__(self, now=datetime(2030, 1, 1, tzinfo=UTC)):
        self.now = now

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)


class Seconds:
    """In place of time.monotonic."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


def stop_attempts_clock(app, monkeypatch):
    """Reckon a site's delays after failures by a clock that stands still, and return it."""
    clock = Clock(datetime.now(UTC))
    monkeypatch.setattr(services_of(app).accounts._attempts, "_clock", clock)
    return clock


def stop_streams_clock(app, monkeypatch):
    """Let no stream of a site run out, however long a machine takes, and return their clock."""
    clock = Seconds()
    monkeypatch.setattr(services_of(app).streams._store, "_clock", clock)
    return clock
