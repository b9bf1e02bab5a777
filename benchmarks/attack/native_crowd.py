"""A crowd at the native door: all log in, and then send a picture, at the same moment.

python -m benchmarks.attack.native_crowd [--program FOLDER] [--clients COUNT]

Starts the program with its default settings, makes COUNT (200) accounts by the sign-up of
its clients, connects as many, and lets them go. Prints the slowest answer to a log-in and
to a picture, and how many were not answered as they should.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from app.native.client import ClientError, NativeClient
from benchmarks.attack.site import HOST, PASSWORD, drawing, program_argument, running

_FREE_SIGN_UPS = 60  # from one address, before the program slows them down


def main() -> None:
    """Measure, and print what came out."""
    options = program_argument(__doc__, clients=200).parse_args()
    with running(options.program) as site:
        names = make_accounts(site.native_port, options.clients)
        start = threading.Barrier(len(names))

        def visit(number: int) -> tuple[float | None, ...]:
            with NativeClient(HOST, site.native_port, timeout=60) as client:
                picture = drawing(number)
                start.wait()
                begin = time.perf_counter()
                entered = client.log_in(names[number], PASSWORD) is not None
                middle = time.perf_counter()
                try:
                    client.recognise("digit.png", picture)
                except ClientError:
                    return middle - begin if entered else None, None
                return middle - begin if entered else None, time.perf_counter() - middle

        with ThreadPoolExecutor(len(names)) as pool:
            times = list(pool.map(visit, range(len(names))))
    for what, column in zip(("log-in", "picture"), zip(*times, strict=True), strict=True):
        answered = sorted(seconds for seconds in column if seconds is not None)
        print(
            f"{what}: {len(answered)} of {len(column)} answered, "
            f"median {answered[len(answered) // 2]:.2f} s, slowest {answered[-1]:.2f} s"
        )


def make_accounts(port: int, count: int) -> list[str]:
    """Sign up as many as one address may in an hour, and return a name for each client."""
    names = [f"visitor {number}" for number in range(min(count, _FREE_SIGN_UPS))]
    with NativeClient(HOST, port) as client:
        for name in names:
            client.sign_up(name, PASSWORD)
    return [names[number % len(names)] for number in range(count)]


if __name__ == "__main__":
    main()
