"""Compares a client's waiting time with and without clients that only hold connections.

python -m benchmarks.native_stalled [COUNT]

Opens COUNT (500) connections that stop in the handshake or inside a frame, and asks the
server to read a picture, again and again, until it has dropped them all. Prints the
honest client's waiting times before and during that, and when the last was dropped.
"""

from __future__ import annotations

import select
import socket
import statistics
import sys
import time

from benchmarks.attack.site import ROOT, drawing, running
from benchmarks.native_wire import connect, read_frame, request, shake_hands


def main() -> None:
    """Measure, and print what came out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with running(ROOT, NATIVE_CONNECTIONS=count + 10) as site, connect(site.native_port) as honest:
        port, session, picture = site.native_port, shake_hands(honest), drawing()

        def ask() -> float:
            begin = time.perf_counter()
            honest.sendall(request(session, "RIPP", "seven.png", picture))
            read_frame(honest)
            return time.perf_counter() - begin

        _print("alone", [ask() for _ in range(100)])
        begin = time.perf_counter()
        stalled = [_stall(port, number) for number in range(count)]
        print(f"{count} connections stalled within {time.perf_counter() - begin:.1f} s")
        waited = []
        while stalled:
            waited.append(ask())
            stalled = [one for one in stalled if not _is_dropped(one)]
            time.sleep(0.02)
        _print("beside them", waited)
        print(f"all were dropped {time.perf_counter() - begin:.1f} s after the first came")


def _stall(port: int, number: int) -> socket.socket:
    connection = connect(port)
    if number % 5 == 0:
        shake_hands(connection)
    # Without its hands shaken, a client that says nothing at all stalls too.
    connection.sendall(b"0000384"[: number % 7 + (number % 5 == 0)])
    return connection


def _is_dropped(connection: socket.socket) -> bool:
    """Say whether the server has closed, reading past the key that it sent first."""
    while select.select([connection], [], [], 0)[0]:
        try:
            if not connection.recv(4096):
                connection.close()
                return True
        except ConnectionResetError:
            connection.close()
            return True
    return False


def _print(name: str, times: list[float]) -> None:
    times = sorted(time * 1000 for time in times)
    print(
        f"{name}: {len(times)} answers, median {statistics.median(times):.0f} ms, "
        f"99 of 100 within {times[int(len(times) * 0.99)]:.0f} ms, longest {times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
