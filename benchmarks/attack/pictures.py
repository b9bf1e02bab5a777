"""How long pictures that were made to be slow hold the server, and who waits meanwhile.

    python -m benchmarks.attack.pictures [--program FOLDER] [--clients 8] [NAME …]

Starts the `wsgi.py` of FOLDER (default: this checkout). Each picture is sent alone, and
then by eight clients at once; prints the answer, how long it took alone, the longest of
the eight, and the longest that /status took meanwhile. 60 s without an answer: code 0.
"""

from __future__ import annotations

import argparse
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.attack.hostile import HOSTILE
from benchmarks.attack.target import ask, running


def main() -> None:
    """Attack, and print what came out."""
    options = _parse()
    names = options.names or list(HOSTILE)
    print(f"{'':<42}{'kB':>6}{'code':>6}{'alone':>8}{'of eight':>10}{'/status':>9}")
    for name in names:
        picture = HOSTILE[name]()
        # A server of its own for each: before, it did not recover from some.
        with running(options.program) as (port, _):
            code, alone = ask(port, picture)
            longest, status = _crowd(port, picture, options.clients)
        figures = f"{alone:>7.2f}s{longest:>9.2f}s{status:>8.2f}s"
        print(f"{name:<42}{len(picture) // 1000:>6}{code:>6}{figures}", flush=True)


def _crowd(port: int, picture: bytes, clients: int) -> tuple[float, float]:
    """Send a picture from many clients at once; return the longest answers, and of /status."""
    done = threading.Event()
    waited = [0.0]

    def look() -> None:
        while not done.is_set():
            waited.append(ask(port, path="/status")[1])
            time.sleep(0.05)

    looker = threading.Thread(target=look)
    looker.start()
    with ThreadPoolExecutor(clients) as pool:
        took = list(pool.map(lambda _: ask(port, picture)[1], range(clients)))
    done.set()
    looker.join()
    return max(took), max(waited)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--program", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    main()
