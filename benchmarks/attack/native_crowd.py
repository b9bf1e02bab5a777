"""A crowd at the native door: all log in, and then send a picture, at the same moment.

python -m benchmarks.attack.native_crowd [--program FOLDER] [--clients COUNT]

Starts the program with its default settings, makes an account for each of COUNT (200)
clients, connects them all, and lets them go. Prints the slowest answer to a log-in and
to a picture, and how many were not answered as they should.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from app.native.client import ClientError, NativeClient
from benchmarks.attack.site import HOST, PASSWORD, Site, drawing, program_argument, running

_SIGN_UP = """
import sys
from app import create_app
app = create_app()
with app.app_context():  # which older versions of the program need
    accounts = app.extensions["services"].accounts
    for number in range(int(sys.argv[1])):
        address = f"10.0.{number // 256}.{number % 256}"
        accounts.sign_up(f"visitor {number}", sys.argv[2], address=address)
"""


def main() -> None:
    """Measure, and print what came out."""
    options = program_argument(__doc__, clients=200).parse_args()
    with running(options.program) as site:
        names = make_accounts(site, options.clients)
        start = threading.Barrier(len(names), timeout=120)

        def visit(number: int) -> tuple[float | None, float | None]:
            name, picture = names[number], drawing(number)
            with NativeClient(HOST, site.native_port, timeout=60) as client:
                start.wait()
                log_in = _time(lambda: client.log_in(name, PASSWORD))
                return log_in, _time(lambda: client.recognise("digit.png", picture))

        with ThreadPoolExecutor(len(names)) as pool:
            times = list(pool.map(visit, range(len(names))))
    for what, column in zip(("log-in", "picture"), zip(*times, strict=True), strict=True):
        answered = sorted(seconds for seconds in column if seconds is not None)
        words = f"{what}: {len(answered)} of {len(column)} answered"
        if answered:
            words += f", median {median(answered):.2f} s, slowest {answered[-1]:.2f} s"
        print(words)


def _time(work: Callable[[], object]) -> float | None:
    """Return how many seconds the answer took; None if it was a refusal."""
    begin = time.perf_counter()
    try:
        answer = work()
    except ClientError:
        return None
    return None if answer is None else time.perf_counter() - begin


def make_accounts(site: Site, count: int) -> list[str]:
    """Make an account for each client, as from an address of its own: one has 60 an hour."""
    site.run("-c", _SIGN_UP, str(count), PASSWORD)
    return [f"visitor {number}" for number in range(count)]


if __name__ == "__main__":
    main()
