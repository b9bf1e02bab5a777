"""How much memory the server takes while eight clients send large pictures, and afterwards.

    python -m benchmarks.attack.memory [--program FOLDER] [--clients 8] [NAME …]

Starts the `wsgi.py` of FOLDER (default: this checkout). For each kind of picture, or
those named, eight clients send it at once, twice; prints the resident memory before, at
the peak and two seconds after, and what was answered. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.attack.hostile import LARGE, sevens
from benchmarks.attack.target import ask, running

SMALL = 50  # pictures that warm the server up


def main() -> None:
    """Attack, and print what came out."""
    options = _parse()
    names = options.names or [*LARGE, "all of them"]
    pictures = {name: make() for name, make in LARGE.items()}
    small = sevens(1, 5)
    print(f"{'resident memory, MB':<36}{'before':>8}{'peak':>8}{'after':>8}  answers")
    with running(options.program) as (port, process):
        for _ in range(SMALL):
            ask(port, small)
        idle = _resident(process)
        print(f"{'idle':<36}{idle:>8.0f}", flush=True)
        for name in names:
            sent = list(pictures.values()) if name == "all of them" else [pictures[name]]
            before = _resident(process)
            peak, answers = _attack(port, process, sent, options.clients)
            time.sleep(2)
            after = _resident(process)
            told = ", ".join(f"{count} × {code}" for code, count in sorted(answers.items()))
            print(f"{name:<36}{before:>8.0f}{peak:>8.0f}{after:>8.0f}  {told}", flush=True)


def _attack(
    port: int, process: int, pictures: list[bytes], clients: int
) -> tuple[float, Counter[int]]:
    """Send pictures at once; return the highest memory, in MB, and what was answered."""
    done = threading.Event()
    peak = 0.0

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, _resident(process))

    watcher = threading.Thread(target=watch)
    watcher.start()
    sent = [pictures[i % len(pictures)] for i in range(max(2 * clients, len(pictures)))]
    with ThreadPoolExecutor(clients) as pool:
        answers = Counter(pool.map(lambda picture: ask(port, picture)[0], sent))
    done.set()
    watcher.join()
    return peak, answers


def _resident(process: int) -> float:
    [line] = [
        line
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1000


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--program", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    main()
