"""What the program itself does to people's data: lost databases, full disks, odd files."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from benchmarks.attack.kill import drawn
from benchmarks.attack.site import Person, Visitor
from tests.app.applications import new_database
from tests.app.programs import ROOT, fails, free_port, start
from tests.app.sites import everything


@pytest.fixture
def serve(tmp_path):
    """Start the program and return its port; it is ended after the test, or by `end`."""
    running = []

    def one(**settings):
        port = free_port()
        process = start(tmp_path, **{"PORT": port, "NATIVE_PORT": ""} | settings)
        running.append(process)
        line = process.stdout.readline()
        assert "serves on" in line, process.communicate()[1]
        return port

    def end(by=signal.SIGTERM):
        logs = []
        while running:
            process = running.pop()
            process.send_signal(by)
            logs.append(process.communicate(timeout=60)[1])
        assert not any("Traceback" in log for log in logs), logs
        return "".join(logs)

    yield SimpleNamespace(start=one, end=end)
    for process in running:
        process.kill()
        process.communicate()


def flask(tmp_path, *arguments, **settings):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DIGITNET_")}
    environment |= {
        "DIGITNET_INSTANCE_PATH": str(tmp_path / "instance"),
        **{f"DIGITNET_{name}": str(value) for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def store_pictures(port, count):
    person, dice = Person(port, "ann"), random.Random(1)
    return {kept: None for _ in range(count) if (kept := person.keep(drawn(dice)))}


def make_old(tmp_path):
    pictures = list((tmp_path / "instance" / "saved_images").glob("*.png"))
    for path in pictures:
        os.utime(path, (0, 0))
    return len(pictures)


@pytest.mark.parametrize("loss", ["moved away", "emptied", "another", "PostgreSQL"])
def test_a_start_with_an_empty_or_another_database_deletes_nothing(tmp_path, serve, loss):
    kept = store_pictures(serve.start(), 20)
    serve.end()
    assert make_old(tmp_path) == len(kept) >= 18
    database, settings = tmp_path / "instance" / "digitnet.db", {"NATIVE_PORT": ""}
    away = tmp_path / "away.db"
    if loss == "another":
        settings["DATABASE_URL"] = f"sqlite:///{tmp_path}/another.db"
    elif loss != "PostgreSQL":
        database.rename(away)
        if loss == "emptied":
            database.touch()
    before = everything(tmp_path)
    if loss == "PostgreSQL":
        with new_database("postgresql") as url:
            line = fails(start(tmp_path, DATABASE_URL=url, **settings))
    else:
        line = fails(start(tmp_path, **settings))
    assert f"holds {len(kept)} pictures" in line
    assert "DIGITNET_DATABASE_URL" in line
    assert "restore" in line
    assert everything(tmp_path) == before
    if away.exists():
        away.replace(database)
    port = serve.start()
    person = Person(port, "ann")
    assert {person.ask("GET", f"/gallery/{picture}.png").status for picture in kept} == {200}


@pytest.mark.parametrize("loss", ["moved away", "emptied"])
def test_a_log_whose_database_has_gone_is_kept(tmp_path, serve, loss):
    """A killed program leaves rows in SQLite's log that are nowhere else."""
    kept = store_pictures(serve.start(), 20)
    serve.end(signal.SIGKILL)
    database, away = tmp_path / "instance" / "digitnet.db", tmp_path / "away.db"
    log = database.with_name("digitnet.db-wal")
    assert log.stat().st_size
    database.rename(away)
    if loss == "emptied":
        database.touch()
    before = everything(tmp_path)
    line = fails(start(tmp_path, NATIVE_PORT=""))
    assert "digitnet.db-wal" in line
    assert everything(tmp_path) == before
    away.replace(database)
    port = serve.start()
    person = Person(port, "ann")
    assert {person.ask("GET", f"/gallery/{picture}.png").status for picture in kept} == {200}
    serve.end()
    assert not log.exists()


@pytest.mark.parametrize("command", [["--help"], ["routes"], ["check"], ["check", "--help"]])
def test_a_command_that_needs_nothing_writes_nothing(tmp_path, command):
    answer = flask(tmp_path, *command)
    assert "Traceback" not in answer.stderr
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "instance").mkdir()
    flask(tmp_path, *command)
    assert list((tmp_path / "instance").iterdir()) == []


def test_a_command_that_signs_nothing_makes_no_secret_key(tmp_path):
    answer = flask(tmp_path, "make-admin", "nobody")
    assert "nobody is called 'nobody'" in answer.stderr
    assert not (tmp_path / "instance" / "secret_key").exists()
    assert "Ready to serve" in flask(tmp_path, "prepare").stdout
    assert (tmp_path / "instance" / "secret_key").exists()


def test_migrations_alone_make_the_folder_that_they_need(tmp_path):
    assert flask(tmp_path, "db", "upgrade").returncode == 0
    assert (tmp_path / "instance" / "digitnet.db").exists()


@pytest.mark.parametrize("kind", ["random", "empty", "folder"])
def test_an_odd_secret_key_is_one_clear_line(tmp_path, kind):
    path = tmp_path / "instance" / "secret_key"
    path.parent.mkdir()
    path.mkdir() if kind == "folder" else path.write_bytes(bytes(128 for _ in range(99)))
    if kind == "empty":
        path.write_bytes(b"")
    assert "secret_key" in fails(start(tmp_path))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB as the instance folder."""
    folder = tmp_path / "instance"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(folder, left=0):
    """Fill a disk but for some bytes; return the file that does it."""
    ballast = folder / "ballast"
    size = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast.write_bytes(bytes(size - left))
    return ballast


@pytest.mark.parametrize("left", [0, 8192, 32_768, 131_072])
def test_a_first_start_on_a_full_disk_is_one_clear_line(tmp_path, small_disk, serve, left):
    ballast = fill_disk(small_disk, left)
    line = fails(start(tmp_path, NATIVE_PORT=""))
    assert "full" in line or "No space left" in line or "cannot be opened" in line
    key = small_disk / "secret_key"
    assert not key.exists() or len(key.read_text()) == 64
    ballast.unlink()
    serve.start()


def test_a_disk_that_fills_up_shuts_nobody_in_or_out(tmp_path, small_disk, serve):
    port = serve.start()
    ann, bob = Person(port, "ann"), Person(port, "bob")
    ballast = fill_disk(small_disk)
    # What is free in the middle of files that are there already is used up.
    while ann.store(noisy()).status == 200:
        pass
    answer = ann.store(noisy())
    assert answer.status == 503
    assert b"full" in answer.content or b"No space left" in answer.content
    wrong = [Visitor(port).log_in("ann", f"guess {n}").status for n in range(7)]
    assert set(wrong[:5]) == {400}
    assert 429 in wrong
    assert Visitor(port).log_in("bob").status == 302
    assert bob.ask("POST", "/logout", headers={"X-CSRFToken": bob.token}).status == 302
    assert bob.ask("GET", "/account").status == 302
    ballast.unlink()
    assert ann.keep(noisy())


def noisy():
    return drawn(random.Random(time.monotonic_ns()))


def test_many_first_starts_beside_a_check(tmp_path):
    """Checks that look at a database in the making neither fail badly nor change it."""
    servers = [start(tmp_path, PORT=free_port(), NATIVE_PORT="") for _ in range(3)]
    try:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: flask(tmp_path, "check"), range(2)))
        lines = [server.stdout.readline() for server in servers]
    finally:
        for server in servers:
            server.terminate()
    logs = [server.communicate(timeout=60)[1] for server in servers]
    assert all("serves on" in line for line in lines), logs
    assert not any("Traceback" in answer.stderr for answer in answers)
