"""The program as people start it, and the command-line client, as processes."""

import csv
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.config import Settings
from app.native.client import ClientError, NativeClient, main
from tests.app.native.peer import Peer
from tests.app.pictures import draw, noise
from tests.app.programs import ROOT, environment, free_port, running, site
from tests.app.stock import store
from tests.app.waiting import eventually

PASSWORD = "correct horse"


def status(port):
    import json
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=60) as answer:
        return json.load(answer)["native"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One running program for all tests that only want one; its port for native clients."""
    with site(tmp_path_factory.mktemp("program")) as process:
        yield process.native_port


@pytest.fixture
def start_client():
    """Start the command-line client; what is still running in the end is killed."""
    started = []

    def start(*arguments, password=PASSWORD):
        started.append(_start_client(arguments, password))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _start_client(arguments, password):
    return subprocess.Popen(
        [sys.executable, "-m", "app.native.client", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**({"PASSWORD": password} if password else {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def finish(process):
    """Return the exit status, and what was said on both channels."""
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return process.returncode, out, err


class TestProgram:
    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
    def test_ends_cleanly_with_clients_connected(self, tmp_path, end, seven):
        with site(tmp_path) as process:
            ready = Peer(process.native_port)
            assert ready.public_key.size_in_bits() == 3072
            assert ready.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
            inside = Peer(process.native_port)
            inside.socket.sendall(b"00001")
            new = Peer(process.native_port, shake=False)
            new.read_frame()
            process.send_signal(end)
            for peer in (ready, inside, new):
                assert peer.last_words() == b""
                peer.close()
            process.wait(60)
        assert "disconnected: the server ends" in process.log
        with pytest.raises(ConnectionRefusedError):
            Peer(process.native_port)

    def test_a_busy_port_is_one_line_and_the_site_runs(self, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as other:
            busy = other.getsockname()[1]
            with site(tmp_path, NATIVE_PORT=busy) as process:
                assert status(process.site_port) == {
                    "listening": False,
                    "port": None,
                    "connected": 0,
                }
        (line,) = [text for text in process.log.splitlines() if text.startswith("digitnet:")]
        for words in (f"127.0.0.1:{busy}", "DIGITNET_NATIVE_PORT", "The site runs without them."):
            assert words in line

    def test_an_empty_port_switches_it_off(self, tmp_path):
        with site(tmp_path, NATIVE_PORT="") as process:
            assert status(process.site_port)["listening"] is False
        assert "digitnet:" not in process.log
        assert "native" not in process.log

    def test_the_listener_alone_and_the_site_beside_it(self, tmp_path, seven):
        port = free_port()
        shared = {"INSTANCE_PATH": tmp_path / "instance"}
        alone = ("-m", "flask", "--app", "wsgi", "native")
        with running(*alone, NATIVE_PORT=port, **shared) as process:
            assert f"port {port}" in process.line
            with site(tmp_path, NATIVE_PORT="") as web, Peer(port) as peer:
                assert peer.ask("CRSU", "ann", PASSWORD) == ("CRSA",)
                assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
                assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
                expected = {"listening": True, "port": port, "connected": 1}
                eventually(lambda: status(web.site_port) == expected, 20)
                process.send_signal(signal.SIGINT)
                assert peer.last_words() == b""
                process.wait(60)
                assert status(web.site_port)["listening"] is False
        assert "127.0.0.1: connected" in process.log
        assert "logged in as 'ann'" in process.log
        assert PASSWORD not in process.log

    def test_the_listener_alone_with_nothing_to_listen_on(self, tmp_path, open_app):
        with socket.create_server(("127.0.0.1", 0)) as other:
            for port, words in ((other.getsockname()[1], "DIGITNET_NATIVE_PORT"), (None, "empty")):
                app = open_app(Settings(instance_path=tmp_path, native_port=port))
                ended = app.test_cli_runner().invoke(args=["native"])
                assert ended.exit_code == 1
                assert ended.output.startswith("Error: ")
                assert len(ended.output.splitlines()) == 1
                assert words in ended.output


class TestCommandLine:
    def test_recognise(self, server, start_client, tmp_path, seven, one):
        (tmp_path / "seven.png").write_bytes(seven)
        odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))
        odd.write_bytes(one)
        (tmp_path / "text.png").write_text("only text")
        (tmp_path / "large.png").write_bytes(bytes(12_000_000))
        files = [tmp_path / f"{name}.png" for name in ("seven", "text", "none", "large")]
        code, out, err = finish(
            start_client(f"127.0.0.1:{server}", "recognise", *files, odd, tmp_path)
        )
        assert code == 1
        assert re.fullmatch(r".*seven.png: 7 \(\d+\.\d%\)\n.*\?.png: 1 \(\d+\.\d%\)\n", out)
        assert "text.png: this is not a picture" in err
        assert "large.png: the picture is too large" in err
        assert "none.png: No such file" in err
        assert f"{tmp_path}: Is a directory" in err

    def test_sign_up_log_in_store_and_browse(self, server, start_client, tmp_path, seven):
        address = f"localhost:{server}"
        assert finish(start_client(address, "signup", "ann"))[:2] == (
            0,
            "ann has an account now.\n",
        )
        (tmp_path / "seven.png").write_bytes(seven)
        storing = start_client(address, "recognise", "--user", "ann", tmp_path / "seven.png")
        others = {
            "taken": start_client(address, "signup", "ann"),
            "short": start_client(address, "signup", "bob", password="short"),
            "no password": start_client(address, "signup", "bob", password=None),
            "right": start_client(address, "login", "ANN"),
            "wrong": start_client(address, "login", "ann", password="wrong horse"),
        }
        said = {what: finish(process) for what, process in others.items()}
        assert {what: code for what, (code, _, _) in said.items()} == {
            "taken": 1,
            "short": 1,
            "no password": 1,
            "right": 0,
            "wrong": 1,
        }
        assert "already taken" in said["taken"][2]
        assert "check name and password" in said["short"][2]
        assert "DIGITNET_PASSWORD" in said["no password"][2]
        assert said["right"][1] == "ann: name and password are right.\n"
        assert "wrong user name or password" in said["wrong"][2]
        assert finish(storing)[0] == 0

        listing = start_client(address, "browse", "--digit", "7")
        empty = start_client(address, "browse", "--digit", "3")
        code, out, _ = finish(start_client(address, "browse", "--zip", tmp_path / "all.zip"))
        assert (code, out) == (0, f"1 picture saved in {tmp_path / 'all.zip'}\n")
        with zipfile.ZipFile(tmp_path / "all.zip") as archive:
            assert archive.testzip() is None
            (row,) = csv.DictReader(io.StringIO(archive.read("labels.csv").decode()))
            assert archive.read(f"images/{row['filename']}").startswith(b"\x89PNG")
        assert row["label"] == "7"
        assert [path.name for path in tmp_path.glob("*zip*")] == ["all.zip"]
        assert re.fullmatch(r"[0-9a-f-]{36}  7  \d+\.\d%\n", finish(listing)[1])
        assert finish(empty)[:2] == (0, "")

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there is no DigitNet server"),
            (b"0000003abc", "what answers there is no DigitNet server"),
            (b"", "the server closed the connection"),
            (b"0000450-----BEGIN PUBLIC", "the server closed the connection"),
        ],
        ids=["HTTP", "no key", "nothing", "cut off"],
    )
    def test_somebody_else_answers(self, capsys, said, words):
        with stranger(said) as address:
            assert main([address, "browse"]) == 1
        assert capsys.readouterr() == ("", f"client: {words}\n")

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("127.0.0.1:1", "no DigitNet server answers at 127.0.0.1:1 (Connection refused)"),
            ("no.such.host.invalid", "no DigitNet server answers at no.such.host.invalid:6627"),
            ("a..b", "no DigitNet server answers at a..b:6627"),
            ("localhost:port", "'localhost:port' is not of the form HOST:PORT"),
            ("localhost:0", "'localhost:0' is not of the form HOST:PORT"),
            ("localhost:99999", "'localhost:99999' is not of the form HOST:PORT"),
        ],
    )
    def test_nobody_answers(self, capsys, address, words):
        assert main([address, "browse"]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"client: {words}")
        assert len(err.splitlines()) == 1

    def test_the_server_goes_in_the_middle(self, serve, capsys, tmp_path, app):
        server = serve()
        store(app, noise(1))
        with NativeClient("127.0.0.1", server.port) as client:
            assert len(list(client.browse())) == 1
            server.stop()
            with pytest.raises(ClientError, match="connection"):
                client.log_in("ann", PASSWORD)

    def test_one_digit_of_several_is_answered_and_the_help_says_so(self, serve, capsys, tmp_path):
        """The protocol's answer has room for one."""
        small = draw([(140, 50), (140, 230)]).resize((200, 200))
        image = draw([(60, 60), (210, 60), (110, 230)], size=(700, 300))
        image.paste(small, (450, 50))
        image.save(tmp_path / "two.png")
        assert main([f"127.0.0.1:{serve().port}", "recognise", str(tmp_path / "two.png")]) == 0
        assert re.fullmatch(r".*two\.png: 7 \([\d.]+%\)\n", capsys.readouterr().out)
        with pytest.raises(SystemExit):
            main(["127.0.0.1", "recognise", "--help"])
        words = " ".join(capsys.readouterr().out.split())
        assert "several digits is answered with the largest of them alone" in words

    def test_a_zip_is_written_whole_or_not_at_all(self, serve, capsys, tmp_path, app):
        port = serve().port
        store(app, noise(2))
        missing = tmp_path / "none" / "all.zip"
        assert main([f"127.0.0.1:{port}", "browse", "--zip", str(missing)]) == 1
        assert str(missing.parent) in capsys.readouterr().err
        assert list(tmp_path.glob("*.zip*")) == []

    @pytest.mark.parametrize(
        "arguments",
        [[], ["localhost"], ["localhost", "browse", "--digit", "10"], ["localhost", "fly"]],
    )
    def test_wrong_use_says_how(self, capsys, arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "usage:" in capsys.readouterr().err

    def test_ipv6(self, serve, capsys):
        port = serve(host="::1").port
        assert main([f"[::1]:{port}", "browse"]) == 0

    def test_a_process_says_it_too(self, start_client):
        code, out, err = finish(start_client("127.0.0.1:1", "browse"))
        assert (code, out) == (1, "")
        assert len(err.splitlines()) == 1


@contextmanager
def stranger(words):
    """Listen, say something to whoever comes, and hang up; give the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(words)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join(30)
