"""The page Live, with Chromium's fake camera: a video of test digits."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from app.services.certificates import CertificateFiles, make_certificate

from .camera import FAKE_CAMERA, NOBODY_ASKED, record_video
from .complaints import collect_complaints
from .conftest import launched
from .drawing import verdict
from .live_server import LiveServer
from .people import record_stored, sign_up

MACHINE = f"{socket.gethostname().lower()}.local"

TRACKS = """() => {
    const tracks = document.getElementById("video").srcObject?.getTracks() ?? [];
    return tracks.filter((one) => one.readyState === "live").length;
}"""
PAINTED = """(one) => {
    const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
    return data.some((value) => value !== 0);
}"""
HIDE = """(isHidden) => {
    const state = isHidden ? "hidden" : "visible";
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def filmed(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees a seven; another name for this machine leads to it, too."""
    film = record_video(tmp_path_factory.mktemp("film") / "seven.y4m", "7", side=280)
    names = f"--host-resolver-rules=MAP {MACHINE} 127.0.0.1"
    browser = launched(playwright, FAKE_CAMERA, film, names)
    yield browser
    browser.close()


@contextmanager
def opened(browser: Browser, *, allowed: bool = True) -> Iterator[Page]:
    """Open a page that may use the camera."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    if allowed:
        context.grant_permissions(["camera"])
    page = context.new_page()
    complaints = collect_complaints(page)
    yield page
    assert complaints == []
    context.close()


def expect_seven(page: Page) -> None:
    expect(verdict(page).locator(".verdict-digit")).to_have_text("7")
    expect(verdict(page)).to_have_attribute("data-kind", "digit")


def test_a_digit_is_read_as_it_moves_and_a_frozen_frame_is_explained(
    filmed: Browser, site: str
) -> None:
    with opened(filmed) as page:
        stored = record_stored(page)
        page.goto(f"{site}/live")
        expect_seven(page)
        expect(page.locator("#rate")).to_contain_text("frames a second")
        expect(verdict(page).locator(".verdict-detail")).to_contain_text("sure")
        assert page.locator("#overlay").evaluate(PAINTED)
        page.get_by_role("button", name="Freeze").click()
        expect(page.get_by_text("This frame is frozen.")).to_be_visible()
        expect_seven(page)
        page.get_by_role("link", name="Explain this answer").click()
        expect(page.locator("#main")).to_have_attribute("data-state", "explained")
        assert page.url.endswith("/explain?sent=1")
        expect_seven(page)
        assert stored == []


def test_a_hidden_tab_lets_the_camera_go_and_asks_nothing(filmed: Browser, site: str) -> None:
    with opened(filmed) as page:
        page.goto(f"{site}/live")
        expect_seven(page)
        assert page.evaluate(TRACKS) == 1
        page.evaluate(HIDE, True)
        assert page.evaluate(TRACKS) == 0
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(500)
        assert [url for url in asked if "/predict" in url] == []
        page.evaluate(HIDE, False)
        expect_seven(page)
        assert page.evaluate(TRACKS) == 1


def test_a_frozen_frame_is_stored_with_one_click_and_taken_back(filmed: Browser, site: str) -> None:
    with opened(filmed) as page:
        sign_up(page, site)
        page.goto(f"{site}/live")
        expect_seven(page)
        page.get_by_role("button", name="Freeze").click()
        page.get_by_role("button", name="Keep this frame").click()
        expect(page.locator("#keeping-words")).to_contain_text("Kept.")
        kept = page.get_by_role("link", name="See it in the gallery").get_attribute("href")
        assert page.request.get(f"{site}{kept}").status == 200
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#keeping-words")).to_have_text("Not kept any more.")
        assert page.request.get(f"{site}{kept}").status == 404
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#keeping")).to_be_hidden()
        expect_seven(page)


def test_another_model_says_which_of_its_classes_it_is(filmed: Browser, site: str) -> None:
    with opened(filmed) as page:
        page.goto(f"{site}/live")
        expect_seven(page)
        with page.expect_request("**/predict?model=cats-dogs&*"):
            page.get_by_label("Reads").select_option("cats-dogs")
        expect(verdict(page)).to_have_attribute("data-kind", "refusal")


def test_it_goes_on_by_itself_after_the_server_was_away(
    filmed: Browser, own_server: LiveServer
) -> None:
    with opened(filmed) as page:
        page.goto(f"{own_server.url}/live")
        expect_seven(page)
        own_server.stop()
        expect(page.get_by_text("reading goes on by itself")).to_be_visible()
        own_server.start()
        # A page that has lost its server asks after it every 15 seconds at most.
        expect(page.locator("#connection")).to_have_text("Connected", timeout=30_000)
        expect_seven(page)


def test_without_permission_or_https_it_says_what_to_do(
    filmed: Browser, live_server: LiveServer
) -> None:
    with opened(filmed, allowed=False) as page:
        page.goto(f"{live_server.url}/live")
        expect(page.get_by_role("alert")).to_contain_text("This page may not use the camera.")
        page.context.grant_permissions(["camera"])
        page.get_by_role("button", name="Try again").click()
        expect_seven(page)
        # By another name, plain HTTP is no secure context, of which the browser complains, too.
        context = filmed.new_context()
        page = context.new_page()
        page.goto(f"http://{MACHINE}:{live_server.port}/live")
        expect(page.get_by_role("alert")).to_contain_text("only over HTTPS")
        expect(page.get_by_role("button", name="Try again")).to_be_hidden()
        context.close()


def test_by_https_another_machine_may_use_its_camera(filmed: Browser, tmp_path: Path) -> None:
    files = CertificateFiles.below(tmp_path)
    make_certificate(files, [MACHINE])
    server = LiveServer(tmp_path, TLS_CERT=files.certificate, TLS_KEY=files.key)
    server.start()
    context = filmed.new_context(ignore_https_errors=True)
    context.grant_permissions(["camera"])
    page = context.new_page()
    page.goto(f"https://{MACHINE}:{server.port}/live")
    expect_seven(page)
    sign_up(page, f"https://{MACHINE}:{server.port}")
    context.close()
    server.stop()


def test_without_a_camera_it_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/live")
    expect(page.get_by_role("alert")).to_contain_text("No camera was found.")
    expect(page.get_by_text("Hold a digit in front of the camera")).to_be_hidden()
    expect(page.get_by_role("button", name="Freeze")).to_be_hidden()


def test_several_digits_are_read_as_a_number(
    playwright: Playwright, site: str, tmp_path: Path
) -> None:
    film = record_video(tmp_path / "number.y4m", "305", side=150)
    browser = launched(playwright, FAKE_CAMERA, NOBODY_ASKED, film)
    with opened(browser) as page:
        page.goto(f"{site}/live")
        expect(verdict(page).locator(".verdict-digit")).to_have_text("305")
        expect(page.get_by_text("3 digits")).to_be_visible()
    browser.close()
