"""Attacks on the native door: nobody is shut out, and nothing keeps the program.

benchmarks/attack/native.py does the same with 500 connections, and prints the figures.
"""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app.native.memory import Memory
from tests.app.native.peer import Peer, encrypt, frame, message
from tests.app.programs import free_port, running, site
from tests.app.slow_reading import delay_reading
from tests.app.waiting import eventually

PASSWORD = "correct horse"


def request(peer, *words):
    return frame(encrypt(message(*words), peer.key, peer.iv))


def half_handshaken(port):
    peer = Peer(port, shake=False)
    peer.socket.sendall(b"00003")
    return peer


def logged_in(port):
    peer = Peer(port)
    assert peer.ask("CRSI", "mallory", PASSWORD) == ("CRLA", b"mallory")
    return peer


def dripping(port):
    peer = Peer(port)
    peer.socket.sendall(b"4000000" + bytes(999))
    return peer


def not_reading(port):
    peer = Peer(port)
    peer.socket.setblocking(False)
    many = request(peer, "NOPE") * 1000
    with suppress(BlockingIOError):
        while True:
            peer.socket.sendall(many)
    return peer


class TestNewcomers:
    @pytest.mark.parametrize("hold", [half_handshaken, Peer, logged_in, dripping, not_reading])
    def test_one_who_holds_every_place_shuts_nobody_out(self, serve, seven, hold):
        port = serve(connections=12).port
        with Peer(port) as mallory:
            assert mallory.ask("CRSU", "mallory", PASSWORD) == ("CRSA",)
        held = []
        for _ in range(15):
            with suppress(ConnectionError):  # a place may have to be given up at once
                held.append(hold(port))
        for _ in range(3):
            with Peer(port) as newcomer:
                assert newcomer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        for peer in held:
            peer.close()

    def test_a_client_who_is_logged_in_stays_beside_a_crowd(self, serve, seven):
        port = serve(connections=8).port
        with Peer(port) as ann:
            assert ann.ask("CRSU", "ann", PASSWORD) == ("CRSA",)
            assert ann.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
            crowd = [Peer(port) for _ in range(20)]
            assert ann.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            for peer in crowd:
                peer.close()


class TestMemory:
    @pytest.fixture
    def little_memory(self, monkeypatch):
        """There is room for two of the large frames."""
        monkeypatch.setattr(Memory.__init__, "__defaults__", (900_000,))

    def test_large_frames_wait_for_one_another_and_all_are_answered(self, serve, little_memory):
        port = serve(silence=2).port
        start = threading.Barrier(12)

        def send(number):
            with Peer(port, timeout=60) as peer:
                start.wait(60)
                return peer.ask("RIPP", "x", bytes(300_000))

        with ThreadPoolExecutor(12) as pool:
            assert set(pool.map(send, range(12))) == {("ERRR", b"1")}

    def test_what_is_begun_and_not_ended_keeps_nobody_waiting(
        self, serve, little_memory, monkeypatch, seven
    ):
        monkeypatch.setattr("app.native.memory._PATIENCE", 0.5)
        port = serve(silence=60).port
        held = [dripping_large(port) for _ in range(6)]
        with Peer(port) as small, Peer(port, timeout=60) as large:
            assert small.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            assert large.ask("RIPP", "x", bytes(200_000)) == ("ERRR", b"1")
        for peer in held:
            peer.close()


def dripping_large(port):
    peer = Peer(port)
    peer.socket.sendall(b"0400000" + bytes(99_999))
    return peer


class TestUnwantedWork:
    def test_a_request_whose_client_has_gone_is_not_begun(self, app, serve, monkeypatch, seven):
        monkeypatch.setattr("os.cpu_count", lambda: 1)
        read = []
        delay_reading(app, monkeypatch, 0.7)
        slow = app.extensions["services"].recogniser.read

        def note(picture, **given):
            read.append(len(picture))
            return slow(picture, **given)

        monkeypatch.setattr(app.extensions["services"].recogniser, "read", note)
        port = serve().port
        busy, gone = [Peer(port) for _ in range(2)], [Peer(port) for _ in range(8)]
        for peer in (*busy, *gone):
            peer.send("RIPP", "seven.png", seven)
        for peer in gone:
            peer.close()
        for peer in busy:
            assert peer.receive()[:2] == ("RIPR", b"7")
            assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            peer.close()
        assert len(read) <= 6


class TestEnd:
    @pytest.mark.parametrize("command", ["wsgi.py", "flask native"])
    def test_sigterm_ends_it_whatever_is_under_way(self, tmp_path, command, seven):
        port = free_port()
        if command == "wsgi.py":
            program = site(tmp_path, NATIVE_PORT=port)
        else:
            alone = ("-m", "flask", "--app", "wsgi", "native")
            program = running(*alone, NATIVE_PORT=port, INSTANCE_PATH=tmp_path / "instance")
        with program as process:
            with Peer(port) as mallory:
                assert mallory.ask("CRSU", "mallory", PASSWORD) == ("CRSA",)
            ways = (half_handshaken, Peer, logged_in, dripping, not_reading)
            stuck = [hold(port) for hold in ways for _ in range(6)]
            asking = [logged_in(port) for _ in range(20)]
            for number, peer in enumerate(asking):
                peer.send("RIPP", "seven.png", seven + bytes(number))
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            answers = [answer_of(peer) for peer in asking]
            assert set(answers) <= {("RIPR", b"7"), None}
            for peer in (*stuck, *asking):
                peer.close()

    def test_a_worker_that_never_ends_keeps_nothing(self, app, serve, monkeypatch, seven):
        go = threading.Event()
        recogniser = app.extensions["services"].recogniser
        monkeypatch.setattr(recogniser, "read", lambda picture, **given: go.wait(60))
        server = serve()
        with Peer(server.port) as peer:
            peer.send("RIPP", "seven.png", seven)
            eventually(lambda: any(c.is_worked_for for c in server._snapshot()))
            assert not server.stop(within=0.2)
            assert peer.last_words() == b""
        go.set()
        assert server.stop()


def answer_of(peer):
    try:
        return peer.receive()[:2]
    except (ConnectionError, TimeoutError):
        return None
