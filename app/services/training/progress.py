"""How far a run is, put together from the events that the training writes to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import ErrorCode

__all__ = ["Progress"]

_MOST_POINTS = 400
_MOST_LINES = 200  # of the log
_BATCH = ("epoch", "loss", "accuracy")


class Progress:
    """A run's phase, curves and log, as JSON that a row of the database holds.

    `phase` is None or one of loading, training, calibrating and comparing; `history` has a list by
    metric, with a value for each epoch; `batches` has lists of the same length, at most 400 points:
    the moment in epochs, and the means of the epoch until then.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        stored = stored or {}
        self.phase: str | None = stored.get("phase")
        self.epochs: int | None = stored.get("epochs")
        self.seconds_left: float | None = stored.get("seconds_left")
        self.history: dict[str, list[float]] = dict(stored.get("history", {}))
        self.batches: dict[str, list[float]] = dict(
            stored.get("batches") or {n: [] for n in _BATCH}
        )
        self.log: list[dict[str, Any]] = list(stored.get("log", []))
        #: Bytes of the file that have been read, and of how many batches a point is the last.
        self._offset: int = stored.get("offset", 0)
        self._thinned: int = stored.get("thinned", 1)
        self._seen: int = stored.get("seen", 0)
        self._starts: int = stored.get("starts", 0)

    def dump(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "phase": self.phase,
            "epochs": self.epochs,
            "seconds_left": self.seconds_left,
            "history": self.history,
            "batches": self.batches,
            "log": self.log,
            "offset": self._offset,
            "thinned": self._thinned,
            "seen": self._seen,
            "starts": self._starts,
        }

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.history.get("loss", ()))

    def note(self, code: ErrorCode, **values: str | int) -> None:
        """Add a sentence to the log."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.log = [*self.log, {"at": now, "code": code, "values": values}][-_MOST_LINES:]

    def follow(self, file: Path) -> bool:
        """Read what was added to the file of events, and say whether anything was."""
        try:
            with file.open("rb") as events:
                events.seek(self._offset)
                added = events.read()
        except FileNotFoundError:
            return False
        whole = added[: added.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            event = json.loads(line)
            kind = event.pop("event")
            getattr(self, f"_take_{kind}", lambda event: None)(event)
        return bool(whole)

    def _take_phase(self, event: dict[str, Any]) -> None:
        self.phase = event["phase"]
        if self.phase != "training":
            self.seconds_left = None

    def _take_log(self, event: dict[str, Any]) -> None:
        if self._starts == 0:  # it says the same again when it goes on
            self.note(event["code"], **event["values"])

    def _take_start(self, event: dict[str, Any]) -> None:
        """Forget what was after the checkpoint from which the run goes on."""
        done = event["resumed_at"]
        self.epochs = event["epochs"]
        self.history = {name: values[:done] for name, values in self.history.items()}
        count = sum(moment <= done for moment in self.batches["epoch"])
        self.batches = {name: values[:count] for name, values in self.batches.items()}
        if self._starts:
            self.note("run_goes_on", epoch=done)
        self._starts += 1

    def _take_batch(self, event: dict[str, Any]) -> None:
        self.seconds_left = event["seconds_left"]
        self._seen += 1
        if self._seen % self._thinned:
            return
        moment = event["epoch"] - 1 + event["batch"] / event["batches"]
        for name, values in self.batches.items():
            values.append(_short(moment if name == "epoch" else event[name]))
        if len(self.batches["epoch"]) > _MOST_POINTS:
            self.batches = {name: values[1::2] for name, values in self.batches.items()}
            self._thinned *= 2

    def _take_epoch(self, event: dict[str, Any]) -> None:
        event.pop("epoch")
        for name, value in event.items():
            self.history.setdefault(name, []).append(_short(value))


def _short(number: float) -> float:
    """Return a number with six digits, for less to store and to send."""
    return float(f"{number:.6g}")
