"""Kill the trainer, the worker and the site again and again while models are trained.

    python -m benchmarks.attack.kill_training [--kills 50] [--program FOLDER]

An administrator starts one short run of training after the other (DIGITNET_MNIST_DIR names MNIST's
folder), and puts in service what comes of them. At random moments the program that trains, the
worker that started it, or the site is killed with SIGKILL, KILLS times each. After each kill the
model in service must load; each run must come to its end, with all its epochs, and may not stand
still for more than 30 s. So that nobody waits for it, a dead worker's heartbeat is made old, but
for the first kills of each kind.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from benchmarks.attack.site import (
    Answer,
    Person,
    Site,
    child_of,
    drawing,
    free_port,
    program_argument,
    running,
    send,
)
from cnn.errors import ModelFileError
from cnn.models.model_file import load_model

__all__ = ["attack"]

_KINDS = ("trainer", "worker", "site")
_EPOCHS = 4
_LEAST, _MOST = 1.0, 12.0  # seconds between two kills
_PATIENT = 3  # kills of each kind after which nobody helps
_STANDSTILL = 30.0
_ENDING = 300.0  # seconds that a run may take from its last kill
_READ = "SELECT content FROM model_part p JOIN model_version v ON v.id = p.model_id "


def main() -> int:
    """Kill, count, print; 1 if anything was wrong."""
    options = program_argument(__doc__, kills=50).parse_args()
    with tempfile.TemporaryDirectory() as name:
        seen, longest = attack(options.program, Path(name) / "instance", kills=options.kills)
    for what, count in sorted(seen.items()):
        print(f"{what:>40}: {count}")
    for who, seconds in longest.items():
        print(f"{f'longest standstill after the {who}':>40}: {seconds:.1f} s")
    return 1 if any(what.startswith("WRONG") for what in seen) else 0


def attack(
    program: Path, instance: Path, *, kills: int, patient: int = _PATIENT
) -> tuple[Counter[str], dict[str, float]]:
    """Train until each was killed so often, and return what was seen, and the standstills.

    What begins with WRONG must not be.
    """
    dice = random.Random(4)
    seen: Counter[str] = Counter()
    longest = dict.fromkeys(_KINDS, 0.0)
    with ExitStack() as stack:
        victim = _Victim(program, instance, stack)
        while min(seen[f"kills of the {who}"] for who in _KINDS) < kills:
            run = victim.start_run()
            while not victim.has_ended(run):
                if min(seen[f"kills of the {who}"] for who in _KINDS) >= kills:
                    break
                time.sleep(dice.uniform(_LEAST, _MOST))
                who = min(_KINDS, key=lambda one: (seen[f"kills of the {one}"], dice.random()))
                if not victim.kill(who):
                    continue
                seen[f"kills of the {who}"] += 1
                seen["WRONG model in service"] += not victim.model_loads()
                helped = seen[f"kills of the {who}"] > patient
                longest[who] = max(longest[who], victim.standstill(run, helped=helped))
            seen["runs"] += 1
            victim.look(run, seen)
        left = [path.name for path in (instance / "runs").iterdir()]
        seen["WRONG folders left"] += len(left)
    seen["WRONG standstill"] += max(longest.values()) > _STANDSTILL
    return +seen, longest


class _Victim:
    """A site with its worker and its trainer, which are killed and start again, on one port."""

    def __init__(self, program: Path, instance: Path, stack: ExitStack) -> None:
        self._program, self._instance, self._stack = program, instance, stack
        self._port = free_port()
        self._site = self._start()
        self._admin = Person(self._port, "admin")
        self._site.run("-m", "flask", "--app", "wsgi", "make-admin", "admin")

    def start_run(self) -> str:
        given = {"quick": True, "epochs": _EPOCHS}
        run: str = json.loads(self._post("/retrain_model", given).content)["run"]
        return run

    def has_ended(self, run: str) -> bool:
        return self._run(run)["state"] not in ("queued", "running")

    def kill(self, who: str) -> bool:
        """Kill one of them; False if it does not run just then."""
        pids = [self._site.process.pid]
        while len(pids) <= _KINDS[::-1].index(who):
            child = child_of(pids[-1])
            if child is None:
                return False
            pids.append(child)
        with suppress(ProcessLookupError):
            os.kill(pids[-1], signal.SIGKILL)
        if who == "site":
            self._site.process.wait()
        return True

    def standstill(self, run: str, *, helped: bool) -> float:
        """Start the site if it was killed, and return the seconds until the run is cared for."""
        begun = time.monotonic()
        if self._site.process.poll() is not None:
            self._site = self._start()
        if helped:
            self._ask("UPDATE job SET heartbeat = '2000-01-01 00:00:00' WHERE state = 'running'")
        before = self._written(run)
        while not self.has_ended(run) and self._written(run) == before:
            if time.monotonic() - begun > 2 * _STANDSTILL:
                break
            time.sleep(0.05)
        return time.monotonic() - begun

    def model_loads(self) -> bool:
        """Say whether the file of the model in service can be loaded; what ships always can."""
        rows = self._ask("SELECT version FROM publication ORDER BY number DESC LIMIT 1")
        if not rows:
            return True
        chosen = f"{_READ} WHERE v.version = '{rows[0][0]}' ORDER BY p.number"
        content = b"".join(part for (part,) in self._ask(chosen))
        path = self._instance / "in-service.dnm"
        path.write_bytes(content)
        try:
            load_model(path)
        except ModelFileError:
            return False
        return True

    def look(self, run: str, seen: Counter[str]) -> None:
        """See how a run ended, publish what came of it, and read a digit with that."""
        until = time.monotonic() + _ENDING
        while not self.has_ended(run):
            if time.monotonic() > until:
                seen["WRONG run without an end"] += 1
                return
            time.sleep(0.1)
        told = self._run(run)
        if told["state"] != "finished" or told["epoch"] != _EPOCHS:
            seen[f"WRONG {told['state']} after {told['epoch']} epochs: {told['error']}"] += 1
            return
        answer = self._post(f"/runs/{run}/publish", {"reason": "it was trained"})
        expected = 409 if told["decision"] == "worse" else 200
        seen[f"runs found {told['decision']}"] += 1
        seen["WRONG answer to publishing"] += answer.status != expected
        seen["WRONG answer to a picture"] += send(self._port, drawing()).status != 200

    def _written(self, run: str) -> tuple[Any, ...]:
        """Return what changes when a worker cares for a run."""
        told = self._run(run)
        return told["state"], told["phase"], told["epoch"], told["batches"], len(told["log"])

    def _run(self, run: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._send("GET", f"/runs/{run}").content)
        return told

    def _post(self, path: str, given: dict[str, Any]) -> Answer:
        return self._send("POST", path, json.dumps(given).encode())

    def _send(self, method: str, path: str, body: bytes = b"") -> Answer:
        headers = {"X-CSRFToken": self._admin.token, "Accept": "application/json"}
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        until = time.monotonic() + _ENDING
        while True:
            answer = self._admin.ask(method, path, body, headers)
            if answer.status not in (0, 503) or time.monotonic() > until:
                return answer
            time.sleep(0.05)

    def _start(self) -> Site:
        site = running(
            self._program,
            instance=self._instance,
            PORT=self._port,
            NATIVE_PORT="",
            MNIST_DIR=os.environ["DIGITNET_MNIST_DIR"],
        )
        return self._stack.enter_context(site)

    def _ask(self, statement: str) -> list[Any]:
        with sqlite3.connect(self._instance / "digitnet.db", timeout=60) as database:
            found = database.execute(statement).fetchall()
        database.close()
        return found


if __name__ == "__main__":
    sys.exit(main())
