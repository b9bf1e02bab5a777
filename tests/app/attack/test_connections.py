"""Slow connections, heavy requests and odd heads against the program as people start it."""

import json
import signal
import threading

import pytest

from benchmarks.attack.site import Person, Visitor
from tests.app.native.peer import Peer
from tests.app.pictures import draw, encode
from tests.app.programs import free_port, running
from tests.app.web.wire import Wire, post

#: More than one address may have open beside what a server serves at once.
_MANY = 120


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    ports = {"PORT": free_port(), "NATIVE_PORT": free_port()}
    folder = tmp_path_factory.mktemp("attacked")
    limits = {"HEADER_SECONDS": 30, "THREADS": 4, "HOSTS": "digits.example, .school.example"}
    with running("wsgi.py", INSTANCE_PATH=folder, **ports, **limits) as process:
        process.port, process.native_port = ports["PORT"], ports["NATIVE_PORT"]
        yield process


@pytest.fixture
def dial(place):
    opened = []

    def connect(words=b"", **options):
        opened.append(Wire(place.port, **options))
        opened[-1].send(words)
        return opened[-1]

    yield connect
    for wire in opened:
        wire.close()


@pytest.fixture(scope="module")
def drawing():
    return encode(draw([(60, 60), (210, 60), (110, 230)]))


@pytest.fixture(scope="module")
def cookie(place):
    """The cookie of somebody who is logged in and has pictures."""
    ann = Person(place.port, "ann")
    for number in range(3):
        assert ann.keep(encode(draw([(60, 60), (210, 60), (110, 230 - number)])))
    return ann.cookie


def reads(wire, drawing):
    """Say whether somebody who draws a digit gets the answer."""
    wire.send(post("/predict", drawing))
    return json.loads(wire.answer()[2])["digit"] == 7


class TestConnections:
    def test_dripping_heads_shut_nobody_out(self, dial, drawing):
        for _ in range(_MANY):
            dial(b"GET / HTTP/1.1\r\n")
        assert reads(dial(), drawing)

    def test_stalled_uploads_shut_nobody_out(self, dial, drawing):
        for _ in range(_MANY):
            dial(post("/predict", bytes(1000))[:-1])
        assert reads(dial(), drawing)

    def test_stalled_downloads_shut_nobody_out(self, dial, drawing, cookie):
        pages = (
            "/static/js/features/draw/page.js",
            "/gallery/download.zip",
            "/gallery/download.npz",
        )
        for number in range(30):
            head = f"GET {pages[number % 3]} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n"
            dial(head.encode(), buffer=2048)
        assert reads(dial(), drawing)


class TestHeavyWork:
    def test_guessed_passwords_hold_up_nobody_who_draws(self, place, dial, drawing):
        visitor = Visitor(place.port)
        token = visitor.form_token("/login")
        end = threading.Event()

        def guess(number):
            while not end.is_set():
                fields = f"csrf_token={token}&username=n{number}&password=guess".encode()
                kind = "application/x-www-form-urlencoded"
                wire = Wire(place.port, timeout=60)
                wire.send(post("/login", fields, kind, f"Cookie: {visitor.cookie}"))
                wire.answer()
                wire.close()

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        try:
            assert all(reads(dial(), drawing) for _ in range(5))
        finally:
            end.set()
            for thread in threads:
                thread.join()


class TestHeads:
    @pytest.mark.parametrize("host", ["evil.com", "localhost.evil.com", "", "a b", "8.8.8.8"])
    def test_other_names_are_not_answered_to(self, dial, host):
        wire = dial(f"GET /gallery HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        status, headers, body = wire.answer()
        assert status == 400
        assert "location" not in headers
        assert b"DIGITNET_HOSTS" in body

    @pytest.mark.parametrize(
        "host",
        ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:9", "digits.example", "a.school.example"],
    )
    def test_own_names_are(self, dial, host):
        assert dial(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).answer()[0] == 200

    def test_two_lengths_of_one_body_are_refused(self, dial):
        head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
        wire = dial(f"{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode())
        assert wire._until(b"\r\n").startswith(b"HTTP/1.1 400")
        assert wire.is_closed()

    @pytest.mark.parametrize("size", [4_300_000, 17_000_000, 40_000_000])
    def test_too_large_a_body_is_told_so(self, dial, size):
        wire = dial(post("/predict", bytes(size)))
        status, headers, body = wire.answer()
        assert (status, headers["content-type"]) == (413, "application/problem+json")
        assert "3,000,000" in json.loads(body)["detail"]

    def test_what_may_be_kept_and_by_whom(self, dial, cookie):
        def header(path, name):
            return dial().get(path, f"Cookie: {cookie}")[1].get(name, "")

        assert header("/", "cache-control") == "private, no-cache"
        for path in ("/gallery/", "/account", "/status", "/gallery/download.zip"):
            assert "no-store" in header(path, "cache-control"), path
        assert "Cookie" in header("/account", "vary")
        assert "Cookie" not in header("/static/css/parts/base.css", "vary")
        assert header("/", "strict-transport-security") == ""


def test_a_site_of_https_says_so_by_itself(tmp_path):
    port, host = free_port(), "digits.example"
    how = {"INSTANCE_PATH": tmp_path, "PORT": port, "NATIVE_PORT": "", "HTTPS": 1, "HOSTS": host}
    with running("wsgi.py", **how):
        wire = Wire(port)
        wire.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert wire.answer()[1]["strict-transport-security"] == "max-age=31536000"
        wire.close()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_program_ends_whatever_is_under_way(tmp_path, drawing, end):
    ports = {"PORT": free_port(), "NATIVE_PORT": free_port()}
    with running("wsgi.py", INSTANCE_PATH=tmp_path, **ports) as process:
        wires = [Wire(ports["PORT"], buffer=2048) for _ in range(30)]
        for wire, words in zip(wires, _UNDER_WAY * 10, strict=True):
            wire.send(words)
        explained = [Wire(ports["PORT"]) for _ in range(5)]
        for wire in explained:
            wire.send(post("/explain", drawing))
        peers = [Peer(ports["NATIVE_PORT"]) for _ in range(3)]
        peers[0].socket.sendall(b"00")
        peers[1].send("RIPP", "seven.png", drawing)
        process.send_signal(end)
        process.wait(60)
        for wire in (*wires, *explained):
            wire.close()
        for peer in peers:
            peer.close()


_UNDER_WAY = (
    b"GET / HTTP/1.1\r\n",
    post("/predict", bytes(100_000))[:-1],
    b"GET /static/js/features/draw/page.js HTTP/1.1\r\nHost: localhost\r\n\r\n",
)
