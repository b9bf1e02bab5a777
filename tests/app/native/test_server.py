"""The server as a client meets it, over real connections."""

import logging
import random
import socket
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from Crypto.PublicKey import RSA

from app.native.crypto import ServerKey
from app.native.keys import KeyRing
from app.web.services import services_of
from tests.app.clock import Seconds
from tests.app.native.malformed import DAMAGED, FUZZ, handshakes
from tests.app.native.peer import Peer, encrypt, frame, handshake, message
from tests.app.native.threads import native_threads, open_files
from tests.app.pictures import draw, encode, png_bomb
from tests.app.waiting import eventually

PASSWORD = "correct horse"


def picture_of(size):
    """Return a readable picture file of exactly so many bytes: what follows a PNG is ignored."""
    png = encode(draw([(140, 50), (140, 230)]))
    return png + bytes(size - len(png))


class TestErrors:
    def test_each_code_and_the_connection_goes_on(self, peer, seven):
        for words, number in (
            (("RIPP", "a.png", b""), 1),
            (("RIPP", "a.png", b"only text"), 1),
            (("RIPP", "a.png", seven[: len(seven) // 2]), 1),
            (("RIPP", "a.pdf", b"%PDF-1.7\n" + bytes(999)), 1),
            (("RIPP", "a.png", picture_of(3_000_001)), 2),
            (("RIPP", "a.png", png_bomb(20_000)), 2),
            (("RIPP", "a.png"), 3),
            (("RIPP", b"\xff", seven), 3),
            (("RIHD", "x"), 3),
            (("CRSU", "Ann", "short"), 3),
            (("NOPE", "1"), 4),
        ):
            assert peer.ask(*words) == ("ERRR", str(number).encode()), words[:2]
        assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")

    def test_a_picture_of_3000000_bytes_is_read(self, peer):
        assert peer.ask("RIPP", "a" * 200, picture_of(3_000_000))[:2] == ("RIPR", b"1")

    def test_a_picture_in_every_format(self, peer):
        grey = draw([(60, 60), (210, 60), (110, 230)]).convert("L")
        for format in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
            for image in (grey, grey.convert("RGB")):
                assert peer.ask("RIPP", "a", encode(image, format))[:2] == ("RIPR", b"7"), format

    def test_oversize_is_thrown_away_and_the_connection_goes_on(self, peer, seven):
        def send(count):
            for _ in range(count):
                peer.write(b"9999984")
                for _ in range(100):
                    peer.socket.sendall(bytes(99_999))
                peer.socket.sendall(bytes(84))
                assert peer.receive() == ("ERRR", b"2")

        send(2)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            send(10)
            peak = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
        assert peak < 4_000_000
        peer.write(frame(bytes(4_100_001)))
        assert peer.receive() == ("ERRR", b"2")
        assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")

    def test_several_requests_in_one_piece_and_one_in_many(self, peer, seven):
        data = b"".join(
            frame(encrypt(message(*words), peer.key, peer.iv))
            for words in (("RIHD", "x"), ("NOPE",), ("RIPP", "seven.png", seven))
        )
        for size in (len(data), 1000):
            for start in range(0, len(data), size):
                peer.socket.sendall(data[start : start + size])
            assert [peer.receive()[:2] for _ in range(3)] == [
                ("ERRR", b"3"),
                ("ERRR", b"4"),
                ("RIPR", b"7"),
            ]

    def test_a_monstrous_name_holds_nobody_up(self, peer, port):
        """Marks over one letter, and characters that become many, cost time to normalise."""
        for name in ("a" + "\u0301\u0323" * 500_000, "\ufdfa" * 900_000):
            peer.send("CRSI", name, PASSWORD)
            peer.send("CRSU", name, PASSWORD)
            with Peer(port) as other:
                assert other.ask("NOPE") == ("ERRR", b"4")
            assert peer.receive() == ("CRFD",)
            assert peer.receive() == ("ERRR", b"3")


class TestBreaches:
    def test_a_wrong_handshake_is_closed_with_one_line(self, port, rsa_key, caplog):
        caplog.set_level(logging.INFO)
        for what, data in handshakes(rsa_key).items():
            caplog.clear()
            with Peer(port, shake=False) as peer:
                peer.read_frame()
                peer.socket.sendall(data)
                assert peer.last_words() == b"", what
            eventually(lambda: native_threads() == 0)
            (line,) = [r.message for r in caplog.records if "disconnected" in r.message]
            assert len(line) < 200

    def test_what_does_not_decode_is_closed_without_a_word(self, port):
        for what, payload in DAMAGED.items():
            with Peer(port, shake=False) as peer:
                peer.key, peer.iv = bytes(range(32)), bytes(range(100, 116))
                peer.shake()
                peer.socket.sendall(frame(payload))
                assert peer.last_words() == b"", what

    @pytest.mark.parametrize("kind", ["padding", "text"])
    def test_tampered_blocks_are_closed_after_the_same_time(self, serve, monkeypatch, kind):
        """benchmarks/native_timing.py compares the times, of many thousand."""
        clock = Seconds()
        slept = note_sleep(monkeypatch, clock)
        with Peer(serve(clock=clock).port) as peer:
            peer.socket.sendall(tampered(kind, peer.key, peer.iv))
            assert peer.last_words() == b""
        assert slept == [pytest.approx(0.02)]

    def test_damage_behind_a_good_request_takes_its_time_too(self, app, serve, monkeypatch, seven):
        """The time of the answer before it does not count."""
        clock, recogniser = Seconds(), services_of(app).recogniser
        slept, read = note_sleep(monkeypatch, clock), recogniser.read

        def slow(picture, **given):
            clock.wait(0.1)
            return read(picture, **given)

        monkeypatch.setattr(recogniser, "read", slow)
        with Peer(serve(clock=clock).port) as peer:
            good = frame(encrypt(message("RIPP", "seven.png", seven), peer.key, peer.iv))
            peer.socket.sendall(good + tampered("padding", peer.key, peer.iv))
            assert peer.receive()[:2] == ("RIPR", b"7")
            assert peer.last_words() == b""
        assert slept == [pytest.approx(0.02)]

    def test_a_recorded_session_is_refused(self, port):
        with Peer(port) as peer:
            peer.ask("RIHP")
            recorded = peer.sent
        with Peer(port, shake=False) as replay:
            replay.read_frame()
            replay.socket.sendall(recorded)
            assert replay.last_words() == b""

    def test_a_recorded_session_is_refused_beside_the_one_that_lives(self, port):
        with Peer(port) as peer, ThreadPoolExecutor(8) as pool:

            def play(_):
                with Peer(port, shake=False) as replay:
                    replay.read_frame()
                    replay.socket.sendall(peer.sent)
                    return replay.last_words()

            assert set(pool.map(play, range(16))) == {b""}
            assert peer.ask("NOPE") == ("ERRR", b"4")

    def test_one_of_two_who_bring_the_same_key_at_once_is_taken(self, rsa_key, port):
        for _ in range(10):
            hello = handshake(rsa_key)
            answers: list[bytes] = []
            start = threading.Barrier(4)

            def play(hello=hello, answers=answers, start=start):
                with Peer(port, shake=False) as peer:
                    peer.read_frame()
                    start.wait()
                    peer.socket.sendall(hello)
                    peer.socket.shutdown(socket.SHUT_WR)
                    answers.append(peer.last_words())

            threads = [threading.Thread(target=play) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(map(len, answers)) == [0, 0, 0, 23]


def note_sleep(monkeypatch, clock):
    """Let connections sleep by a clock of our own; return what fills with the seconds."""
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.wait(seconds)

    monkeypatch.setattr(
        "app.native.conversation.time", SimpleNamespace(sleep=sleep, time=time.time)
    )
    return slept


def tampered(kind, key, iv):
    """Return a request with bad padding, or with good padding around what is no message."""
    good = encrypt(message("RIHD", "7"), key, iv)
    if kind == "text":
        return frame(encrypt(b"!" * 13, key, iv))
    return frame(good[:15] + bytes([good[15] ^ 0x55]))


class TestKeys:
    def test_a_key_is_renewed_and_old_connections_go_on(self, serve, monkeypatch):
        monkeypatch.setattr(ServerKey, "generate", lambda: ServerKey(RSA.generate(1024)))
        monkeypatch.setattr(KeyRing.__init__, "__kwdefaults__", {"handshakes": 3})
        port = serve().port
        peers = [Peer(port) for _ in range(3)]
        seen = {peers[0].public_key.n}
        recorded = peers[0].sent

        def renewed():
            with Peer(port) as peer:
                seen.add(peer.public_key.n)
                return peer.public_key.n != peers[0].public_key.n

        eventually(renewed)
        for peer in peers:
            assert peer.ask("NOPE") == ("ERRR", b"4")
            peer.close()
        with Peer(port, shake=False) as replay:
            replay.read_frame()
            replay.socket.sendall(recorded)
            assert replay.last_words() == b""

    def test_a_real_key_has_3072_bits(self):
        assert RSA.import_key(ServerKey.generate().public_pem).size_in_bits() == 3072


class TestCaps:
    def test_the_connection_that_is_idle_longest_gives_way(self, serve):
        server = serve(connections=3)
        peers = [idle(server) for _ in range(3)]
        assert peers[0].ask("NOPE") == ("ERRR", b"4")
        settle(server)
        peers.append(idle(server))
        assert_closed(peers.pop(1))
        for peer in peers:
            assert peer.ask("NOPE") == ("ERRR", b"4")
            peer.close()

    def test_one_address_makes_room_for_itself(self, serve, monkeypatch):
        """This machine's own address counts as another's here."""
        monkeypatch.setattr("app.native.room.THIS_MACHINE", "elsewhere")
        server = serve(connections_per_address=2)
        first, second, third = (idle(server) for _ in range(3))
        assert_closed(first)
        with Peer(server.port, shake=False) as half:
            half.read_frame()
            assert_closed(second)
            # Both are young: this one in its handshake, that one within a request.
            third.socket.sendall(b"0")
            eventually(lambda: [c.as_client().busy for c in server._snapshot()] == [True] * 2)
            with Peer(server.port, shake=False) as refused:
                assert refused.last_words() == b""
        third.close()

    def test_loopback_is_exempt(self, serve):
        port = serve(connections_per_address=2).port
        peers = [Peer(port) for _ in range(5)]
        for peer in peers:
            assert peer.ask("NOPE") == ("ERRR", b"4")
            peer.close()


def idle(server):
    """Return a client that is ready, and known to be idle."""
    peer = Peer(server.port)
    settle(server)
    return peer


def settle(server):
    eventually(lambda: not any(c.as_client().busy for c in server._snapshot() if not c.is_over))


def assert_closed(peer):
    with peer:
        assert peer.last_words() == b""


class TestHostileConnections:
    def test_nothing_breaks(self, serve, rsa_key, seven, caplog):
        """FUZZ / 40 connections, 25,000 in the long run; an honest client beside them."""
        caplog.set_level(logging.WARNING)
        port = serve(handshake=1, silence=1, frame=3, send=2).port
        eventually(lambda: reachable(port))
        threads, files = threading.active_count(), open_files()
        done = threading.Event()
        served: list[object] = []

        def be_honest():
            with Peer(port) as peer:
                while not done.is_set():
                    assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
                    assert peer.ask("NOPE") == ("ERRR", b"4")
                    served.append(None)

        with ThreadPoolExecutor(17) as pool:
            honest = pool.submit(be_honest)
            attacks = [pool.submit(attack, port, rsa_key, seed) for seed in range(FUZZ // 40)]
            try:
                for one in attacks:
                    one.result(600)
            finally:
                done.set()
            honest.result(60)
        assert len(served) > 5
        eventually(lambda: native_threads() == 0, 30)
        # The server's own workers are made when they are first needed, and stay.
        workers = [t for t in threading.enumerate() if t.name.startswith("native-")]
        assert threading.active_count() - len(workers) <= threads
        eventually(lambda: open_files() <= files + 20, 30)
        assert "Traceback" not in caplog.text
        with Peer(port) as peer:
            assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")


def reachable(port):
    with Peer(port) as peer:
        return peer.ask("NOPE") == ("ERRR", b"4")


def attack(port, rsa_key, seed):
    """Be one malformed client, of a kind that the seed decides."""
    chance = random.Random(seed)
    shaken = chance.random() < 0.6
    peer = Peer(port, shake=False)
    try:
        if shaken:
            peer.shake()
            for _ in range(chance.randrange(3)):
                peer.send("RIHP")
            peer.socket.sendall(garbage(chance, peer.key, peer.iv))
        else:
            if chance.random() < 0.5:
                peer.read_frame()
            hello = list(handshakes(rsa_key).values())
            peer.socket.sendall(
                chance.choice([chance.randbytes(chance.randrange(600)), chance.choice(hello)])
            )
        match chance.randrange(4):
            case 0:
                peer.vanish()
            case 1:
                peer.socket.shutdown(socket.SHUT_WR)
                peer.last_words()
            case 2 if not shaken and chance.random() < 0.1:
                # Only the server's deadline ends this.
                peer.last_words()
    except ConnectionError:
        pass  # the server may close before all is said
    finally:
        peer.close()


def garbage(chance, key, iv):
    kind = chance.randrange(7)
    noise = chance.randbytes(chance.randrange(200))
    good = frame(encrypt(message("RIPP", "a", noise), key, iv))
    if kind == 0:
        return noise
    if kind == 1:
        return frame(noise)
    if kind == 2:
        return good[: chance.randrange(len(good))]
    if kind == 3:
        return b"%07d" % chance.randrange(10**7) + noise
    if kind == 4:
        damaged = bytearray(good)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        return bytes(damaged)
    if kind == 5:
        return frame(encrypt(noise, key, iv))
    return frame(encrypt(message(chance.choice(("RIHD", "CRSI", "NOPE")), noise), key, iv))
