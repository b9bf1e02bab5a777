"""The worker as a child of the site's process, so that long work never slows answers."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from uuid import UUID, uuid4

from app.config import ROOT

__all__ = ["WorkerProcess"]

_log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--child")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0  # seconds before one that died is started again
_STEADY = 60.0  # seconds after which a death is the first again
_FINISHING = 8.0  # seconds that the worker has to end


class WorkerProcess:
    """Keeps a worker running until it is stopped.

    The worker ends when its standard input does, and so also if this process is killed. One that
    is started again is told which one died, so that it goes on with its jobs at once.
    """

    def __init__(self) -> None:
        self._halted = threading.Event()
        self._halted_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-process", daemon=True)

    def start(self) -> None:
        """Start the worker, and again whenever it dies."""
        self._thread.start()

    def halt(self) -> None:
        """Ask the worker to end; may be called by a signal handler."""
        if not self._halted.is_set():
            self._halted_at = time.monotonic()
            self._halted.set()
        process = self._process
        if process is not None:
            process.terminate()

    def stop(self) -> None:
        """End the worker; kill it if it does not end in time, as its jobs go on later."""
        self.halt()
        self._thread.join(max(0.1, self._halted_at + _FINISHING - time.monotonic()))
        if self._thread.is_alive() and self._process is not None:
            _log.warning("the worker is killed, as it did not end")
            self._process.kill()
            self._thread.join(1.0)

    def _keep(self) -> None:
        pause, before = _FIRST_PAUSE, None
        while not self._halted.is_set():
            begun, name = time.monotonic(), uuid4()
            code = self._run(name, before)
            before = name
            if self._halted.is_set():
                return
            if time.monotonic() - begun > _STEADY:
                pause = _FIRST_PAUSE
            _log.error("the worker ended with %s; it is started again", code)
            self._halted.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _run(self, name: UUID, before: UUID | None) -> int:
        command = (*_COMMAND, f"--name={name}", *([f"--after={before}"] if before else ()))
        with subprocess.Popen(  # noqa: S603 (nothing of it is given from outside)
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as process:
            self._process = process
            if self._halted.is_set():  # in between
                process.terminate()
            return process.wait()
