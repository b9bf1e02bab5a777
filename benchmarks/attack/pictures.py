"""How long pictures that were made to be slow hold the server, and who waits meanwhile.

    python -m benchmarks.attack.pictures [--program FOLDER] [--clients 8] [NAME …]

Starts the `wsgi.py` of FOLDER (default: this checkout). Each picture is sent alone, and
then by eight clients at once; prints the answer, how long it took alone, the longest of
the eight, and the longest that /status took meanwhile. 60 s without an answer: code 0.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.attack.hostile import HOSTILE
from benchmarks.attack.site import ask, program_argument, running, send

_PATIENCE = 60  # seconds


def main() -> None:
    """Attack, and print what came out."""
    parser = program_argument(__doc__, clients=8)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    names = options.names or list(HOSTILE)
    print(f"{'':<42}{'kB':>6}{'code':>6}{'alone':>8}{'of eight':>10}{'/status':>9}")
    for name in names:
        picture = HOSTILE[name]()
        # A server of its own for each: before, it did not recover from some.
        with running(options.program, NATIVE_PORT="") as site:
            alone = send(site.port, picture, timeout=_PATIENCE)
            longest, status = _crowd(site.port, picture, options.clients)
        figures = f"{alone.seconds:>7.2f}s{longest:>9.2f}s{status:>8.2f}s"
        print(f"{name:<42}{len(picture) // 1000:>6}{alone.status:>6}{figures}", flush=True)


def _crowd(port: int, picture: bytes, clients: int) -> tuple[float, float]:
    """Send a picture from many clients at once; return the longest answers, and of /status."""
    done = threading.Event()
    waited = [0.0]

    def look() -> None:
        while not done.is_set():
            waited.append(ask(port, "GET", "/status", timeout=_PATIENCE).seconds)
            time.sleep(0.05)

    looker = threading.Thread(target=look)
    looker.start()
    with ThreadPoolExecutor(clients) as pool:
        crowd = [pool.submit(send, port, picture, timeout=_PATIENCE) for _ in range(clients)]
    done.set()
    looker.join()
    return max(one.result().seconds for one in crowd), max(waited)


if __name__ == "__main__":
    main()
