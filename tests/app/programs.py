"""The program and its commands, as processes of their own."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**settings):
    """Return what processes are given in place of the settings of this one."""
    clean = {"PYTHONIOENCODING": "utf-8:strict"}
    clean |= {k: v for k, v in os.environ.items() if not k.startswith("DIGITNET_")}
    settings = {"WORKER": 0} | settings  # few tests need one
    return clean | {f"DIGITNET_{name}": str(value) for name, value in settings.items()}


def start(tmp_path, **settings):
    """Start the site; whoever calls ends it."""
    settings = {"INSTANCE_PATH": tmp_path / "instance", "PORT": free_port()} | settings
    return _open("wsgi.py", **settings)


def _open(*command, **settings):
    return Program(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Program(subprocess.Popen[str]):
    """A process: the first line that it wrote, its log once it has ended, and a site's ports."""

    line = log = ""
    site_port = native_port = 0


@contextmanager
def running(*command, **settings):
    """Run a program until the block ends; it must end well, and say nothing of a traceback."""
    process = _open(*command, **settings)
    try:
        assert process.stdout is not None
        process.line = process.stdout.readline()
        yield process
        if process.poll() is None:
            process.terminate()
        process.log = process.communicate(timeout=60)[1]
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, process.log
    assert "Traceback" not in process.log


@contextmanager
def site(tmp_path, **settings):
    """Run the site with a native port until the block ends."""
    ports = {"PORT": free_port(), "NATIVE_PORT": free_port()} | settings
    with running("wsgi.py", INSTANCE_PATH=tmp_path / "instance", **ports) as process:
        assert "serves on" in process.line
        process.native_port, process.site_port = ports["NATIVE_PORT"], ports["PORT"]
        yield process


def fails(process):
    """Return the one line that the program ends with."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert err.startswith("digitnet: ")
    return err


def resident(pid):
    """Return a process's resident memory in bytes."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("this system has no /proc")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
