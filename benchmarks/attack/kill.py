"""Kill the server again and again while people store pictures: is anything lost?

    python -m benchmarks.attack.kill [--rounds 30] [--clients 8] [--program FOLDER]

In each round the program in FOLDER (this checkout, unless told) is started, CLIENTS people
store pictures over HTTP as fast as it answers, and it is killed with SIGKILL after a moment.
Every answer that names a stored picture is written down with the picture's hash. In the
end the files are made an hour old, the program is started once more, so that it sweeps, and
each of those pictures must be in the gallery with the bytes that its row promises.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"


def main() -> int:
    """Kill, count, print; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--program", type=Path, default=ROOT)
    options = parser.parse_args()
    dice = random.Random(12)
    acknowledged: dict[str, None] = {}
    starts: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name) / "instance"
        for number in range(options.rounds):
            server = Server(options.program, instance)
            starts.append(server.started)
            found = storm(server, options.clients, number, dice.uniform(0.3, 1.5))
            acknowledged |= dict.fromkeys(found)
            print(f"round {number + 1}: {len(found)} pictures acknowledged", flush=True)
        files = list((instance / "saved_images").glob("*.png"))
        for path in files:
            os.utime(path, (0, 0))
        server = Server(options.program, instance)
        try:
            result = look(server, instance, acknowledged)
        finally:
            server.process.terminate()
            log = server.process.communicate(timeout=30)[1]
    print(f"{options.rounds} kills, {options.clients} clients; start {max(starts):.1f} s at most")
    print(f"{len(acknowledged)} pictures acknowledged, {len(files)} files before the last start")
    for what in ("whole", "lost", "damaged", "rows", "files", "orphans"):
        print(f"{what:>10}: {result[what]}")
    print("\n".join(line for line in log.splitlines() if "WARNING" in line or "ERROR" in line))
    return 1 if result["lost"] or result["damaged"] or result["orphans"] else 0


class Server:
    """The program, started and ready."""

    def __init__(self, program: Path, instance: Path) -> None:
        self.port = _free_port()
        clean = {k: v for k, v in os.environ.items() if not k.startswith("DIGITNET_")}
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=program,
            env=clean
            | {
                "DIGITNET_INSTANCE_PATH": str(instance),
                "DIGITNET_PORT": str(self.port),
                "DIGITNET_NATIVE_PORT": "",
                "DIGITNET_IMAGE_LIMIT": "1000000",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self.process.stdout is None or "serves on" not in self.process.stdout.readline():
            raise RuntimeError(self.process.communicate()[1])
        self.started = time.monotonic() - begin

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


class Person:
    """A browser that is logged in."""

    def __init__(self, port: int, name: str, password: str = PASSWORD) -> None:
        self.open(port)
        if self.log("/signup", name, password) != 302 and self.log("/login", name, password) != 302:
            raise RuntimeError(f"{name} is not let in")
        self.token = self._token("/account")

    def open(self, port: int) -> None:
        """Begin as a visitor."""
        self.port, self.cookie = port, ""

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", token: str = ""
    ) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookie, "Content-Type": kind, "X-CSRFToken": token}
        address = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(address) as connection:
            connection.request(method, path, body, {k: v for k, v in headers.items() if v})
            answer = connection.getresponse()
            content = answer.read()
        given = re.search(r"session=[^;]*", answer.headers.get("Set-Cookie", ""))
        self.cookie = given[0] if given else self.cookie
        return answer.status, content

    def keep(self, picture: bytes) -> str | None:
        """Store a picture; return its id once the server has acknowledged it."""
        status, content = self.ask("POST", "/predict?store=1", picture, "image/png", self.token)
        found: str | None = json.loads(content)["image_id"] if status == 200 else None
        return found

    def log(self, path: str, name: str, password: str) -> int:
        fields = {"username": name, "password": password, "again": password}
        form = urlencode(fields | {"csrf_token": self._token(path)}).encode()
        return self.ask("POST", path, form, "application/x-www-form-urlencoded")[0]

    def _token(self, path: str) -> str:
        page = self.ask("GET", path)[1].decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]


def storm(server: Server, clients: int, number: int, seconds: float) -> list[str]:
    """Store pictures from all clients, kill the server, return what it had acknowledged."""
    found: list[str] = []
    people = [Person(server.port, f"person {n}") for n in range(clients)]
    begun = threading.Barrier(clients + 1)

    def store(place: int) -> None:
        dice = random.Random(f"{number} {place}")
        begun.wait()
        try:
            while True:
                kept = people[place].keep(drawn(dice))
                if kept is not None:
                    found.append(kept)
        except (OSError, http.client.HTTPException, ValueError):
            return  # killed

    threads = [threading.Thread(target=store, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    begun.wait()
    time.sleep(seconds)
    server.kill()
    for thread in threads:
        thread.join()
    return found


def drawn(dice: random.Random) -> bytes:
    """Return a PNG of a one that nobody has drawn before."""
    image = Image.new("L", (120, 120), 255)
    pen = ImageDraw.Draw(image)
    pen.line([(60 + dice.randint(-4, 4), 20), (60 + dice.randint(-4, 4), 100)], fill=0, width=11)
    for x in range(24):  # paper that differs too little to be seen
        image.putpixel((x, 0), 255 - dice.randint(0, 3))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def look(server: Server, instance: Path, acknowledged: dict[str, None]) -> Counter[str]:
    """Compare what was acknowledged with what is there, in the gallery and on the disk."""
    result: Counter[str] = Counter()
    database = sqlite3.connect(instance / "digitnet.db")
    hashes = {
        str(uuid.UUID(own)): sha256
        for own, sha256 in database.execute("SELECT id, sha256 FROM picture")
    }
    database.close()
    person = Person(server.port, "somebody who looks")
    for picture_id in acknowledged:
        status, content = person.ask("GET", f"/gallery/{picture_id}.png")
        if status != 200 or picture_id not in hashes:
            result["lost"] += 1
        elif hashlib.sha256(content).hexdigest() != hashes[picture_id]:
            result["damaged"] += 1
        else:
            result["whole"] += 1
    files = {path.stem for path in (instance / "saved_images").glob("*.png")}
    result.update(rows=len(hashes), files=len(files), orphans=len(files ^ hashes.keys()))
    return result


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
