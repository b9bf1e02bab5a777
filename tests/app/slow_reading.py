"""A network that takes its time, or as long as a test likes."""

import threading
import time
from dataclasses import dataclass, field

from app.web.services import services_of


def delay_reading(app, monkeypatch, seconds):
    """Let every answer take so long."""
    recogniser = services_of(app).recogniser
    read = recogniser.read

    def slow(picture, **given):
        time.sleep(seconds)
        return read(picture, **given)

    monkeypatch.setattr(recogniser, "read", slow)


@dataclass
class Held:
    """An answer: whether it has begun, whether it may go on, and whether it is over."""

    begun: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


def hold_reading(app, monkeypatch):
    """Hold the first answer until it is let go."""
    recogniser = services_of(app).recogniser
    read, held = recogniser.read, Held()

    def slow(picture, **given):
        if held.begun.is_set():
            return read(picture, **given)
        held.begun.set()
        held.go.wait(60)
        try:
            return read(picture, **given)
        finally:
            held.over.set()

    monkeypatch.setattr(recogniser, "read", slow)
    return held
