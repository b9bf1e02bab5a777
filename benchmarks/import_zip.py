"""Times the import of a ZIP of 10,000 pictures, and its memory; then the same ZIP again.

Needs MNIST in DIGITNET_MNIST_DIR. Starts the site with its worker in a folder of its own, signs up,
uploads, waits for the import, and prints seconds, how many seconds of a core all of it took (what
compares on a busy machine), and the most memory that each process took above what it had when idle.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image

from cnn.data.idx import read_idx

_ROOT = Path(__file__).resolve().parent.parent
_COUNT = 10_000


class _Site:
    """A running site, and somebody who is logged in there."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._open.open(self._address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, body: bytes, kind: str, token: str) -> str:
        headers = {"Content-Type": kind, "X-CSRFToken": token}
        request = urllib.request.Request(self._address + path, body, headers)
        with self._open.open(request, timeout=600) as answer:
            return str(answer.read().decode())

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path))
        assert found is not None
        return found[1]

    def sign_up(self) -> None:
        token = self.token("/signup")
        fields = {
            "csrf_token": token,
            "username": "ann",
            "password": "correct horse",
            "again": "correct horse",
        }
        form = urllib.parse.urlencode(fields).encode()
        self.post("/signup", form, "application/x-www-form-urlencoded", token)

    def upload(self, archive: bytes) -> str:
        edge = uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="all.zip"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        )
        body = head.encode() + archive + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        answer = self.post("/upload_training_data", body, kind, self.token("/account"))
        return str(json.loads(answer)["import"])


def main() -> None:
    archive = _archive()
    print(f"{_COUNT:,} pictures, {len(archive) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        settings = {"INSTANCE_PATH": folder, "PORT": port, "NATIVE_PORT": "", "LABEL_LIMIT": 10**6}
        given = os.environ | {f"DIGITNET_{name}": str(value) for name, value in settings.items()}
        with subprocess.Popen([sys.executable, "wsgi.py"], cwd=_ROOT, env=given) as process:
            try:
                _measure(port, process.pid, archive)
            finally:
                process.terminate()


def _measure(port: int, pid: int, archive: bytes) -> None:
    site = _Site(port)
    _wait(site)
    site.sign_up()
    time.sleep(10)  # the worker has started
    for turn in ("first", "again"):
        idle, worked = _memory(pid), _worked(pid)
        most = dict(idle)
        begun = time.perf_counter()
        address = f"/imports/{site.upload(archive)}"
        told: dict[str, Any] = {"state": "checking"}
        while told["state"] in ("checking", "importing"):
            time.sleep(0.25)
            told = json.loads(site.get(address))
            for one, size in _memory(pid).items():
                most[one] = max(most.get(one, 0), size)
        seconds = time.perf_counter() - begun
        grown = ", ".join(f"{(most[one] - idle.get(one, 0)) / 1e6:.0f} MB" for one in sorted(most))
        facts = {name: told[name] for name in ("state", "stored", "known", "error")}
        worked = _worked(pid) - worked
        print(f"{turn}: {seconds:.1f} s, {worked:.1f} s of a core; {facts}")
        print(f"    memory above idle (site, worker): {grown}")


def _archive() -> bytes:
    folder = Path(os.environ["DIGITNET_MNIST_DIR"])
    images = read_idx(folder / "train-images-idx3-ubyte.gz")[:_COUNT]
    labels = read_idx(folder / "train-labels-idx1-ubyte.gz")[:_COUNT]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, (pixels, label) in enumerate(zip(images, labels, strict=True)):
            picture = io.BytesIO()
            Image.fromarray(255 - pixels).save(picture, "PNG")
            archive.writestr(f"{label}/{number}.png", picture.getvalue())
    return file.getvalue()


def _memory(pid: int) -> dict[int, int]:
    """Return the resident bytes of the site and its worker, by process."""
    found = {}
    for one in _processes(pid):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        found[one] = next(int(line.split()[1]) * 1024 for line in lines if "VmRSS" in line)
    return found


def _worked(pid: int) -> float:
    """Return how many seconds of a core the site and its worker have taken."""
    ticks = 0
    for one in _processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # user's and system's
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(pid: int) -> list[int]:
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [pid, *children]


def _wait(site: _Site) -> None:
    for _ in range(600):
        try:
            site.get("/status")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the site did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
