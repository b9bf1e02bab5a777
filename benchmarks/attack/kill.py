"""Kill the server again and again while people store pictures: is anything lost?

    python -m benchmarks.attack.kill [--rounds 30] [--clients 8] [--program FOLDER]

In each round the program in FOLDER (this checkout, unless told) is started, CLIENTS people
store pictures over HTTP as fast as it answers, and it is killed with SIGKILL after a moment.
Every answer that names a stored picture is written down with the picture's hash. In the
end the files are made an hour old, the program is started once more, so that it sweeps, and
each of those pictures must be in the gallery with the bytes that its row promises.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.attack.site import Person, Site, encode, program_argument, running


def main() -> int:
    """Kill, count, print; 1 if anything was lost."""
    options = program_argument(__doc__, rounds=30, clients=8).parse_args()
    dice = random.Random(12)
    acknowledged: dict[str, None] = {}
    starts: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name) / "instance"
        for number in range(options.rounds):
            begin = time.monotonic()
            with _serving(options.program, instance) as site:
                starts.append(time.monotonic() - begin)
                found = storm(site, options.clients, number, dice.uniform(0.3, 1.5))
            acknowledged |= dict.fromkeys(found)
            print(f"round {number + 1}: {len(found)} pictures acknowledged", flush=True)
        files = list((instance / "saved_images").glob("*.png"))
        for path in files:
            os.utime(path, (0, 0))
        with _serving(options.program, instance) as site:
            result = look(site, instance, acknowledged)
            site.stop()
            log = site.log.read_text()
    print(f"{options.rounds} kills, {options.clients} clients; start {max(starts):.1f} s at most")
    print(f"{len(acknowledged)} pictures acknowledged, {len(files)} files before the last start")
    for what in ("whole", "lost", "damaged", "rows", "files", "orphans"):
        print(f"{what:>10}: {result[what]}")
    print("\n".join(line for line in log.splitlines() if "WARNING" in line or "ERROR" in line))
    return 1 if result["lost"] or result["damaged"] or result["orphans"] else 0


def _serving(program: Path, instance: Path) -> AbstractContextManager[Site]:
    return running(program, instance=instance, NATIVE_PORT="", IMAGE_LIMIT=1_000_000)


def storm(site: Site, clients: int, number: int, seconds: float) -> list[str]:
    """Store pictures from all clients, kill the server, return what it had acknowledged."""
    found: list[str] = []
    people = [Person(site.port, f"person {n}") for n in range(clients)]
    begun = threading.Barrier(clients + 1)

    def store(place: int) -> None:
        dice = random.Random(f"{number} {place}")
        begun.wait()
        while site.process.poll() is None:
            kept = people[place].keep(drawn(dice))
            if kept is not None:
                found.append(kept)

    threads = [threading.Thread(target=store, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    begun.wait()
    time.sleep(seconds)
    site.kill()
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
    return encode(image)


def look(site: Site, instance: Path, acknowledged: dict[str, None]) -> Counter[str]:
    """Compare what was acknowledged with what is there, in the gallery and on the disk."""
    result: Counter[str] = Counter()
    database = sqlite3.connect(instance / "digitnet.db")
    hashes = {
        str(uuid.UUID(own)): sha256
        for own, sha256 in database.execute("SELECT id, sha256 FROM picture")
    }
    database.close()
    person = Person(site.port, "somebody who looks")
    for picture_id in acknowledged:
        answer = person.ask("GET", f"/gallery/{picture_id}.png")
        if answer.status != 200 or picture_id not in hashes:
            result["lost"] += 1
        elif hashlib.sha256(answer.content).hexdigest() != hashes[picture_id]:
            result["damaged"] += 1
        else:
            result["whole"] += 1
    files = {path.stem for path in (instance / "saved_images").glob("*.png")}
    result.update(rows=len(hashes), files=len(files), orphans=len(files ^ hashes.keys()))
    return result


if __name__ == "__main__":
    sys.exit(main())
