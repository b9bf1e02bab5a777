"""Deadlines, late answers, and how the server ends."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app.config import NativeLimits
from app.native.deadlines import Deadlines
from app.web.services import services_of
from tests.app.clock import Seconds
from tests.app.native.peer import Peer, encrypt, frame, message
from tests.app.native.threads import native_threads
from tests.app.pictures import noise
from tests.app.slow_reading import hold_reading
from tests.app.stock import store
from tests.app.waiting import eventually


class TestReckoning:
    """Deadlines by the figures; the connections of one client begin at second 100."""

    @pytest.fixture
    def deadlines(self):
        return Deadlines(NativeLimits(handshake=10, silence=5, frame=20), 100)

    def test_a_handshake_has_its_time_in_all(self, deadlines):
        assert deadlines.next(ready=False) == 110
        for moment in (103, 106, 109):
            deadlines.excuse(moment, moment)
            deadlines.see(0)
            assert deadlines.next(ready=False) == 110

    def test_an_idle_client_has_all_the_time(self, deadlines):
        deadlines.excuse(103, 103)
        assert deadlines.next(ready=True) is None
        assert deadlines.since == 103

    def test_silence_inside_a_frame_is_ended(self, deadlines):
        deadlines.excuse(103, 103)
        deadlines.see(0)
        assert deadlines.next(ready=True) == 108

    def test_a_frame_has_its_time_in_all_however_it_drips(self, deadlines):
        for moment, end in ((103, 108), (107, 112), (111, 116), (115, 120), (119, 123)):
            deadlines.excuse(moment, moment)
            deadlines.see(0)
            assert deadlines.next(ready=True) == end
            assert deadlines.since == 103

    def test_the_next_frame_begins_anew(self, deadlines):
        for moment, number in ((103, 0), (120, 0), (121, 1)):
            deadlines.excuse(moment, moment)
            deadlines.see(number)
        assert deadlines.next(ready=True) == 126
        assert deadlines.since == 121

    def test_what_the_server_takes_is_not_the_clients(self, deadlines):
        deadlines.excuse(103, 103)
        deadlines.see(0)
        deadlines.excuse(104, 134)
        assert deadlines.next(ready=True) == 139
        for moment in (138, 142, 146, 150):
            deadlines.excuse(moment, moment)
        assert deadlines.next(ready=True) == 153
        assert deadlines.next(ready=False) == 140


class TestDeadlines:
    def test_a_handshake_has_its_time_in_all(self, serve):
        port = serve(handshake=1).port
        with Peer(port, shake=False) as silent, Peer(port, shake=False) as slow:
            over = threading.Event()
            drip = threading.Thread(target=trickle, args=(slow, b"0000256" + bytes(249), over))
            drip.start()
            silent.read_frame()
            assert silent.last_words() == b""
            slow.read_frame()
            assert slow.last_words() == b""
            over.set()
            drip.join()

    def test_silence_inside_a_frame_is_ended(self, serve):
        port = serve(silence=1).port
        begun = (b"0", b"0000032", b"0000032" + bytes(31), b"9999999" + bytes(99))
        peers = [Peer(port) for _ in begun]
        for peer, piece in zip(peers, begun, strict=True):
            peer.socket.sendall(piece)
        for peer in peers:
            assert peer.last_words() == b""
            peer.close()

    def test_a_frame_has_its_time_in_all_however_it_drips(self, serve):
        port = serve(silence=1, frame=2).port
        with Peer(port) as peer:
            over = threading.Event()
            peer.socket.sendall(b"9999999")
            drip = threading.Thread(target=trickle, args=(peer, bytes(99_999), over))
            drip.start()
            assert peer.last_words() == b""
            over.set()
            drip.join()

    def test_a_client_that_sends_in_small_pieces_is_served(self, serve, seven):
        port = serve(silence=60, frame=600).port
        with Peer(port) as peer:
            data = frame(encrypt(message("RIPP", "seven.png", seven), peer.key, peer.iv))
            for start in range(0, len(data), 500):
                peer.socket.sendall(data[start : start + 500])
            assert peer.receive()[:2] == ("RIPR", b"7")

    def test_the_time_of_an_answer_is_not_the_clients(self, app, serve, monkeypatch, seven):
        """The next request begins to arrive while the one before it is still answered."""
        clock, recogniser = Seconds(), services_of(app).recogniser
        read = recogniser.read

        def slow(picture, **given):
            clock.wait(90)
            return read(picture, **given)

        monkeypatch.setattr(recogniser, "read", slow)
        port = serve(clock=clock, silence=60, answer=600).port
        with Peer(port) as peer:
            first = frame(encrypt(message("RIPP", "seven.png", seven), peer.key, peer.iv))
            second = frame(encrypt(message("NOPE"), peer.key, peer.iv))
            peer.socket.sendall(first + second[:9])
            assert peer.receive()[:2] == ("RIPR", b"7")
            peer.socket.sendall(second[9:])
            assert peer.receive() == ("ERRR", b"4")

    def test_idle_clients_stay(self, serve):
        clock = Seconds()
        with Peer(serve(clock=clock).port) as peer:
            for _ in range(2):
                clock.wait(100_000)
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
        clock, reading = Seconds(), hold_reading(app, monkeypatch)
        port = serve(clock=clock, answer=8).port
        with Peer(port) as peer:
            peer.send("RIPP", "seven.png", seven)
            reading.begun.wait()
            clock.wait(9)
            assert peer.receive() == ("ERRR", b"4")
            assert peer.ask("RIPP", "one.png", one)[:2] == ("RIPR", b"1")
            reading.go.set()
            reading.over.wait()
            assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")

    def test_a_failure_inside_is_a_general_error(self, app, port, monkeypatch, seven, caplog):
        def fail(picture, **given):
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
        port = serve(handshake=4, silence=2).port
        with Peer(port) as honest:
            stalled = [Peer(port) for _ in range(10)]
            stalled += [Peer(port, shake=False) for _ in range(30)]
            for number, peer in enumerate(stalled):
                peer.socket.sendall(b"0000256"[: number % 7 + 1])
            while native_threads() > 1:
                assert honest.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            for peer in stalled:
                assert b"GKSC" not in peer.last_words()
                peer.close()


def trickle(peer, data, over):
    """Send byte by byte until the connection, or the test, is over."""
    with suppress(OSError):
        for byte in data:
            peer.socket.sendall(bytes([byte]))
            if over.wait(0.05):
                return


class TestEnd:
    def test_clients_are_told_by_a_closed_socket(self, serve):
        server = serve()
        shaken, silent = Peer(server.port), Peer(server.port, shake=False)
        half = Peer(server.port)
        half.socket.sendall(b"00000")
        silent.read_frame()
        assert server.stop()
        for peer in (shaken, silent, half):
            assert peer.last_words() == b""
            peer.close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), 1)

    def test_an_answer_under_way_is_waited_for(self, app, serve, monkeypatch, seven):
        reading, server = hold_reading(app, monkeypatch), serve()
        with Peer(server.port) as peer, ThreadPoolExecutor(1) as pool:
            peer.send("RIPP", "seven.png", seven)
            reading.begun.wait()
            end = pool.submit(server.stop, within=60)
            eventually(lambda: not reachable(server.port))
            reading.go.set()
            assert peer.receive()[:2] == ("RIPR", b"7")
            assert peer.last_words() == b""
            assert end.result()


def reachable(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
