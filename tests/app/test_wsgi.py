"""The program as people start it: a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.pictures import png_bomb
from tests.app.programs import ROOT, fails, free_port, resident, start


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serves_and_ends_cleanly(tmp_path, end):
    port = free_port()
    process = start(tmp_path, PORT=port)
    line = process.stdout.readline()
    assert f"http://127.0.0.1:{port}" in line
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        assert response.status == 200
        assert "Server" not in response.headers
    process.send_signal(end)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_a_busy_port_is_one_clear_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = fails(start(tmp_path, PORT=port))
    assert f"127.0.0.1:{port}" in line
    assert "DIGITNET_PORT" in line


def test_an_unwritable_instance_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    line = fails(start(tmp_path, INSTANCE_PATH=tmp_path / "file" / "instance"))
    assert "DIGITNET_INSTANCE_PATH" in line


def test_a_missing_or_damaged_model_is_one_clear_line(tmp_path):
    assert "cannot read" in fails(start(tmp_path, MODEL=tmp_path / "none.dnm"))
    damaged = tmp_path / "damaged.dnm"
    whole = (ROOT / "cnn/weights/digits-1.dnm").read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in fails(start(tmp_path, MODEL=damaged))


def test_a_wrong_setting_is_one_clear_line(tmp_path):
    assert "DIGITNET_PORT" in fails(start(tmp_path, PORT="none"))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("DATABASE_URL", "mysql://x"), ("MODEL", "none.dnm")]
)
def test_a_wrong_setting_is_one_clear_line_of_a_command(tmp_path, name, value):
    environment = os.environ | {
        "DIGITNET_INSTANCE_PATH": str(tmp_path),
        f"DIGITNET_{name}": value,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("digitnet: ")


def test_a_damaged_secret_key_is_one_clear_line(tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").write_text("")
    assert "secret_key" in fails(start(tmp_path))


def test_hostile_pictures_leave_memory_flat(tmp_path):
    port = free_port()
    process = start(tmp_path, PORT=port)
    process.stdout.readline()
    bomb = png_bomb(20_000)

    def send(body, kind="image/png"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/predict", body, {"Content-Type": kind}
        )
        try:
            urllib.request.urlopen(request, timeout=60).close()
            code = 200
        except urllib.error.HTTPError as error:
            code = error.code
            error.close()
        return code

    try:
        # So many at once that each of the server's threads gets its share, and keeps buffers.
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(send, [bomb, b"0" * 4_000_000] * 40))
        before = resident(process.pid)
        assert {send(bomb) for _ in range(20)} == {413}
        assert {send(b"0" * 4_000_000) for _ in range(20)} == {413}
        assert {send(b"only text") for _ in range(20)} == {415}
        assert resident(process.pid) - before < 30_000_000
    finally:
        process.terminate()
        process.communicate(timeout=30)
