"""The downloader, against a real server on this machine that misbehaves in every known way."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cnn.data import download
from cnn.errors import DataError

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2

# Plain http is for this machine only; otherwise the function is the real one.
fetch = partial(
    download.download_file, sha256=SHA256, progress=False, timeout=5.0, schemes=("http",)
)


class Mirror(BaseHTTPRequestHandler):
    """Answers /<behaviour>/<anything>, and writes down what was asked."""

    requests: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        behaviour = self.path.split("/")[1]
        self.requests.append((behaviour, self.headers["Range"]))
        getattr(self, behaviour)()

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def start(self) -> int:
        asked = self.headers["Range"]
        return int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0

    def good(self) -> None:
        start = self.start()
        if start >= len(CONTENT):
            self.answer(b"", status=416)
        elif start:
            span = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
            self.answer(CONTENT[start:], status=206, Content_Range=span)
        else:
            self.answer(CONTENT)

    def ignores_range(self) -> None:
        self.answer(CONTENT)

    def wrong_range(self) -> None:
        span = f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"
        self.answer(CONTENT, status=206, Content_Range=span)

    def unknown_length(self) -> None:
        start = self.start()
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/*")
        self.end_headers()
        self.wfile.write(CONTENT[start:])

    def missing(self) -> None:
        self.answer(b"not here", status=404)

    def breaks_off(self) -> None:
        self.answer(CONTENT[:HALF], Content_Length=str(len(CONTENT)))

    def wrong_bytes(self) -> None:
        self.answer(b"<html>Please log in</html>")

    def packed(self) -> None:
        self.answer(gzip.compress(CONTENT))

    def redirects(self) -> None:
        self.answer(b"", status=302, Location="/good/file")

    def redirects_to_a_file(self) -> None:
        self.answer(b"", status=302, Location="file:///etc/hostname")

    def redirects_to_ftp(self) -> None:
        self.answer(b"", status=302, Location="ftp://127.0.0.1/file")

    def silent(self) -> None:
        time.sleep(1.0)


@pytest.fixture
def asked() -> list[tuple[str, str | None]]:
    return []


@pytest.fixture
def mirror(
    asked: list[tuple[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], str]]:
    monkeypatch.setenv("no_proxy", "*")
    handler = type("RecordingMirror", (Mirror,), {"requests": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield lambda behaviour: f"http://127.0.0.1:{server.server_port}/{behaviour}/file"
        server.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "file.bin"


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def leave_part(target: Path, content: bytes) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(content)


@pytest.mark.parametrize("behaviour", ["good", "redirects", "unknown_length", "ignores_range"])
def test_a_file_is_fetched_whole(
    mirror: Callable[[str], str], target: Path, behaviour: str
) -> None:
    fetch(target, [mirror(behaviour)])
    assert target.read_bytes() == CONTENT
    assert not part_of(target).exists()


def test_the_next_mirror_is_asked_when_one_has_no_such_file(
    mirror: Callable[[str], str], target: Path
) -> None:
    fetch(target, [mirror("missing"), mirror("good")])
    assert target.read_bytes() == CONTENT


def test_the_next_mirror_continues_where_a_connection_broke(
    mirror: Callable[[str], str], target: Path, asked: list[tuple[str, str | None]]
) -> None:
    fetch(target, [mirror("breaks_off"), mirror("good")])
    assert target.read_bytes() == CONTENT
    assert asked == [("breaks_off", None), ("good", f"bytes={HALF}-")]


def test_a_later_attempt_continues_where_a_connection_broke(
    mirror: Callable[[str], str], target: Path, asked: list[tuple[str, str | None]]
) -> None:
    with pytest.raises(DataError, match="the connection ended after 256,000 of 512,000 bytes"):
        fetch(target, [mirror("breaks_off")])
    assert not target.exists()
    fetch(target, [mirror("good")])
    assert target.read_bytes() == CONTENT
    assert asked[-1] == ("good", f"bytes={HALF}-")


@pytest.mark.parametrize("behaviour", ["ignores_range", "unknown_length"])
def test_a_part_is_completed_by_servers_of_other_habits(
    mirror: Callable[[str], str], target: Path, behaviour: str
) -> None:
    leave_part(target, CONTENT[:HALF])
    fetch(target, [mirror(behaviour)])
    assert target.read_bytes() == CONTENT


def test_a_range_that_was_not_asked_for_is_not_appended(
    mirror: Callable[[str], str], target: Path
) -> None:
    leave_part(target, CONTENT[:HALF])
    with pytest.raises(DataError, match="asked for bytes 256000-, the server answered 'bytes 0-"):
        fetch(target, [mirror("wrong_range")])
    assert part_of(target).read_bytes() == CONTENT[:HALF]


def test_a_complete_part_needs_no_server(target: Path) -> None:
    leave_part(target, CONTENT)
    fetch(target, [])
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_thrown_away(
    mirror: Callable[[str], str], target: Path, asked: list[tuple[str, str | None]]
) -> None:
    leave_part(target, CONTENT + b"more")
    fetch(target, [mirror("good")])
    assert target.read_bytes() == CONTENT
    assert asked == [("good", f"bytes={len(CONTENT) + 4}-"), ("good", None)]


def test_a_damaged_part_is_thrown_away_and_the_next_mirror_asked_from_the_start(
    mirror: Callable[[str], str], target: Path, asked: list[tuple[str, str | None]]
) -> None:
    leave_part(target, b"x" * HALF)
    fetch(target, [mirror("good"), mirror("good")])
    assert target.read_bytes() == CONTENT
    assert [span for _, span in asked] == [f"bytes={HALF}-", None]


def test_wrong_bytes_are_never_kept(mirror: Callable[[str], str], target: Path) -> None:
    with pytest.raises(DataError, match="the wrong bytes: SHA-256"):
        fetch(target, [mirror("wrong_bytes")])
    assert list(target.parent.iterdir()) == []


def test_what_every_mirror_did_is_told(mirror: Callable[[str], str], target: Path) -> None:
    urls = [mirror(behaviour) for behaviour in ("missing", "wrong_bytes", "breaks_off")]
    with pytest.raises(DataError) as caught:
        fetch(target, urls)
    message = str(caught.value)
    assert "could not download file.bin" in message
    assert f"{urls[0]}: HTTP Error 404" in message
    assert f"{urls[1]}: the wrong bytes" in message
    assert f"{urls[2]}: the connection ended" in message
    assert "Try again later" in message


def test_a_mirror_that_is_down_and_one_that_is_silent_are_told(
    mirror: Callable[[str], str], target: Path
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as closed:
        port = closed.server_port
    with pytest.raises(DataError, match=r"refused[\s\S]*timed out"):
        fetch(target, [f"http://127.0.0.1:{port}/", mirror("silent")], timeout=0.2)


def test_the_digest_may_be_of_the_unpacked_bytes(
    mirror: Callable[[str], str], target: Path
) -> None:
    fetch(target, [mirror("packed")], gzipped=True)
    assert gzip.decompress(target.read_bytes()) == CONTENT


def test_what_does_not_unpack_is_not_kept(mirror: Callable[[str], str], target: Path) -> None:
    with pytest.raises(DataError, match="SHA-256 of no gzip file"):
        fetch(target, [mirror("good")], gzipped=True)
    assert not part_of(target).exists()


def test_plain_http_is_not_followed_by_default(mirror: Callable[[str], str], target: Path) -> None:
    with pytest.raises(DataError, match="unknown url type: http"):
        download.download_file(target, [mirror("good")], sha256=SHA256, progress=False)


@pytest.mark.parametrize("behaviour", ["redirects_to_a_file", "redirects_to_ftp"])
def test_a_redirection_to_another_scheme_is_not_followed(
    mirror: Callable[[str], str], target: Path, behaviour: str
) -> None:
    with pytest.raises(DataError, match=r"Redirection to url 'file|unknown url type: ftp"):
        fetch(target, [mirror(behaviour)])
    assert not target.exists()


def test_progress_is_shown_on_request(
    mirror: Callable[[str], str], target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(target, [mirror("good")], progress=True)
    assert "file.bin" in capsys.readouterr().err
    target.unlink()
    fetch(target, [mirror("good")])
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_bytes(b"")
    with pytest.raises(DataError, match=r"cannot write to .*choose another folder"):
        fetch(tmp_path / "in-the-way" / "file.bin", [])


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"DIGITNET_DATA_DIR": "/data", "XDG_CACHE_HOME": "/x"}, "linux", Path("/data")),
        ({"XDG_CACHE_HOME": "/x"}, "linux", Path("/x/digitnet")),
        ({"XDG_CACHE_HOME": "relative"}, "linux", Path("/home/ada/.cache/digitnet")),
        ({}, "darwin", Path("/home/ada/.cache/digitnet")),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local/digitnet")),
        ({}, "win32", Path("/home/ada/AppData/Local/digitnet")),
    ],
)
def test_the_cache_lies_where_the_system_keeps_such_things(
    environment: dict[str, str], platform: str, expected: Path
) -> None:
    root = download.cache_root(environment, platform=platform, home=Path("/home/ada"))
    assert root == expected


def test_each_data_set_has_a_folder_in_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIGITNET_DATA_DIR", str(tmp_path))
    assert download.cache_folder("mnist") == tmp_path / "mnist"
