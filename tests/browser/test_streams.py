"""The monitor of streams, with a camera in one browser and an administrator in another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .complaints import collect_complaints
from .conftest import PATIENCE_MS
from .live_server import LiveServer
from .people import sign_up
from .test_access import AXE, faults_in
from .test_live import HIDE, expect_seven, filmed, opened

__all__ = ["filmed"]  # a fixture

IS_SHOWN = "(image) => image.complete && image.naturalWidth === 480"


@pytest.fixture
def camera(filmed: Browser, own_server: LiveServer) -> Iterator[Page]:
    """A visitor's page Live, whose camera sees a seven."""
    with opened(filmed) as page:
        page.goto(f"{own_server.url}/live")
        expect_seven(page)
        yield page


@contextmanager
def watching(browser: Browser, server: LiveServer, **how: Any) -> Iterator[Page]:
    """Open an administrator's page."""
    context = browser.new_context(**how)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints = collect_complaints(page)
    server.command("make-admin", sign_up(page, server.url))
    yield page
    assert complaints == []
    context.close()


@pytest.fixture
def monitor(browser: Browser, own_server: LiveServer) -> Iterator[Page]:
    with watching(browser, own_server) as page:
        yield page


@pytest.fixture(params=[(1280, "light"), (360, "dark")])
def any_monitor(
    request: pytest.FixtureRequest, browser: Browser, own_server: LiveServer
) -> Iterator[Page]:
    width, scheme = request.param
    size = {"width": width, "height": 800}
    with watching(browser, own_server, viewport=size, color_scheme=scheme) as page:
        yield page


def expect_no_faults(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8") + ";0")
    assert faults_in(page) == []
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_administrator_watches_a_camera_which_says_so(
    camera: Page, any_monitor: Page, own_server: LiveServer
) -> None:
    monitor, server = any_monitor, own_server
    assert camera.locator("#watched").is_hidden()
    monitor.goto(f"{server.url}/live")
    menu = monitor.get_by_role("link", name="Watch all cameras")
    menu.click()
    tile = monitor.locator("article.stream")
    expect(tile).to_have_count(1)
    expect(tile.locator(".stream-text")).to_have_text("7")
    expect(tile.locator(".stream-sure")).to_contain_text("%")
    expect(tile.locator(".stream-facts")).to_contain_text("frames a second")
    expect(tile.get_by_role("img", name="The newest frame of Camera")).to_be_visible()
    assert tile.locator("img").evaluate(IS_SHOWN)
    expect(camera.locator("#watched")).to_contain_text("is watching this camera now")
    expect_no_faults(monitor)
    expect_no_faults(camera)
    tile.get_by_role("button", name="Enlarge").click()
    expect(tile.get_by_role("button", name="Reduce")).to_be_visible()

    # A reload finds its place: it is the same camera.
    place = tile.get_attribute("data-id")
    camera.reload()
    expect_seven(camera)
    monitor.reload()
    expect(tile).to_have_count(1)
    assert tile.get_attribute("data-id") == place

    tile.get_by_role("button", name="Rename").click()
    tile.get_by_label("New name").fill("Table 4")
    tile.get_by_role("button", name="Save").click()
    expect(monitor.get_by_role("heading", name="Table 4")).to_be_visible()
    expect(monitor.locator("#note")).to_have_text("It is called Table 4 now.")
    tile.get_by_role("button", name="Disconnect").click()
    expect(monitor.locator("#note")).to_have_text("Table 4 is disconnected.")
    expect(tile).to_have_count(0)
    expect(monitor.get_by_text("No camera sends anything just now.")).to_be_visible()
    expect(camera.get_by_text("has disconnected this camera")).to_be_visible()
    expect_no_faults(camera)
    camera.get_by_role("button", name="Try again").click()
    expect_seven(camera)
    expect(tile.get_by_role("heading")).to_have_text(re.compile("^Camera [0-9a-f]{4}$"))


def test_a_hidden_tab_leaves_the_monitor_in_time(
    camera: Page, monitor: Page, own_server: LiveServer
) -> None:
    monitor.goto(f"{own_server.url}/streams")
    tile = monitor.locator("article.stream")
    expect(tile).to_have_count(1)
    camera.evaluate(HIDE, True)
    expect(tile).to_have_count(0, timeout=10_000)
    camera.evaluate(HIDE, False)
    expect_seven(camera)
    expect(tile).to_have_count(1)
    camera.context.close()  # without a word
    expect(tile).to_have_count(0, timeout=10_000)


def test_the_feed_is_a_picture_that_moves(
    camera: Page, monitor: Page, own_server: LiveServer
) -> None:
    monitor.goto(f"{own_server.url}/streams")
    link = monitor.locator("article.stream").get_by_role("link", name="Video")
    address = link.get_attribute("href")
    monitor.goto(f"{own_server.url}/gallery/")
    monitor.evaluate(
        """(address) => {
            const image = document.createElement("img");
            image.id = "feed";
            image.src = address;
            document.body.append(image);
        }""",
        address,
    )
    expect(monitor.locator("#feed")).to_have_js_property("naturalWidth", 480)
    expect(camera.locator("#watched")).to_contain_text("is watching this camera now")
