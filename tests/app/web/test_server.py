"""The web server, with small applications."""

import json
import threading

import pytest
from flask import Flask, Response, request

from app.config import Settings
from app.errors import StartError
from app.languages import Languages
from app.web.lanes import Lane, runs_in
from app.web.server import WebServer, _Exchange
from tests.app.pseudo import is_plain, pseudo, write_language
from tests.app.waiting import eventually
from tests.app.web.wire import post

_LARGEST = 1_000_000


@pytest.fixture
def app():
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    closed = app.extensions["closed"] = threading.Event()

    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return {
            "body": request.get_data(as_text=True),
            "query": request.query_string.decode(),
            "path": request.path,
            "from": request.remote_addr,
            "forwarded": request.headers.get("X-Forwarded-For"),
            "cookies": request.cookies,
        }

    @app.get("/<path:anything>/")
    def other(anything):
        return {"path": request.path}

    @app.get("/pieces")
    def pieces():
        count = int(request.args["count"])
        answer = Response((b"%07d\n" % n * 1000 for n in range(count)), mimetype="text/plain")
        answer.call_on_close(closed.set)
        return answer

    @app.get("/breaks")
    def breaks():
        def broken():
            yield b"x" * 100_000
            raise RuntimeError("in the middle")

        return Response(broken())

    @app.get("/nothing")
    def nothing():
        return "", 204

    return app


class TestRequests:
    def test_one_connection_serves_many(self, app, serve, dial):
        wire = dial(serve(app))
        for path in ("/echo?a=1&b=%20", "/echo?c"):
            status, _, body = wire.get(path)
            assert status == 200
            assert path.partition("?")[2] in body.decode()

    def test_requests_sent_ahead_are_answered_in_order(self, app, serve, dial):
        wire = dial(serve(app), b"GET /echo?1 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        assert [wire.answer()[0] for _ in range(3)] == [200] * 3

    def test_a_body_in_chunks(self, app, serve, dial):
        head = (
            b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: text/plain\r\n\r\n"
        )
        wire = dial(serve(app), head + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        assert b'"hello world"' in wire.answer()[2]

    def test_a_body_byte_by_byte(self, app, serve, dial):
        wire = dial(serve(app))
        for byte in post("/echo", b"hello", "text/plain"):
            wire.send(bytes([byte]))
        assert b'"hello"' in wire.answer()[2]

    def test_a_large_body_arrives_whole(self, app, serve, dial):
        wire = dial(serve(app), post("/echo", b"0123456789" * 100_000, "text/plain"))
        assert b"0123456789" * 100_000 in wire.answer()[2]

    def test_head_has_no_body(self, app, serve, dial):
        wire = dial(serve(app), b"HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"Content-Length" in wire._until(b"\r\n\r\n")
        assert wire.get("/nothing", "Connection: close")[0] == 204

    def test_an_old_client_is_served_and_left(self, app, serve, dial):
        wire = dial(serve(app), b"GET /pieces?count=20 HTTP/1.0\r\n\r\n")
        assert wire._until(b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        assert wire._until(b"0000019\n" * 1000)
        assert wire.is_closed()

    def test_slashes_letters_and_ends_are_told_as_they_came(self, app, serve, dial):
        wire = dial(serve(app))
        assert b"/x/" in wire.get("//x/")[2]
        assert "ä" in wire.get("/%C3%A4/")[2].decode("unicode_escape")
        assert b'"127.0.0.1"' in wire.get("/echo")[2]
        assert b"k=1" not in wire.get("/echo", "Cookie: k=1; l=2")[2]

    def test_a_name_with_an_underscore_passes_for_no_other(self, app, serve, dial):
        assert b"6.6.6.6" not in dial(serve(app)).get("/echo", "X_Forwarded_For: 6.6.6.6")[2]

    @pytest.mark.parametrize(
        "head",
        [
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -5",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + "9" * 30,
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked",
            "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b",
            "GET /echo HTTP/1.1",
            "GET /echo HTTP/9.9\r\nHost: a",
            "GET http://[/ HTTP/1.1\r\nHost: a",
            "nonsense",
        ],
    )
    def test_what_has_two_meanings_or_none_is_refused(self, app, serve, dial, head):
        wire = dial(serve(app), f"{head}\r\n\r\n".encode())
        assert wire._until(b"\r\n").startswith(b"HTTP/1.1 400")
        assert wire.is_closed()


class TestAnswers:
    def test_a_long_answer_comes_in_pieces(self, app, serve, dial):
        status, headers, body = dial(serve(app)).get("/pieces?count=300")
        assert status == 200
        assert headers["transfer-encoding"] == "chunked"
        assert body == b"".join(b"%07d\n" % n * 1000 for n in range(300))
        assert app.extensions["closed"].wait(60)

    def test_one_that_breaks_off_is_not_taken_for_whole(self, app, serve, dial):
        wire = dial(serve(app))
        with pytest.raises(ConnectionError):
            wire.get("/breaks")
        assert dial(serve(app)).get("/echo")[0] == 200

    def test_a_client_that_leaves_is_noticed(self, app, serve, dial):
        wire = dial(serve(app), buffer=4096)
        wire.send(b"GET /pieces?count=1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wire._until(b"\r\n\r\n")
        assert not app.extensions["closed"].is_set()
        wire.close()
        assert app.extensions["closed"].wait(60)


class TestDeadlines:
    def test_a_head_that_does_not_end(self, app, serve, dial):
        wire = dial(serve(app, header=1), b"GET / HTTP/1.1\r\n")
        assert wire.is_closed()

    def test_a_connection_that_asks_for_nothing(self, app, serve, dial):
        assert dial(serve(app, header=1)).is_closed()

    def test_a_body_that_does_not_end(self, app, serve, dial):
        wire = dial(serve(app, body=1), post("/echo", b"0" * 1000)[:-1])
        assert wire.is_closed()

    def test_an_answer_that_is_not_read(self, app, serve, dial):
        wire = dial(serve(app, send=1), buffer=4096)
        wire.send(b"GET /pieces?count=1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert app.extensions["closed"].wait(60)


class TestRoom:
    def test_slow_clients_hold_no_thread(self, app, serve, dial):
        port = serve(app, threads=1)
        for _ in range(10):
            dial(port, post("/echo", b"0" * 1000)[:-1])
            dial(port, b"GET /echo HTTP/1.1\r\n")
            dial(port, b"GET /pieces?count=1000000 HTTP/1.1\r\nHost: a\r\n\r\n", buffer=4096)
        assert dial(port).get("/echo")[0] == 200

    def test_a_newcomer_finds_room(self, app, serve, dial):
        port = serve(app, connections=5)
        idle = [dial(port) for _ in range(5)]
        assert idle[0].get("/echo")[0] == 200
        assert dial(port).get("/echo")[0] == 200
        assert idle[1].is_closed()
        assert idle[0].get("/echo")[0] == 200

    def test_what_is_too_large_is_thrown_away_and_answered(self, app, serve, dial):
        port = serve(app)
        for body in (b"0" * (_LARGEST + 1), b"0" * 20_000_000):
            wire = dial(port, post("/echo", body))
            assert wire.answer()[0] == 413
            assert wire.get("/echo")[0] == 200

    def test_what_grows_too_large_in_chunks(self, app, serve, dial):
        wire = dial(serve(app))
        wire.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            wire.send(b"186a0\r\n" + b"0" * 100_000 + b"\r\n")
        wire.send(b"0\r\n\r\n")
        assert wire.answer()[0] == 413
        assert wire.get("/echo")[0] == 200


class Full:
    """A file on a disk that is full."""

    def __init__(self, *options):
        pass

    def write(self, data):
        raise OSError(28, "No space left on device")

    def close(self):
        pass


class TestNoRoom:
    def test_a_full_disk_is_told(self, app, serve, dial, monkeypatch):
        port = serve(app)
        monkeypatch.setattr("app.web.server.tempfile.SpooledTemporaryFile", Full)
        wire = dial(port, post("/echo", b"0" * 500_000))
        status, headers, body = wire.answer()
        assert (status, headers["content-type"]) == (503, "application/problem+json")
        assert b"no room" in body
        assert int(headers["retry-after"]) > 0
        assert wire.get("/echo")[0] == 200

    def test_it_is_told_in_the_language_of_the_sender(
        self, app, serve, dial, monkeypatch, tmp_path
    ):
        write_language(tmp_path / "he.po")
        app.extensions["languages"] = Languages.load(tmp_path)
        monkeypatch.setattr("app.web.server.tempfile.SpooledTemporaryFile", Full)
        request = post("/echo", b"0" * 500_000, "image/png", "Accept-Language: he")
        _, _, body = dial(serve(app), request).answer()
        assert json.loads(body)["title"] == pseudo("Service Unavailable")
        assert not is_plain(json.loads(body)["detail"])

    def test_all_bodies_together_are_bounded(self, app, start_server, dial, monkeypatch):
        monkeypatch.setattr("app.web.server._MOST_KEPT", 2_000_000)
        server = start_server(app)
        port = server.port
        body = post("/echo", b"0" * 900_000)
        stalled = [dial(port, body[:-1]) for _ in range(2)]
        eventually(lambda: server.kept == 2 * 899_999)
        assert dial(port, body).answer()[0] == 503
        assert dial(port).get("/echo")[0] == 200
        for wire in stalled:
            wire.send(b"0")
            assert wire.answer()[0] == 200
        eventually(lambda: server.kept == 0)
        assert dial(port, body).answer()[0] == 200


def test_requests_sent_ahead_by_one_who_leaves(app, serve, dial, caplog):
    port = serve(app)
    for _ in range(20):
        wire = dial(port, b"GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        wire.socket.recv(100)
        wire.close()
    assert dial(port).get("/echo")[0] == 200
    assert "Traceback" not in caplog.text


class TestLanes:
    def test_heavy_work_waits_behind_its_own_kind(self, app, serve, dial):
        go_on = threading.Event()

        @app.get("/heavy")
        @runs_in(Lane.EXPLAINING)
        def heavy():
            return str(go_on.wait(60))

        port = serve(app, threads=1)
        waiting = [dial(port, b"GET /heavy HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(5)]
        try:
            assert dial(port).get("/echo")[0] == 200
        finally:
            go_on.set()
        assert [wire.answer()[2] for wire in waiting] == [b"True"] * 5

    def test_nobody_works_for_who_has_left(self, app, serve, dial, monkeypatch):
        begun, go_on, left = (threading.Event() for _ in range(3))
        calls = []
        put_away = _Exchange._put_away

        def note(*arguments):
            put_away(*arguments)
            left.set()

        monkeypatch.setattr(_Exchange, "_put_away", note)

        @app.get("/heavy/<name>")
        @runs_in(Lane.EXPLAINING)
        def heavy(name):
            calls.append(name)
            begun.set()
            return str(go_on.wait(60))

        port = serve(app)
        first = dial(port, b"GET /heavy/first HTTP/1.1\r\nHost: a\r\n\r\n")
        assert begun.wait(60)
        dial(port, b"GET /heavy/second HTTP/1.1\r\nHost: a\r\n\r\n").close()
        assert left.wait(60)
        third = dial(port, b"GET /heavy/third HTTP/1.1\r\nHost: a\r\n\r\n")
        assert dial(port).get("/echo")[0] == 200
        go_on.set()
        assert first.answer()[0] == third.answer()[0] == 200
        assert calls == ["first", "third"]


class TestEnd:
    def test_what_is_under_way_is_finished(self, app, serve, dial):
        begun, go_on = threading.Event(), threading.Event()

        @app.get("/slow")
        def slow():
            begun.set()
            return str(go_on.wait(60))

        server = WebServer(app, Settings(port=0))
        thread = threading.Thread(target=server.run)
        thread.start()
        wire = dial(server.port, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        assert begun.wait(60)
        server.halt()
        go_on.set()
        assert wire.answer()[2] == b"True"
        thread.join(20)
        assert not thread.is_alive()
        with pytest.raises(ConnectionRefusedError):
            dial(server.port)

    def test_what_is_stuck_is_not_waited_for(self, app, dial, caplog):
        begun, go_on = threading.Event(), threading.Event()

        @app.get("/stuck")
        def stuck():
            begun.set()
            return str(go_on.wait(60))

        server = WebServer(app, Settings(port=0))
        thread = threading.Thread(target=server.run)
        thread.start()
        wire = dial(server.port, b"GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
        assert begun.wait(60)
        server.halt()
        thread.join(30)
        assert not thread.is_alive()
        go_on.set()
        assert wire.is_closed()

    def test_a_port_that_is_taken(self, app):
        server = WebServer(app, Settings(port=0))
        with pytest.raises(StartError, match="DIGITNET_PORT"):
            WebServer(app, Settings(port=server.port))
        server.halt()
        server.run()


def test_connections_leave_nothing_behind(app, serve, dial):
    """A thousand that come and go are forgotten."""
    server = WebServer(app, Settings(port=0))
    thread = threading.Thread(target=server.run)
    thread.start()
    for number in range(200):
        wire = dial(server.port)
        if number % 2:
            wire.send(b"GET /echo HTTP")
        wire.close()
    eventually(lambda: not server.admission.connections())
    assert not server.answers
    server.halt()
    thread.join(20)
