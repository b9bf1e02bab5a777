"""Attack the native door of a running program, and print what it costs everybody else.

python -m benchmarks.attack.native [--program FOLDER] [--count COUNT]

COUNT (500) connections are held in each of five ways while a newcomer asks to have a
picture read; as many send 4 MB each, all at once; messages of 4 MB of separators are
timed; and the program is ended while all of that is under way. Linux only.
"""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from app.native.client import ClientError, NativeClient
from app.native.framing import encode_frame
from benchmarks.attack.site import HOST, PASSWORD, Site, drawing, program_argument, running
from benchmarks.native_wire import connect, open_session, read_frame, request, shake_hands

LARGE = 4_000_000  # bytes
WAYS = ("half-handshaken", "idle", "logged in", "dripping", "not reading")


def main() -> None:
    """Attack, and print what came of it."""
    options = program_argument(__doc__, count=500).parse_args()
    for way in WAYS:
        with running(options.program) as site:
            hold_connections(site, way, options.count)
    with running(options.program) as site:
        send_large(site, options.count)
    with running(options.program) as site:
        send_separators(site)
    end_busy(options.program, options.count)


def hold_connections(site: Site, way: str, count: int) -> None:
    """Hold connections, and print whether ten newcomers get in, and how long they take."""
    with NativeClient(HOST, site.native_port) as client:
        client.sign_up("mallory", PASSWORD)
    before = site.memory("VmRSS")
    with ThreadPoolExecutor(16) as pool:
        held = list(pool.map(partial(_hold, site.native_port, way), range(count)))
    grown = site.memory("VmRSS") - before
    times, refused = [], 0
    for _ in range(10):
        begin = time.perf_counter()
        try:
            with NativeClient(HOST, site.native_port) as client:
                client.recognise("seven.png", drawing())
        except ClientError:
            refused += 1
        else:
            times.append(time.perf_counter() - begin)
    slowest = f", the slowest after {max(times) * 1000:.0f} ms" if times else ""
    print(
        f"{count} {way}: {10 - refused} of 10 newcomers were answered{slowest}; "
        f"{grown / count * 1000:.0f} kB a connection",
        flush=True,
    )
    for connection in held:
        connection.close()


def send_large(site: Site, count: int) -> None:
    """Let clients send 4 MB each at the same moment, and print the most memory in use."""
    before = site.memory("VmRSS")
    sessions = [open_session(site.native_port) for _ in range(count)]
    start = threading.Barrier(count)

    def send(one: int) -> bool:
        connection, session = sessions[one]
        data = request(session, "RIPP", "x", bytes(2_990_000))
        start.wait()
        try:
            connection.sendall(data)
            read_frame(connection)
        except OSError:
            return False
        finally:
            connection.close()
        return True

    begin = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        answered = sum(pool.map(send, range(count)))
    taken = time.perf_counter() - begin
    print(
        f"{count} × 4 MB at once: {site.memory('VmHWM') - before:.0f} MB more at the peak, "
        f"{site.memory('VmRSS') - before:.0f} MB after; "
        f"{answered} answered within {taken:.1f} s",
        flush=True,
    )


def send_separators(site: Site) -> None:
    """Print how long a message of separators takes, and the memory for 20 beside one another."""
    connection, session = open_session(site.native_port)
    data = encode_frame(session.encrypt(b"Tk9QRQ==" + b"~" * LARGE))
    times = []
    for _ in range(10):
        begin = time.perf_counter()
        connection.sendall(data)
        read_frame(connection)
        times.append(time.perf_counter() - begin)
    print(f"4 MB of ~: {sorted(times)[5] * 1000:.0f} ms each", flush=True)
    connection.close()


def end_busy(program: Path, count: int) -> None:
    """Print how long the end takes with clients that are stuck in every way."""
    with running(program) as site:
        with NativeClient(HOST, site.native_port) as client:
            client.sign_up("mallory", PASSWORD)
        ways = [WAYS[number % len(WAYS)] for number in range(count // 2)]
        held = [_hold(site.native_port, way, number) for number, way in enumerate(ways)]
        print(f"SIGTERM beside {count // 2} stuck clients: {site.stop():.1f} s", flush=True)
        for connection in held:
            connection.close()


def _hold(port: int, way: str, number: int) -> socket.socket:
    if way == "half-handshaken":
        connection = connect(port)
        connection.sendall(b"0000384"[: number % 7])
        return connection
    connection = connect(port)
    with suppress(OSError):  # it may be refused, or have to go already
        session = shake_hands(connection)
        if way == "logged in":
            connection.sendall(request(session, "CRSI", "mallory", PASSWORD))
            read_frame(connection)
        elif way == "dripping":
            connection.sendall(b"4000000" + bytes(number))
        elif way == "not reading":
            connection.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    connection.sendall(request(session, "NOPE") * 1000)
    return connection


if __name__ == "__main__":
    main()
