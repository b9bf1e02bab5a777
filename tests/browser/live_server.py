"""The program as people start it, for browsers to visit."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.app.programs import ROOT, free_port

START_SECONDS = 60
STOP_SECONDS = 15


class LiveServer:
    """The program as it is really started, in a process of its own, on one port for its life."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | {
            "DIGITNET_HOST": "127.0.0.1",
            "DIGITNET_PORT": str(self.port),
            "DIGITNET_INSTANCE_PATH": str(self._folder / "instance"),
            "DIGITNET_NATIVE_PORT": "",
        }
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "wsgi.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self._wait_until_it_answers(self._process)

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/status", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        log = (self._folder / "server.log").read_text(errors="replace")
        pytest.fail(f"The server did not start:\n{log}")
