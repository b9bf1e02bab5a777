"""How much memory the server takes while eight clients send large pictures, and afterwards.

    python -m benchmarks.attack.memory [--program FOLDER] [--clients 8] [NAME …]

Starts the `wsgi.py` of FOLDER (default: this checkout). For each kind of picture, or
those named, eight clients send it at once, twice; prints the resident memory before, at
the peak and two seconds after, and what was answered. Linux only: it reads /proc.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.attack.hostile import LARGE, sevens
from benchmarks.attack.site import Site, program_argument, running, send

SMALL = 50  # pictures that warm the server up


def main() -> None:
    """Attack, and print what came out."""
    parser = program_argument(__doc__, clients=8)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    names = options.names or [*LARGE, "all of them"]
    pictures = {name: make() for name, make in LARGE.items()}
    small = sevens(1, 5)
    print(f"{'resident memory, MB':<36}{'before':>8}{'peak':>8}{'after':>8}  answers")
    with running(options.program, NATIVE_PORT="") as site:
        for _ in range(SMALL):
            send(site.port, small, timeout=60)
        idle = site.memory("VmRSS")
        print(f"{'idle':<36}{idle:>8.0f}", flush=True)
        for name in names:
            sent = list(pictures.values()) if name == "all of them" else [pictures[name]]
            before = site.memory("VmRSS")
            peak, answers = _attack(site, sent, options.clients)
            time.sleep(2)
            after = site.memory("VmRSS")
            told = ", ".join(f"{count} × {code}" for code, count in sorted(answers.items()))
            print(f"{name:<36}{before:>8.0f}{peak:>8.0f}{after:>8.0f}  {told}", flush=True)


def _attack(site: Site, pictures: list[bytes], clients: int) -> tuple[float, Counter[int]]:
    """Send pictures at once; return the highest memory, in MB, and what was answered."""
    done = threading.Event()
    peak = 0.0

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, site.memory("VmRSS"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    sent = [pictures[i % len(pictures)] for i in range(max(2 * clients, len(pictures)))]
    with ThreadPoolExecutor(clients) as pool:
        answers = Counter(pool.map(lambda one: send(site.port, one, timeout=60).status, sent))
    done.set()
    watcher.join()
    return peak, answers


if __name__ == "__main__":
    main()
