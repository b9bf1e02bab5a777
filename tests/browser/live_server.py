"""The program as people start it, for browsers to visit."""

import os
import ssl
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

    def __init__(self, folder: Path, **settings: object) -> None:
        self.port = free_port()
        scheme = "https" if "TLS_CERT" in settings else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._folder = folder
        self._settings = {f"DIGITNET_{name}": str(value) for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DIGITNET_HOST": "127.0.0.1",
            "DIGITNET_PORT": str(self.port),
            "DIGITNET_INSTANCE_PATH": str(self._folder / "instance"),
            "DIGITNET_NATIVE_PORT": "",
            **self._settings,
        }

    def command(self, *words: str) -> None:
        """Run a command beside it, as an administrator does."""
        whole = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        subprocess.run(whole, cwd=ROOT, env=self._environment, check=True, capture_output=True)

    def start(self) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "wsgi.py"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
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
        # Whether its certificate is good is for the tests to ask.
        unchecked = ssl._create_unverified_context()
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/status", timeout=5, context=unchecked):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        log = (self._folder / "server.log").read_text(errors="replace")
        pytest.fail(f"The server did not start:\n{log}")
