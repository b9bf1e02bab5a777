"""Kill the trainer, the worker and the site again and again while all of them are at work.

    python -m benchmarks.attack.kill_all [--times 50] [--seed 16] [--pictures 100]
        [--database URL] [--redis URL] [--program FOLDER]

The site is started as `python wsgi.py` starts it, and people keep it busy: they draw, import ZIPs,
train (DIGITNET_MNIST_DIR names MNIST's folder), publish and roll back, and write down what was
acknowledged. At random moments the program that trains, the worker that started it, or the site is
killed with SIGKILL, TIMES times each, in random order, or until Ctrl-C; who was killed starts again
as it does for everybody, but for the site, which is started again at once. The next kill waits
until the run and the import come forward again. After each kill, what was acknowledged must be
there and whole, the model in service must load and answer, and the run must go on within 30 s. In
the end the files are made old and the site is started once more, so that it sweeps: nothing may be
left over.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.attack.busy import People
from benchmarks.attack.kill_import import WRITER
from benchmarks.attack.site import (
    Site,
    child_of,
    drawing,
    free_port,
    program_argument,
    running,
    send,
)
from benchmarks.attack.stored import Store

__all__ = ["Result", "attack"]

_KINDS = ("trainer", "worker", "site")
_MOST_PAUSE = 3.0  # seconds between all at work and the next kill
_STANDSTILL = 30.0  # seconds that a run may be stuck
_PATIENCE = 120.0  # seconds after which it is given up
_LOOK = 0.25  # seconds between two looks


@dataclass
class Result:
    """What was seen: seconds are the longest after a kill of each kind.

    A run is at work when a program trains again, which may have to wait for a core before it comes
    forward; `loads` says how many programs wanted one. What begins with WRONG in `seen` must not
    be.
    """

    times: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    half_there: Counter[str] = field(default_factory=Counter)
    without_service: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))
    at_work: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))
    forward: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))
    loads: list[float] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, half there or wrong, however long it took."""
        wrong = any(what.startswith("WRONG") for what in self.seen)
        return not (self.lost.total() or self.half_there.total() or wrong)

    def __str__(self) -> str:
        lines = [
            "killed    times   lost   half there   no answer for   at work after   forward after"
        ]
        lines += [
            f"{who:<8}{self.times[who]:>7}{self.lost[who]:>7}{self.half_there[who]:>13}"
            f"{self.without_service[who]:>14.1f} s{self.at_work[who]:>14.1f} s"
            f"{self.forward[who]:>14.1f} s"
            for who in _KINDS
        ]
        lines.append(
            f"load average of the machine, which has {os.cpu_count()} cores: "
            f"{min(self.loads):.1f} to {max(self.loads):.1f}"
        )
        return "\n".join([*lines, *(f"{n:>7}  {what}" for what, n in sorted(self.seen.items()))])


def main() -> int:
    """Kill, count, print; 1 if anything was wrong."""
    parser = program_argument(__doc__, times=50, seed=16, pictures=100)
    parser.add_argument("--database", metavar="URL", help="a new database, instead of SQLite")
    parser.add_argument("--redis", metavar="URL", help="where the queue is, instead of a file")
    options = parser.parse_args()
    settings = {"DATABASE_URL": options.database, "REDIS_URL": options.redis}
    with tempfile.TemporaryDirectory() as name:
        result = attack(
            options.program,
            Path(name) / "instance",
            times=options.times,
            seed=options.seed,
            pictures=options.pictures,
            settings={one: url for one, url in settings.items() if url is not None},
        )
    print(result)
    return 0 if result.is_right and max(result.forward.values()) <= _STANDSTILL else 1


def attack(
    program: Path,
    instance: Path,
    *,
    times: int,
    seed: int = 16,
    pictures: int = 100,
    epochs: int = 6,
    settings: dict[str, str] | None = None,
) -> Result:
    """Kill each so often while people are at work, and return what was seen.

    Parameters
    ----------
    program, instance : Path
        Whose wsgi.py is started, and where it has its data.
    times, seed : int
        How often each is killed; when, and in which order.
    pictures, epochs : int
        Of each import, and of each run.
    settings : dict of str to str, or None
        More settings of the site, without DIGITNET_: DATABASE_URL, REDIS_URL.
    """
    dice, result = random.Random(seed), Result()
    order = [who for who in _KINDS for _ in range(times)]
    dice.shuffle(order)
    with ExitStack() as stack:
        victim = _Victim(program, instance, settings or {}, stack)
        with (
            People(victim.site, pictures=pictures, epochs=epochs) as people,
            suppress(KeyboardInterrupt),
        ):
            for who in order:
                _kill(victim, people, who, dice, result)
        _look_in_the_end(victim, people, result)
        result.seen += people.seen
    result.seen = +result.seen
    return result


def _kill(victim: _Victim, people: People, who: str, dice: random.Random, result: Result) -> None:
    """Kill one at a random moment, wait until all goes on, and look at what is there."""
    time.sleep(dice.uniform(0, _MOST_PAUSE))
    trainer = victim.kill(who)
    begun = time.monotonic()
    run, imported = people.administrator.runs[-1], people.importer.progress
    if who == "site":
        victim.start()
    back = at_work = time.monotonic()
    result.times[who] += 1
    result.loads.append(os.getloadavg()[0])
    left = {"run": True, "import": imported is not None}
    before: tuple[str, str] | None = None
    while any(left.values()) and time.monotonic() - begun < _PATIENCE:
        time.sleep(_LOOK)
        left["import"] = left["import"] and people.importer.progress == imported
        now = victim.store.run(run)
        if now is None or now[0] not in ("queued", "running"):
            left["run"] = False
        elif victim.trainer() not in (None, trainer):
            # Only what comes of another trainer than the one that was killed, or lost its worker.
            left["run"] = left["run"] and (before is None or now == before)
            at_work = at_work if before else time.monotonic()
            before = before or now
    forward = time.monotonic() - begun
    result.at_work[who] = max(result.at_work[who], at_work - begun)
    result.forward[who] = max(result.forward[who], forward)
    result.without_service[who] = max(
        result.without_service[who], _waited(people, who, begun, back, result)
    )
    number = result.times.total()
    print(f"{number:4}: the {who}; all goes on after {forward:.1f} s", flush=True)
    _look(victim, people, who, result)


def _waited(people: People, who: str, begun: float, back: float, result: Result) -> float:
    """Return how long nobody was served after a kill, or the slowest answer if somebody was."""
    waits = [0.0]
    for asked, told, status in people.answers:
        if told < begun:
            continue
        if status == 200:
            waits.append(told - asked)
        elif who != "site" or status != 0 or asked > back:
            result.seen[f"WRONG answer to a drawing: {status}"] += 1
    return back - begun if who == "site" else max(waits)


def _look(victim: _Victim, people: People, who: str, result: Result) -> None:
    """Look at the pictures, the runs and the model in service."""
    found = victim.store.look(people.kept)
    result.lost[who] += len(found.lost)
    result.half_there[who] += len(found.half_there)
    most = "files without a row after a kill, at most"
    result.seen[most] = max(result.seen[most], len(found.without_row))
    most = "temporary files after a kill, at most"
    result.seen[most] = max(result.seen[most], len(victim.store.unfinished()))
    administrator = people.administrator
    result.lost[who] += len(set(administrator.runs) - victim.store.runs())
    with administrator.deciding:
        version = victim.store.model_in_service()
        added = version is not None and version != "digits-1"
        answer = send(victim.site.port, drawing())
        result.seen["WRONG model in service"] += (
            (version or "digits-1") != administrator.in_service
            or (added and not victim.store.model_loads(str(version)))
            or answer.status != 200
            or f'"model":"{administrator.in_service}"'.encode() not in answer.content
        )


def _look_in_the_end(victim: _Victim, people: People, result: Result) -> None:
    """Let the last run end, sweep, and look at all again."""
    administrator, store = people.administrator, victim.store
    until = time.monotonic() + 5 * _PATIENCE
    while (told := administrator.look(administrator.runs[-1]))["state"] in ("queued", "running"):
        if time.monotonic() > until:
            break
        time.sleep(1)
    administrator.note(told)
    result.seen["WRONG runs"] += store.runs() != set(administrator.runs)
    result.seen["WRONG imported"] += store.count_by_writer(WRITER) != people.importer.stored
    result.seen["pictures imported"] = people.importer.stored
    result.seen["drawings acknowledged"] = len(people.kept)
    result.seen["tracebacks in the log"] = victim.tracebacks()
    victim.site.stop()
    store.make_old()
    victim.start()
    time.sleep(5)  # for the worker's first look at what was left
    victim.site.stop()
    found = store.look(people.kept, anew=True)
    result.lost["site"] += len(found.lost)
    result.half_there["site"] += len(found.half_there) + len(found.without_row)
    for name in store.left():
        result.seen[f"WRONG file left: {name}"] += 1
    for path in victim.temporary.iterdir():
        result.seen[f"WRONG temporary file left: {path.name}"] += 1


class _Victim:
    """A site with its worker and its trainer, which are killed and start again, on one port."""

    def __init__(
        self, program: Path, instance: Path, settings: dict[str, str], stack: ExitStack
    ) -> None:
        self._stack = stack
        self.store = Store(instance, settings.get("DATABASE_URL"))
        #: Where the site makes temporary files.
        self.temporary = instance.with_name("temporary")
        self.temporary.mkdir()
        self._program = program
        self._settings: dict[str, Any] = {
            "PORT": free_port(),
            "NATIVE_PORT": "",
            "MNIST_DIR": os.environ["DIGITNET_MNIST_DIR"],
            "IMAGE_LIMIT": 10**6,
            "LABEL_LIMIT": 10**6,
            "UPLOAD_QUOTA": 10**11,
            **settings,
        }
        self._logs: list[Path] = []
        self.start()

    def start(self) -> None:
        """Start the site, on the same port."""
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(self.temporary)
        site = running(self._program, instance=self.store.instance, **self._settings)
        self.site: Site = self._stack.enter_context(site)
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
        self._logs.append(self.site.log)

    def trainer(self) -> int | None:
        """Return the process that trains, if there is one."""
        worker = child_of(self.site.process.pid)
        return None if worker is None else child_of(worker)

    def kill(self, who: str) -> int | None:
        """Kill one of them as soon as all are there, and return the trainer that was."""
        until = time.monotonic() + _PATIENCE
        while True:
            worker = child_of(self.site.process.pid)
            trainer = None if worker is None else child_of(worker)
            pids = {"trainer": trainer, "worker": worker, "site": self.site.process.pid}
            pid = pids[who]
            if pid is not None:
                break
            if time.monotonic() > until:
                raise RuntimeError(f"there is no {who}")
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if who == "site":
            self.site.process.wait()
        return trainer

    def tracebacks(self) -> int:
        """Return how many exceptions are in the logs."""
        return sum(log.read_text(errors="replace").count("Traceback (") for log in self._logs)


if __name__ == "__main__":
    sys.exit(main())
