"""Kill the site and its worker again and again while training data is uploaded: is it whole?

    python -m benchmarks.attack.kill_import [--kills 50] [--pictures 600] [--program FOLDER]

Somebody uploads pictures, has them checked and imported, and asks again where no answer came, as
the page Collect does. At a random moment of the sending, of the check and of the import, the
site or the worker is killed with SIGKILL, KILLS times each. After each kill, every row must have
its whole file and its label; after each import all counts must be right; and the same pictures
again must import nothing. A dead worker's heartbeat is made old, so that nobody waits for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.attack.kill import drawn
from benchmarks.attack.site import Person, Site, child_of, free_port, program_argument, running

__all__ = ["WRITER", "Upload", "attack"]

#: Who wrote what is imported.
WRITER = "Ann"

_TOGETHER = 100  # pictures of one request
_PATIENCE = 120.0  # seconds for a step, kills included
#: Seconds that a phase takes at least, of which one is the moment of a kill.
_SPANS = {"sending": 1.0, "checking": 2.5, "importing": 1.2}


def main() -> int:
    """Kill, count, print; 1 if anything was wrong."""
    options = program_argument(__doc__, kills=50, pictures=600).parse_args()
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name) / "instance"
        result = attack(options.program, instance, kills=options.kills, pictures=options.pictures)
    for what, count in sorted(result.items()):
        print(f"{what:>40}: {count}")
    return 1 if any(what.startswith("WRONG") for what in result) else 0


def attack(program: Path, instance: Path, *, kills: int, pictures: int) -> Counter[str]:
    """Upload until the site and the worker were killed so often each, and return what was seen.

    What begins with WRONG must not be.
    """
    dice = random.Random(16)
    seen: Counter[str] = Counter()
    with ExitStack() as stack:
        victim = _Victim(program, instance, stack)
        number = 0
        while min(seen[f"kills of the {who}"] for who in ("site", "worker")) < kills:
            files = [drawn(dice) for _ in range(pictures)]
            _kill_in_each_phase(victim, Upload(victim.port, files, number), dice, seen)
            number += 1
        again = Upload(victim.port, files, number)
        again.run()
        seen["stored by the same again"] = again.result["stored"]
        seen["WRONG the same again"] += again.result["stored"] or pictures - again.result["known"]
    return +seen


def _kill_in_each_phase(
    victim: _Victim, upload: Upload, dice: random.Random, seen: Counter[str]
) -> None:
    """Let an upload run, kill something in each of its phases, and see what is there then."""
    stored = len(victim.rows())
    thread = threading.Thread(target=upload.run_noting)
    thread.start()
    for phase, span in _SPANS.items():
        while thread.is_alive() and upload.phase != phase:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, span))
        who = min(("site", "worker"), key=lambda one: (seen[f"kills of the {one}"], dice.random()))
        phase = upload.phase
        if victim.kill(who, seen):
            seen[f"kills while {phase}"] += 1
            seen[f"kills of the {who}"] += 1
    thread.join()
    seen["uploads"] += 1
    if upload.error is not None:
        seen[f"WRONG {upload.error}"] += 1
        return
    seen["pictures imported"] += upload.result["stored"]
    seen["WRONG counts"] += upload.result["stored"] != len(upload.files)
    seen["WRONG rows"] += len(victim.rows()) - stored != len(upload.files)
    victim.look(seen, between=True)


class _Victim:
    """A site with its worker, which are killed and start again, on the same port."""

    def __init__(self, program: Path, instance: Path, stack: ExitStack) -> None:
        self._program, self._instance, self._stack = program, instance, stack
        self.port = free_port()
        self._site = self._start()

    def kill(self, who: str, seen: Counter[str]) -> bool:
        """Kill the site or its worker, look at what is there, and start it again.

        False if there was no worker just then.
        """
        if who == "site":
            self._site.process.kill()
            self._site.process.wait()
            self.look(seen)
            self._site = self._start()
        else:
            worker = child_of(self._site.process.pid)
            if worker is None:
                return False
            os.kill(worker, signal.SIGKILL)
            self.look(seen)
        self._ask("UPDATE job SET heartbeat = '2000-01-01 00:00:00' WHERE state = 'running'")
        return True

    def look(self, seen: Counter[str], *, between: bool = False) -> None:
        """Count rows without a whole file or a label and, between imports, files without a row."""
        rows = self.rows()
        seen["pictures looked at"] += len(rows)
        for one, (sha256, label) in rows.items():
            path = self._instance / "saved_images" / f"{one}.png"
            whole = path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
            seen["WRONG pictures that are half there"] += not whole
            seen["WRONG pictures without a label"] += label is None
        if between:
            files = {path.stem for path in (self._instance / "saved_images").glob("*.png")}
            seen["WRONG files without a row"] += len(files - rows.keys())

    def rows(self) -> dict[str, tuple[str, str | None]]:
        """Return each picture's hash, and somebody's label of it."""
        joined = (
            "SELECT p.id, p.sha256, l.label FROM picture p "
            "LEFT JOIN labelling l ON l.picture_id = p.id"
        )
        return {str(uuid.UUID(one)): (sha256, label) for one, sha256, label in self._ask(joined)}

    def _start(self) -> Site:
        site = running(
            self._program,
            instance=self._instance,
            PORT=self.port,
            NATIVE_PORT="",
            LABEL_LIMIT=10**6,
            UPLOAD_QUOTA=10**11,
        )
        return self._stack.enter_context(site)

    def _ask(self, statement: str) -> list[Any]:
        with sqlite3.connect(self._instance / "digitnet.db", timeout=60) as database:
            found = database.execute(statement).fetchall()
        database.close()
        return found


class Upload:
    """Somebody's upload of pictures of ones, which goes on after each kill."""

    #: Seconds between two questions how far it is.
    pause = 0.05

    def __init__(
        self, port: int, files: list[bytes], number: int, person: Person | None = None
    ) -> None:
        self._person = person or Person(port, f"person {number}")
        self.files = files
        #: What is going on just now.
        self.phase = "beginning"
        self.result: dict[str, Any] = {}
        self.error: str | None = None
        #: Changes whenever the upload comes forward.
        self.progress: tuple[Any, ...] = ()

    def run_noting(self) -> None:
        """Do as `run` does, and note what went wrong."""
        try:
            self.run()
        except Exception as error:
            self.error = str(error)

    def run(self) -> None:
        """Send, check, import; `result` is what the server says in the end."""
        upload = self._post("/imports", _FIELDS, "application/x-www-form-urlencoded")["import"]
        self.phase = "sending"
        pieces = list(self._pieces())
        for number, (path, body, kind) in enumerate(pieces):
            self._post(f"/imports/{upload}/{path}", body, kind)
            self.progress = ("sending", number)
            time.sleep(_SPANS["sending"] / len(pieces))
        self._post(f"/imports/{upload}/check")
        self.phase = "checking"
        self._wait(upload, "checking")
        self._post(f"/imports/{upload}/accept")
        self.phase = "importing"
        self.result = self._wait(upload, "importing")
        self.phase = "ended"
        if self.result["state"] != "finished":
            raise RuntimeError(f"{self.result['state']}: {self.result['error']}")

    def _pieces(self) -> Iterator[tuple[str, bytes, str]]:
        """Yield where each piece goes, what it is, and its media type."""
        kind = f"multipart/form-data; boundary={_EDGE}"
        for number, begin in enumerate(range(0, len(self.files), _TOGETHER)):
            yield f"batches/{number}", _body(self.files[begin : begin + _TOGETHER]), kind

    def _wait(self, upload: str, state: str) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            answer = self._person.ask("GET", f"/imports/{upload}")
            if answer.status == 200:
                told: dict[str, Any] = json.loads(answer.content)
                self.progress = (told["state"], told["done"])
                if told["state"] != state:
                    return told
            time.sleep(self.pause)
        raise RuntimeError(f"{state} for too long")

    def _post(self, path: str, body: bytes = b"", kind: str = "text/plain") -> dict[str, Any]:
        """Send until there is an answer."""
        headers = {"X-CSRFToken": self._person.token, "Content-Type": kind}
        headers |= {"Accept": "application/json", "Content-Length": str(len(body))}
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            answer = self._person.ask("POST", path, body, headers)
            if answer.status in (200, 201):
                found: dict[str, Any] = json.loads(answer.content)
                return found
            if answer.status not in (0, 503):
                raise RuntimeError(f"{path}: {answer.status} {answer.content.decode()}")
            time.sleep(0.05)
        raise RuntimeError(f"{path}: no answer")


_FIELDS = f"label=1&writer={WRITER}".encode()
_EDGE = "edge-of-a-part"


def _body(files: list[bytes]) -> bytes:
    """Return files as a form."""
    parts = []
    for number, content in enumerate(files):
        head = f'Content-Disposition: form-data; name="file"; filename="{number}.png"'
        parts += [f"--{_EDGE}\r\n{head}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{_EDGE}--\r\n".encode()])


if __name__ == "__main__":
    sys.exit(main())
