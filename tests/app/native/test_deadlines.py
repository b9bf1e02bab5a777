"""Deadlines, late answers, and how the server ends."""

import socket
import threading
import time

import pytest

from tests.app.native.peer import Peer, encrypt, frame, message
from tests.app.native.threads import native_threads
from tests.app.pictures import noise
from tests.app.slow_reading import delay_reading
from tests.app.stock import store
from tests.app.waiting import eventually


class TestDeadlines:
    def test_a_handshake_has_its_time_in_all(self, serve):
        port = serve(handshake=1).port
        with Peer(port, shake=False) as silent, Peer(port, shake=False) as slow:
            begin = time.monotonic()
            stop = threading.Thread(target=trickle, args=(slow, b"0000256" + bytes(249), 0.05))
            stop.start()
            silent.read_frame()
            assert silent.last_words() == b""
            slow.read_frame()
            assert slow.last_words() == b""
            assert 0.9 < time.monotonic() - begin < 5
            stop.join()

    def test_silence_inside_a_frame_is_ended(self, serve):
        port = serve(silence=1).port
        begun = (b"0", b"0000032", b"0000032" + bytes(31), b"9999999" + bytes(99))
        peers = [Peer(port) for _ in begun]
        begin = time.monotonic()
        for peer, piece in zip(peers, begun, strict=True):
            peer.socket.sendall(piece)
        for peer in peers:
            assert peer.last_words() == b""
            peer.close()
        assert 0.9 < time.monotonic() - begin < 5

    @pytest.mark.parametrize("pause", [0.1, 0])
    def test_a_frame_has_its_time_in_all_however_it_drips(self, serve, pause):
        port = serve(silence=1, frame=2).port
        with Peer(port) as peer:
            begin = time.monotonic()
            peer.socket.sendall(b"9999999")
            stop = threading.Thread(target=trickle, args=(peer, bytes(99_999), pause))
            stop.start()
            assert peer.last_words() == b""
            assert 1.9 < time.monotonic() - begin < 8
            peer.close()
            stop.join()

    def test_a_slow_client_is_served_within_the_deadlines(self, serve, seven):
        port = serve(silence=2, frame=60).port
        with Peer(port) as peer:
            data = frame(encrypt(message("RIPP", "seven.png", seven), peer.key, peer.iv))
            for start in range(0, len(data), 500):
                peer.socket.sendall(data[start : start + 500])
                time.sleep(0.1)
            assert peer.receive()[:2] == ("RIPR", b"7")

    def test_the_time_of_an_answer_is_not_the_clients(self, app, serve, monkeypatch, seven):
        """The next request begins to arrive while the one before it is still answered."""
        delay_reading(app, monkeypatch, 1.5)
        port = serve(silence=1).port
        with Peer(port) as peer:
            first = frame(encrypt(message("RIPP", "seven.png", seven), peer.key, peer.iv))
            second = frame(encrypt(message("NOPE"), peer.key, peer.iv))
            peer.socket.sendall(first + second[:9])
            assert peer.receive()[:2] == ("RIPR", b"7")
            time.sleep(0.3)
            peer.socket.sendall(second[9:])
            assert peer.receive() == ("ERRR", b"4")

    def test_idle_clients_stay(self, serve):
        port = serve(handshake=1, silence=1, frame=1, send=1, answer=1).port
        with Peer(port) as peer:
            for _ in range(2):
                time.sleep(1.2)
                assert peer.ask("RIHP") == ("RIHL", b"0")
                assert peer.receive() == ("RIHE",)

    def test_a_client_that_reads_nothing_is_ended(self, app, serve):
        port = serve(send=1).port
        store(app, noise(1))
        peer = Peer(port)
        listing = frame(encrypt(message("RIHP"), peer.key, peer.iv))
        peer.socket.sendall(listing * 100)
        eventually(lambda: native_threads() == 0)
        peer.vanish()

    def test_a_late_answer_is_told_and_the_next_one_is_not_shifted(
        self, app, serve, monkeypatch, seven, one
    ):
        delay_reading(app, monkeypatch, 2, times=1)
        port = serve(answer=1).port
        with Peer(port) as peer:
            begin = time.monotonic()
            assert peer.ask("RIPP", "seven.png", seven) == ("ERRR", b"4")
            assert time.monotonic() - begin < 1.9
            assert peer.ask("RIPP", "one.png", one)[:2] == ("RIPR", b"1")
            time.sleep(1.2)
            assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")

    def test_a_failure_inside_is_a_general_error(self, app, port, monkeypatch, seven, caplog):
        def fail(picture):
            raise ZeroDivisionError("inside")

        recogniser = app.extensions["services"].recogniser
        with Peer(port) as peer:
            with monkeypatch.context() as patch:
                patch.setattr(recogniser, "read", fail)
                assert peer.ask("RIPP", "seven.png", seven) == ("ERRR", b"4")
            assert "ZeroDivisionError" in caplog.text
            assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")

    def test_many_who_stall_are_dropped_and_an_honest_client_is_served(self, serve, seven):
        """benchmarks/native_stalled.py does this with 500 and prints the times."""
        port = serve(handshake=2, silence=2).port
        with Peer(port) as honest:
            stalled = [Peer(port, shake=False) for _ in range(30)]
            stalled += [Peer(port) for _ in range(10)]
            for number, peer in enumerate(stalled):
                peer.socket.sendall(b"0000256"[: number % 7 + 1])
            while native_threads() > 1:
                assert honest.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            for peer in stalled:
                assert b"GKSC" not in peer.last_words()
                peer.close()


def trickle(peer, data, pause):
    try:
        for byte in data:
            peer.socket.sendall(bytes([byte]))
            time.sleep(pause)
    except OSError:
        return


class TestEnd:
    def test_clients_are_told_by_a_closed_socket(self, serve):
        server = serve()
        shaken, silent = Peer(server.port), Peer(server.port, shake=False)
        half = Peer(server.port)
        half.socket.sendall(b"00000")
        silent.read_frame()
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 5
        for peer in (shaken, silent, half):
            assert peer.last_words() == b""
            peer.close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), 1)

    def test_an_answer_under_way_is_waited_for(self, app, serve, monkeypatch, seven):
        delay_reading(app, monkeypatch, 0.5)
        server = serve()
        with Peer(server.port) as peer:
            peer.send("RIPP", "seven.png", seven)
            time.sleep(0.1)
            assert server.stop()
            assert peer.receive()[:2] == ("RIPR", b"7")
            assert peer.last_words() == b""
