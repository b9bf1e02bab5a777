"""People who keep a site busy and write down what it acknowledged, whoever kills it meanwhile."""

from __future__ import annotations

import io
import json
import random
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.attack.kill import drawn
from benchmarks.attack.kill_import import Upload
from benchmarks.attack.site import Answer, Person, Site
from cnn.models.model_file import load_model, save_model

__all__ = ["Administrator", "Importer", "People", "Reader"]

_SHIPS, _SECOND = "digits-1", "digits-2"
_LABEL = "1"
_READERS = 2
_SLICE = 8192  # bytes of an archive that are sent at once
_PAUSES = {"drawing": 1.0, "importing": 8.0, "deciding": 4.0}  # seconds
_PATIENCE = 60.0  # seconds in which a killed site answers again


class Reader:
    """Somebody who draws, has that read and stored, and says which digit it is."""

    def __init__(self, port: int, number: int) -> None:
        self._person = Person(port, f"reader {number}")
        self._dice = random.Random(number)
        #: The label of each picture that was acknowledged, by its id.
        self.kept: dict[str, str | None] = {}
        #: When each answer was asked for, when it came, and its status.
        self.answers: list[tuple[float, float, int]] = []

    def work(self, ended: threading.Event) -> None:
        """Draw until it is enough."""
        headers = {"Content-Type": "image/png", "X-CSRFToken": self._person.token}
        path = f"/predict?store=1&source=draw&label={_LABEL}"
        while not ended.wait(self._dice.uniform(0, 2 * _PAUSES["drawing"])):
            begun = time.monotonic()
            answer = self._person.ask("POST", path, drawn(self._dice), headers)
            self.answers.append((begun, time.monotonic(), answer.status))
            if answer.status == 200 and (one := json.loads(answer.content)["image_id"]):
                self.kept[one] = _LABEL


class Archive(Upload):
    """An upload of one ZIP, in slices."""

    pause = 0.5

    def _pieces(self) -> Iterator[tuple[str, bytes, str]]:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for number, content in enumerate(self.files):
                archive.writestr(f"{number}.png", content)
        content, kind = file.getvalue(), "application/octet-stream"
        for begin in range(0, len(content), _SLICE):
            path = f"files/0?name=digits.zip&offset={begin}&size={len(content)}"
            yield path, content[begin : begin + _SLICE], kind


class Importer:
    """Somebody who imports one ZIP after the other."""

    def __init__(self, port: int, pictures: int) -> None:
        self._person = Person(port, "importer")
        self._pictures = pictures
        self._dice = random.Random(6)
        self._uploads = [self._next(0)]
        self.seen: Counter[str] = Counter()
        #: How many pictures were acknowledged.
        self.stored = 0

    @property
    def progress(self) -> tuple[Any, ...] | None:
        """What changes when the upload comes forward; None if there is none for a worker."""
        upload = self._uploads[-1]
        at_work = upload.phase in ("checking", "importing")
        return (len(self._uploads), *upload.progress) if at_work else None

    def work(self, ended: threading.Event) -> None:
        """Import until it is enough; what was begun comes to its end."""
        while not ended.is_set():
            upload = self._uploads[-1]
            upload.run_noting()
            self.seen["imports"] += 1
            if upload.error is not None:
                self.seen[f"WRONG import: {upload.error}"] += 1
            else:
                self.stored += upload.result["stored"]
                self.seen["WRONG counts"] += upload.result["stored"] != self._pictures
            ended.wait(_PAUSES["importing"])
            self._uploads.append(self._next(len(self._uploads)))

    def _next(self, number: int) -> Archive:
        files = [drawn(self._dice) for _ in range(self._pictures)]
        return Archive(self._person.port, files, number, self._person)


class Administrator:
    """Somebody who trains, and puts models in service and takes them back, all the while."""

    def __init__(self, site: Site, epochs: int) -> None:
        self._person = Person(site.port, "admin")
        self._epochs = epochs
        site.run("-m", "flask", "--app", "wsgi", "make-admin", "admin")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.dnm"
            save_model(replace(load_model(), metadata={"name": _SECOND}), path)
            site.run("-m", "flask", "--app", "wsgi", "model", "add", str(path))
        self.seen: Counter[str] = Counter()
        #: The runs that were acknowledged; the last may be at work.
        self.runs: list[str] = []
        self.runs.append(self._start_run())
        #: What is in service, while nobody holds the lock.
        self.in_service = _SHIPS
        self.deciding = threading.Lock()

    def work(self, ended: threading.Event) -> None:
        """Decide until it is enough."""
        while not ended.wait(_PAUSES["deciding"]):
            with self.deciding:
                back = self.in_service != _SHIPS
                self._decide(f"/models/digits/{'rollback' if back else 'publish'}", back=back)
            told = self.look(self.runs[-1])
            if told["state"] not in ("queued", "running"):
                self.note(told)
                with self.deciding:
                    self._publish(told)
                self.runs.append(self._start_run())

    def look(self, run_id: str) -> dict[str, Any]:
        """Return what the site tells of a run."""
        told: dict[str, Any] = json.loads(self._insist("GET", f"/runs/{run_id}").content)
        return told

    def note(self, told: dict[str, Any]) -> None:
        """Count how a run ended."""
        if told["state"] == "finished" and told["epoch"] == self._epochs:
            self.seen["runs finished"] += 1
        elif told["state"] == "failed" and told["error"]:
            self.seen[f"runs marked as ended: {told['error']}"] += 1
        else:
            self.seen[f"WRONG run: {told['state']} after {told['epoch']} epochs"] += 1

    def _decide(self, path: str, *, back: bool) -> None:
        # Which one is rolled back to is said, as a decision whose answer is lost may be made.
        version = _SHIPS if back else _SECOND
        if back and self.in_service != _SECOND:  # before it, another one may have been there
            path = path.replace("rollback", "publish")
        self._ask_for(path, {"version": version, "reason": "it is time"}, version, {200})

    def _publish(self, told: dict[str, Any]) -> None:
        """Publish what came of a run: it is refused if it is worse, or compared with another."""
        if told["model"] is not None:
            version = told["model"].partition("/")[2]
            path = f"/runs/{told['id']}/publish"
            self._ask_for(path, {"reason": "it was trained"}, version, {200, 409})

    def _ask_for(self, path: str, given: dict[str, Any], version: str, may: set[int]) -> None:
        """Ask once for a version to be put in service, and see what is if no answer comes."""
        answer = self._send("POST", path, given)
        if answer.status in (0, 503):
            told = json.loads(self._insist("GET", "/status").content)["models"]["digits"]
            self.seen["decisions without an answer"] += 1
            self.seen["WRONG decision half made"] += told not in (self.in_service, version)
            self.in_service = told
            return
        self.seen[f"WRONG decision: {answer.status}"] += answer.status not in may
        if answer.status == 200:
            self.seen["models put in service"] += 1
            self.in_service = version

    def _start_run(self) -> str:
        """Start a run; if no answer comes, find out whether it was."""
        known, given = set(self.runs), {"quick": True, "epochs": self._epochs}
        while True:
            answer = self._send("POST", "/retrain_model", given)
            if answer.status not in (0, 503):
                run: str = json.loads(answer.content)["run"]
                return run
            for told in json.loads(self._insist("GET", "/runs").content)["runs"]:
                if told["id"] not in known:
                    found: str = told["id"]
                    return found

    def _insist(self, method: str, path: str, given: dict[str, Any] | None = None) -> Answer:
        """Send until there is an answer. Raises RuntimeError."""
        until = time.monotonic() + _PATIENCE
        while (answer := self._send(method, path, given)).status in (0, 503):
            if time.monotonic() > until:
                raise RuntimeError(f"{path}: no answer")
            time.sleep(0.1)
        return answer

    def _send(self, method: str, path: str, given: dict[str, Any] | None) -> Answer:
        body = b"" if given is None else json.dumps(given).encode()
        headers = {"X-CSRFToken": self._person.token, "Accept": "application/json"}
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        return self._person.ask(method, path, body, headers)


class People:
    """All of them, at work until the block ends."""

    def __init__(self, site: Site, *, pictures: int, epochs: int) -> None:
        self.readers = [Reader(site.port, number) for number in range(_READERS)]
        self.importer = Importer(site.port, pictures)
        self.administrator = Administrator(site, epochs)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(one,), name=type(one).__name__)
            for one in (*self.readers, self.importer, self.administrator)
        ]
        self._failures: Counter[str] = Counter()

    def __enter__(self) -> People:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    @property
    def seen(self) -> Counter[str]:
        """What they saw; what begins with WRONG must not be."""
        return self._failures + self.importer.seen + self.administrator.seen

    @property
    def kept(self) -> dict[str, str | None]:
        """The label of each drawing that was acknowledged, by its id."""
        return {one: label for reader in self.readers for one, label in list(reader.kept.items())}

    @property
    def answers(self) -> list[tuple[float, float, int]]:
        """When each drawing was sent, when its answer came, and its status."""
        return [answer for reader in self.readers for answer in list(reader.answers)]

    def _work(self, one: Reader | Importer | Administrator) -> None:
        try:
            one.work(self._ended)
        except Exception as error:
            self._failures[f"WRONG {type(one).__name__}: {error}"] += 1
