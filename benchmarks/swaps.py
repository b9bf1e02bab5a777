"""Puts models in service and takes them back, again and again, while pictures are read.

    python -m benchmarks.swaps [--swaps 100] [--rate 50]

Starts the site in a folder of its own and adds a second version of the digit model. While RATE
requests a second ask for a digit, an administrator publishes and rolls back in turn, SWAPS times.
Counts requests that failed, and answers that name a version that was not in service just then;
a process takes what another one published within a second.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.attack.site import ROOT, Answer, Person, Site, drawing, running, send
from cnn.models.model_file import load_model, save_model

__all__ = ["swap"]

_PAUSE = 2.0  # seconds between two swaps, longer than the grace
_GRACE = 1.2  # seconds after a swap in which the version before may answer
_READERS = 8


def main() -> int:
    """Swap, count, print; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    options = parser.parse_args()
    with running(ROOT, NATIVE_PORT="") as site:
        seen, seconds = swap(site, swaps=options.swaps, rate=options.rate)
    for what, count in sorted(seen.items()):
        print(f"{what:>40}: {count}")
    slowest = sorted(seconds)[int(len(seconds) * 0.95)]
    print(f"{'median, 95th percentile':>40}: {statistics.median(seconds):.3f} s, {slowest:.3f} s")
    return 1 if any(what.startswith("WRONG") for what in seen) else 0


def swap(site: Site, *, swaps: int, rate: float) -> tuple[Counter[str], list[float]]:
    """Swap models at a site, and return what was seen, and how long each answer took.

    What begins with WRONG must not be.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.dnm"
        save_model(replace(load_model(), metadata={"name": "digits-2"}), path)
        site.run("-m", "flask", "--app", "wsgi", "model", "add", str(path))
    admin = Person(site.port, "admin")
    site.run("-m", "flask", "--app", "wsgi", "make-admin", "admin")
    readers = _Readers(site.port, rate)
    changes = [(0.0, "digits-1")]
    with readers:
        for number in range(swaps):
            if number % 2 == 0:
                action, body, version = "publish", {"version": "digits-2"}, "digits-2"
            else:
                action, body, version = "rollback", {}, "digits-1"
            begun = time.monotonic()
            answer = _decide(admin, action, body | {"reason": f"swap {number}"})
            changes.append((begun, version))
            if answer.status != 200 or json.loads(answer.content)["in_service"] != version:
                readers.seen[f"WRONG answer to a swap: {answer.status}"] += 1
            time.sleep(_PAUSE)
    seen = readers.seen
    seen["swaps"] = swaps
    for begun, ended, version in readers.answers:
        seen[f"answers of {version}"] += 1
        seen["WRONG version"] += version not in _served(changes, begun, ended)
    return +seen, [ended - begun for begun, ended, _ in readers.answers]


def _decide(admin: Person, action: str, given: dict[str, Any]) -> Answer:
    body = json.dumps(given).encode()
    headers = {"X-CSRFToken": admin.token, "Content-Type": "application/json"}
    headers |= {"Accept": "application/json", "Content-Length": str(len(body))}
    return admin.ask("POST", f"/models/digits/{action}", body, headers)


def _served(changes: list[tuple[float, str]], begun: float, ended: float) -> set[str]:
    """Return the versions that may have answered from one moment to another."""
    ends = [moment for moment, _ in changes[1:]] + [float("inf")]
    return {
        version
        for (moment, version), end in zip(changes, ends, strict=True)
        if moment <= ended and begun <= end + _GRACE
    }


class _Readers:
    """Several who ask for a digit at a steady rate, until the block ends."""

    def __init__(self, port: int, rate: float) -> None:
        self._port = port
        self._every = _READERS / rate
        self._picture = drawing()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(_READERS)]
        self.seen: Counter[str] = Counter()
        self.answers: list[tuple[float, float, str]] = []

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _read(self) -> None:
        due = time.monotonic()
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            due += self._every
            begun = time.monotonic()
            answer = send(self._port, self._picture)
            if answer.status == 200:
                version = json.loads(answer.content)["model"]
                self.answers.append((begun, time.monotonic(), version))
            else:
                self.seen[f"WRONG answer to a picture: {answer.status}"] += 1


if __name__ == "__main__":
    sys.exit(main())
