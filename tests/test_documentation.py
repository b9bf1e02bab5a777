"""The documentation is true: its commands run, its examples hold, what it names is there.

Every command in a `sh` block of README.md, CONTRIBUTING.md and docs/ is run as it stands, in the
order of its page, in a folder with a picture and an instance of its own beside a running
server; or it is listed in `NOT_RUN` with the reason. A `json` block is what the command before it
answers: the same names and types, not the same numbers. `python` blocks are run whole.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.native.client import NativeClient
from tests.app.original import Original
from tests.app.pictures import draw, encode

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

#: Commands that no test runs, and why.
NOT_RUN = {
    "make run": "serves until it is ended; .ci/run starts it",
    "make test": "runs this test",
    "make check": "part of make test",
    "make train": "takes half an hour; tests of the recipe train on few pictures",
    "apt-get install python3-venv make": "changes the machine; .ci/run does it where need be",
    "python -m benchmarks.generator_pictures faces faces": "needs scikit-image",
    ".venv/bin/python -m cnn train-generator --folder faces --size 24 --channels 1 --augment flip "
    "--epochs 100 --out faces.dnm": "takes minutes, and needs the faces",
    ".venv/bin/python -m cnn train-generator --folder training_set/cats --augment flip "
    "--epochs 24 --checkpoint run.dnm --out cats.dnm": "takes minutes, and needs the cats",
    ".venv/bin/python -m benchmarks.generator_pictures show faces.dnm faces/00*.png "
    "--out faces.png": "needs what was not run",
    "gunicorn --workers 4 'wsgi:create_app()'": "is not installed, and serves until it is ended",
    ".venv/bin/flask --app wsgi native": "serves until ended; see tests/app/native/test_attacks.py",
}

#: What is replaced in a command so that it is quick.
SMALLER = {
    "--robustness --limit 500": "--robustness --limit 1",
    "--numbers --limit 50": "--numbers --limit 1",
    "--pages --limit 10": "--pages --limit 1",
    "--garbage --limit 50": "--garbage --limit 1",
    "--strokes --limit 50": "--strokes --limit 1",
    "--each 20 --seed 1": '--each 1 --seed 1 --only "scan, 150 dpi"',
    "cnn train --data mnist": "cnn train --data mnist --epochs 1 --limit 60 --quiet",
    "cnn train-generator --data mnist": (
        "cnn train-generator --data mnist --epochs 1 --limit 20 --quiet"
    ),
    "cnn train-generator --folder pictures": (
        "cnn train-generator --folder pictures --epochs 1 --quiet"
    ),
    "cnn train --folder pictures": "cnn train --folder pictures --size 16 --epochs 1 --quiet",
}

PASSWORD = "correct horse"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"`((?:app|cnn|tests|benchmarks|static|templates|requirements)/[\w./-]*|[\w-]+\.(?:py|toml))`"
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        return self.text.replace("\\\n", " ").splitlines() if self.language == "sh" else []


def blocks(page: Path) -> list[Block]:
    return [Block(language, text) for language, text in _BLOCK.findall(page.read_text())]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """Two free ports: for the site and for native clients."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, ports: tuple[int, int]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGITNET_")}
    return kept | {
        "DIGITNET_INSTANCE_PATH": str(tmp_path_factory.mktemp("site") / "instance"),
        "DIGITNET_PORT": str(ports[0]),
        "DIGITNET_NATIVE_PORT": str(ports[1]),
        "DIGITNET_PASSWORD": PASSWORD,
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str], ports: tuple[int, int]) -> Iterator[None]:
    """Serve the site, on which Ann has an account."""
    command = [sys.executable, "wsgi.py"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            assert b"serves on" in process.stdout.readline()
            with NativeClient("127.0.0.1", ports[1]) as client:
                assert client.sign_up("ann", PASSWORD)
            yield
        finally:
            process.terminate()


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder in which the pages' commands find what they name."""
    (tmp_path / "picture.png").write_bytes(encode(draw([(60, 60), (210, 60), (110, 230)])))
    for number in range(24):
        colour = ("navy", "maroon")[number % 2]
        path = tmp_path / "pictures" / colour / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(draw([(number, 60), (210, 60)], paper=colour, size=(60, 50))))
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    original = Original(tmp_path / "original")
    original.add_image(1, original.add_user("otto"))
    if mnist := os.environ.get("DIGITNET_MNIST_DIR"):
        (tmp_path / "mnist").symlink_to(mnist)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program, start in (("python", ""), ("flask", "-m flask")):
        (programs / program).write_text(f'#!/bin/sh\nexec "{sys.executable}" {start} "$@"\n')
        (programs / program).chmod(0o755)
    return tmp_path


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_run(
    page: Path, workplace: Path, environment: dict[str, str], ports: tuple[int, int]
) -> None:
    answer = ""
    for block in blocks(page):
        if block.language == "json":
            assert_alike(json.loads(block.text), json.loads(answer))
        for command in block.commands:
            if command not in NOT_RUN and may_run(command):
                answer = run(command, workplace, environment, ports)


def may_run(command: str) -> bool:
    """Say whether all that a command needs is there; on CI it must be."""
    missing = "--data mnist" in command and not os.environ.get("DIGITNET_MNIST_DIR")
    missing = missing or (command.startswith("curl ") and not shutil.which("curl"))
    assert not (missing and os.environ.get("CI")), command
    return not missing


def run(command: str, folder: Path, environment: dict[str, str], ports: tuple[int, int]) -> str:
    """Run a command of a page, and return what it prints."""
    for given, smaller in SMALLER.items():
        command = command.replace(given, smaller)
    command = command.replace("127.0.0.1:8000", f"127.0.0.1:{ports[0]}")
    command = command.replace("client 127.0.0.1", f"client 127.0.0.1:{ports[1]}")
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def assert_alike(example: Any, answer: Any) -> None:
    """Check that an answer has the names, the types and the lengths of an example."""
    if isinstance(example, dict):
        assert example.keys() == answer.keys()
        for key, value in example.items():
            assert_alike(value, answer[key])
    elif isinstance(example, list):
        assert len(example) == len(answer)
        for one, other in zip(example, answer, strict=True):
            assert_alike(one, other)
    else:
        assert type(example) is type(answer)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_runs(page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workplace)
    for block in blocks(page):
        if block.language == "python":
            exec(compile(block.text, name(page), "exec"), {})


def test_what_is_not_run_stands_in_a_page() -> None:
    commands = {command for page in PAGES for block in blocks(page) for command in block.commands}
    assert NOT_RUN.keys() <= commands
    assert all(any(given in command for command in commands) for given in SMALLER)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_are_fenced_and_say_their_language(page: Path) -> None:
    text = page.read_text()
    assert text.count("\n```") == 2 * len(blocks(page))
    assert not re.search(r"\n\n    \S", _BLOCK.sub("", text))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_linked_to_is_there(page: Path) -> None:
    for link in _LINK.findall(page.read_text()):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_files_that_are_named_are_there(page: Path) -> None:
    for path in _PATH.findall(page.read_text()):
        assert (ROOT / path).exists(), path


def test_every_setting_is_documented() -> None:
    class Asked(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            self[key] = ""
            return default

    asked = Asked()
    Settings.from_environment(asked)
    documented = re.findall(r"^\| `(DIGITNET_\w+)`", (ROOT / "docs/settings.md").read_text(), re.M)
    assert len(documented) == len(set(documented))
    assert set(documented) - asked.keys() == {"DIGITNET_DATA_DIR", "DIGITNET_PASSWORD"}
    assert asked.keys() <= set(documented)


def test_the_defaults_are_those_of_the_program() -> None:
    rows = re.findall(
        r"^\| `(DIGITNET_\w+)` \| `([^`]+)`", (ROOT / "docs/settings.md").read_text(), re.M
    )
    given = {key: value for key, value in rows if key != "DIGITNET_INSTANCE_PATH"}
    assert len(given) > 20
    assert Settings.from_environment(given) == Settings.from_environment({})
