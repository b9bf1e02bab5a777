"""How long pages take over a slow line, in Chromium.

    python -m benchmarks.slow_line [--program FOLDER] [--rounds N] [--delay MS] [--rate KBIT]

Opens Draw and Explain over a line with a delay of 400 ms and 400 kbit/s each way (Chromium's own
emulation), with nothing kept from before, and then once more. With --program, another checkout
takes turns with this one. Prints medians: seconds from the click until the last answer is there,
how many requests went over the line, and how many bytes came.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.attack.site import HOST, ROOT, program_argument, running

PAGES = {"Draw": "/", "Explain": "/explain"}
Visit = tuple[float, int, int]  # seconds, requests, bytes
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET_MS = 1000  # nothing under way for so long: the page is complete


class Line:
    """What goes over a page's line, as DevTools' protocol tells it."""

    def __init__(self, devtools: CDPSession) -> None:
        self.requests = 0
        self.received = 0  # bytes, with heads
        self.last = 0.0
        self.open: set[str] = set()
        self._devtools = devtools
        self._listeners = {
            "Network.requestWillBeSent": self._begin,
            "Network.requestServedFromCache": self._forget,
            "Network.responseReceived": self._answer,
            "Network.loadingFinished": self._end,
            "Network.loadingFailed": self._end,
        }
        for name, listener in self._listeners.items():
            devtools.on(name, listener)

    def leave(self) -> None:
        """Listen no more."""
        for name, listener in self._listeners.items():
            self._devtools.remove_listener(name, listener)

    def _begin(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.open.add(event["requestId"])

    def _forget(self, event: dict[str, Any]) -> None:
        self.open.discard(event["requestId"])

    def _answer(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._forget(event)

    def _end(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.open:
            self.open.discard(event["requestId"])
            self.requests += 1
            self.received += int(event.get("encodedDataLength", 0))
            self.last = time.perf_counter()


def main() -> None:
    """Measure, and print what came out."""
    options = program_argument(__doc__, rounds=5, delay=400, rate=400).parse_args()
    programs = {"this program": ROOT}
    if options.program != ROOT:
        programs = {str(options.program): options.program.resolve(), **programs}
    found: dict[tuple[str, str, str], list[Visit]] = {}
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(running(folder, NATIVE_PORT="")).port
            for name, folder in programs.items()
        }
        browser = stack.enter_context(_browser())
        for _, (name, port), page in product(range(options.rounds), ports.items(), PAGES):
            url = f"http://{HOST}:{port}{PAGES[page]}"
            visits = _open_twice(browser, url, delay=options.delay, rate=options.rate)
            for order, visit in zip(("first", "again"), visits, strict=True):
                found.setdefault((page, order, name), []).append(visit)
    for (page, order, name), visits in sorted(found.items()):
        seconds, requests, received = map(statistics.median, zip(*visits, strict=True))
        print(
            f"{page:<8}{order:<6} {seconds:5.2f} s  {requests:4.0f} requests  "
            f"{received / 1000:6.1f} kB  {name}"
        )


@contextmanager
def _browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if root else [])]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


def _open_twice(browser: Browser, url: str, *, delay: int, rate: int) -> list[Visit]:
    """Open a page twice in a new profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    speed = rate * 1000 / 8  # bytes a second
    conditions = {"latency": delay, "downloadThroughput": speed, "uploadThroughput": speed}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    visits = []
    for _ in range(2):
        line = Line(devtools)
        begin = time.perf_counter()
        page.goto(url, wait_until="commit", timeout=60_000)
        _wait_until_quiet(page, line)
        visits.append((line.last - begin, line.requests, line.received))
        line.leave()
    context.close()
    return visits


def _wait_until_quiet(page: Page, line: Line) -> None:
    quiet = 0
    while quiet < QUIET_MS:
        page.wait_for_timeout(50)
        quiet = 0 if line.open else quiet + 50


if __name__ == "__main__":
    main()
