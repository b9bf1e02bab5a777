"""How long an answer takes while a model is trained, against an idle site.

    python -m benchmarks.predict_while_training [--rounds 3] [--seconds 20]

DIGITNET_MNIST_DIR names the folder of MNIST's files. In each round, pictures are read one after the
other for SECONDS at an idle site, then as long while a run trains.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from typing import Any

from benchmarks.attack.site import ROOT, Person, Reader, running

_PAUSE = 0.02  # seconds between two pictures


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    folder = os.environ["DIGITNET_MNIST_DIR"]
    with running(ROOT, NATIVE_PORT="", MNIST_DIR=folder) as site:
        admin = _Administrator(site.port)
        site.run("-m", "flask", "--app", "wsgi", "make-admin", "admin")
        print("95th percentile, idle and while a run trains")
        for _ in range(options.rounds):
            idle = _measure(site.port, options.seconds)
            admin.train()
            busy = _measure(site.port, options.seconds)
            admin.cancel()
            print(f"{idle * 1000:6.1f} ms  {busy * 1000:6.1f} ms  {busy / idle:.2f} x", flush=True)
    return 0


def _measure(port: int, seconds: float) -> float:
    reader = Reader(port, pause=_PAUSE)
    reader.read_for(seconds)
    if reader.failures:
        raise RuntimeError(f"{reader.failures} answers failed")
    waits = sorted(reader.waits)
    return waits[math.ceil(len(waits) * 0.95) - 1]


class _Administrator(Person):
    """Starts and cancels a run."""

    def __init__(self, port: int) -> None:
        super().__init__(port, "admin")
        self._run = ""

    def train(self) -> None:
        """Start a run, and wait until it learns."""
        self._run = self._post("/retrain_model")["run"]
        while self._tell()["phase"] != "training" or not self._tell()["batches"]["epoch"]:
            time.sleep(0.2)

    def cancel(self) -> None:
        """End the run, which must have trained all the while."""
        told = self._tell()
        if told["phase"] != "training":
            raise RuntimeError(f"the run was {told['state']}, {told['phase']}: measure for less")
        self._post(f"/runs/{self._run}/cancel")
        while self._tell()["state"] == "running":
            time.sleep(0.2)

    def _tell(self) -> dict[str, Any]:
        return self._read("GET", f"/runs/{self._run}")

    def _post(self, path: str) -> dict[str, Any]:
        return self._read("POST", path)

    def _read(self, method: str, path: str) -> dict[str, Any]:
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        answer = self.ask(method, path, headers=headers)
        told: dict[str, Any] = json.loads(answer.content)
        return told


if __name__ == "__main__":
    sys.exit(main())
