"""What a native server keeps open while it serves."""

import threading
from pathlib import Path


def native_threads():
    """Return how many threads serve one client each."""
    others = ("native-accept", "native-care", "native-key", "native-worker", "native-password")
    names = [thread.name for thread in threading.enumerate()]
    return len([n for n in names if n.startswith("native-") and not n.startswith(others)])


def open_files():
    folder = Path("/proc/self/fd")
    return len(list(folder.glob("*.png")))
