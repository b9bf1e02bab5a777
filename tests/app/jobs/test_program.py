"""The worker as a program, and as a child of the site."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.programs import environment, running, site, start
from tests.app.waiting import eventually


def children(pid):
    """Return the processes that a process has started and that still run."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        pytest.skip("this system has no /proc")
    found = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [int(child) for some in found for child in some]


def is_running(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def kill(pid, number=signal.SIGKILL):
    subprocess.run(["kill", f"-{int(number)}", str(pid)], check=True)


def option(pid, name):
    """Return what a process was given for an option; None if it has ended meanwhile."""
    try:
        given = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((one.partition("=")[2] for one in given if one.startswith(f"{name}=")), None)


def test_it_works_as_a_process_of_its_own(tmp_path):
    command = ("-m", "flask", "--app", "wsgi", "worker")
    with running(*command, INSTANCE_PATH=tmp_path / "instance") as process:
        assert "worker is ready" in process.line


def test_the_site_keeps_a_worker_and_ends_it(tmp_path):
    with site(tmp_path, WORKER=1) as process:
        eventually(lambda: len(children(process.pid)) == 1)
        (first,) = children(process.pid)
        name = option(first, "--name")
        assert option(first, "--after") is None
        kill(first)
        # A child that begins still has the command of the site.
        eventually(lambda: [option(one, "--after") for one in children(process.pid)] == [name])
        (second,) = children(process.pid)
        begun = time.monotonic()
        process.terminate()
        process.log = process.communicate(timeout=60)[1]
        assert time.monotonic() - begun < 30
    assert not is_running(second)


def test_a_worker_ends_with_a_site_that_is_killed(tmp_path):
    process = start(tmp_path, WORKER=1, NATIVE_PORT="")
    try:
        process.stdout.readline()
        eventually(lambda: len(children(process.pid)) == 1)
        (worker,) = children(process.pid)
    finally:
        process.kill()
        process.communicate()
    eventually(lambda: not is_running(worker))


def test_a_wrong_address_of_redis_is_one_clear_line(tmp_path):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    given = environment(INSTANCE_PATH=tmp_path, REDIS_URL="http://password@host")
    done = subprocess.run(command, env=given, capture_output=True, text=True)
    assert done.returncode == 1
    assert "DIGITNET_REDIS_URL" in done.stderr
    assert "password@host/0" not in done.stderr
