"""Attack the native door of a running program, and print what it costs everybody else.

python -m benchmarks.attack.native [--program FOLDER] [--count COUNT]

COUNT (500) connections are held in each of five ways while a newcomer asks to have a
picture read; as many send 4 MB each, all at once; messages of 4 MB of separators are
timed; and the program is ended while all of that is under way. Linux only.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from app.native.client import ClientError, NativeClient
from app.native.framing import encode_frame
from benchmarks.attack.native_server import (
    HOST,
    Target,
    open_session,
    parse_options,
    request,
    running,
)
from benchmarks.server import connect, read_frame, shake_hands

PASSWORD = "correct horse"
LARGE = 4_000_000  # bytes
WAYS = ("half-handshaken", "idle", "logged in", "dripping", "not reading")


def main() -> None:
    """Attack, and print what came of it."""
    options = parse_options(__doc__, count=500)
    for way in WAYS:
        with running(options.program) as target:
            hold_connections(target, way, options.count)
    with running(options.program) as target:
        send_large(target, options.count)
    with running(options.program) as target:
        send_separators(target)
    end_busy(options.program, options.count)


def hold_connections(target: Target, way: str, count: int) -> None:
    """Hold connections, and print whether ten newcomers get in, and how long they take."""
    with NativeClient(HOST, target.port) as client:
        client.sign_up("mallory", PASSWORD)
    before = target.memory("VmRSS")
    with ThreadPoolExecutor(16) as pool:
        held = list(pool.map(partial(_hold, target.port, way), range(count)))
    grown = target.memory("VmRSS") - before
    times, refused = [], 0
    for _ in range(10):
        begin = time.perf_counter()
        try:
            with NativeClient(HOST, target.port) as client:
                client.recognise("seven.png", draw_seven())
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


def send_large(target: Target, count: int) -> None:
    """Let clients send 4 MB each at the same moment, and print the most memory in use."""
    before = target.memory("VmRSS")
    sessions = [open_session(target.port) for _ in range(count)]
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
        f"{count} × 4 MB at once: {target.memory('VmHWM') - before:.0f} MB more at the peak, "
        f"{target.memory('VmRSS') - before:.0f} MB after; "
        f"{answered} answered within {taken:.1f} s",
        flush=True,
    )


def send_separators(target: Target) -> None:
    """Print how long a message of separators takes, and the memory for 20 beside one another."""
    connection, session = open_session(target.port)
    data = request(session, "NOPE")
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
    with running(program) as target:
        with NativeClient(HOST, target.port) as client:
            client.sign_up("mallory", PASSWORD)
        held = [
            _hold(target.port, WAYS[number % len(WAYS)], number) for number in range(count // 2)
        ]
        print(f"SIGTERM beside {count // 2} stuck clients: {target.stop():.1f} s", flush=True)
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


def draw_seven() -> bytes:
    """Return a picture of a seven, as PNG."""
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line([(60, 60), (210, 60), (110, 230)], fill=0, width=22)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main()
