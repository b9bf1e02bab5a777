"""Tests whether the time until a connection is closed reveals a padding error.

python -m benchmarks.native_timing [COUNT]

Sends COUNT (8,192) tampered blocks, each over a connection of its own: half with wrong
padding, half with right padding around what is no message, in random order. Prints
Welch's t of the two kinds' times; beyond ±4.5 they could be told apart.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from math import sqrt

from app.native.framing import encode_frame
from benchmarks.attack.site import ROOT, running
from benchmarks.native_wire import connect, shake_hands

KINDS = ("wrong padding", "no message")


def main() -> None:
    """Measure, and print what came out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
    order = [kind for kind in KINDS for _ in range(count // 2)]
    random.Random(6627).shuffle(order)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with running(ROOT) as site:
        for kind in order:
            times[kind].append(_time_close(site.native_port, kind))
    for kind, found in times.items():
        print(
            f"{kind}: {len(found)} closes, mean {statistics.fmean(found) * 1000:.3f} ms, "
            f"standard deviation {statistics.stdev(found) * 1000:.3f} ms"
        )
    t = _welch(*times.values())
    print(f"Welch's t = {t:.2f} ({'cannot' if abs(t) < 4.5 else 'CAN'} be told apart)")


def _time_close(port: int, kind: str) -> float:
    with connect(port) as connection:
        session = shake_hands(connection)
        payload = session.encrypt(b"!" * 29)
        if kind == "wrong padding":
            # What is changed in one block is added to the next when it is decrypted.
            payload = payload[:15] + bytes([payload[15] ^ 0x55]) + payload[16:]
        begin = time.perf_counter()
        connection.sendall(encode_frame(payload))
        if connection.recv(1):
            raise RuntimeError("the server answered")
        return time.perf_counter() - begin


def _welch(a: list[float], b: list[float]) -> float:
    spread = statistics.variance(a) / len(a) + statistics.variance(b) / len(b)
    return (statistics.fmean(a) - statistics.fmean(b)) / sqrt(spread)


if __name__ == "__main__":
    main()
