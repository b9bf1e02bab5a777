"""Keeping digits from the page Draw: each is stored once, and nothing is lost when that fails."""

import json

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from .drawing import ONE, draw, expect_digit, open_page, picture_of
from .live_server import LiveServer
from .people import STORING, draw_digit, expect_kept, record_stored, sign_up


def choose(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": content}
    page.locator("#choose").set_input_files(files=[file])


@pytest.fixture
def drawing_page(page: Page, site: str) -> Page:
    sign_up(page, site)
    open_page(page, site)
    return page


def test_the_strokes_in_between_are_not_stored(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    draw_digit(drawing_page, 1)
    drawing_page.keyboard.press("z")
    draw_digit(drawing_page, 7)
    drawing_page.keyboard.press("z")
    drawing_page.keyboard.press("y")
    expect_digit(drawing_page, 7)
    drawing_page.wait_for_timeout(300)
    assert stored == []


def test_a_drawing_is_stored_once(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    draw_digit(drawing_page, 7)
    drawing_page.get_by_role("button", name="Keep", exact=True).click()
    expect_kept(drawing_page)
    drawing_page.get_by_role("button", name="Right", exact=True).click()
    expect_kept(drawing_page, "Kept as a 7")
    drawing_page.keyboard.press("1")
    expect_kept(drawing_page, "Kept as a 1")
    drawing_page.get_by_role("button", name="Clear").click()
    drawing_page.keyboard.press("z")
    expect_kept(drawing_page, "Kept as a 1")
    drawing_page.reload()
    expect_kept(drawing_page, "Kept as a 1")
    drawing_page.keyboard.press("c")
    drawing_page.wait_for_timeout(300)
    assert len(stored) == 1


def test_clearing_the_paper_keeps_the_drawing(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    draw_digit(drawing_page, 7)
    drawing_page.keyboard.press("c")
    expect_kept(drawing_page, "Your last drawing is kept")
    assert len(stored) == 1
    drawing_page.get_by_role("link", name="See it in the gallery").click()
    expect(drawing_page.get_by_role("heading", name="Read as a 7")).to_be_visible()


def test_a_picture_with_one_digit_is_stored_at_once(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    draw_digit(drawing_page, 7)
    choose(drawing_page, picture_of(1))
    expect_digit(drawing_page, 1)
    expect_kept(drawing_page)
    assert len(stored) == 1
    drawing_page.keyboard.press("r")
    expect_kept(drawing_page, "Kept as a 1")
    drawing_page.get_by_role("link", name="See it in the gallery").click()
    expect(drawing_page.get_by_text("Sent as a picture")).to_be_visible()


def test_a_label_that_is_not_shown_to_everybody_is_said_so(
    drawing_page: Page, browser: Browser, site: str
) -> None:
    picture = picture_of(1, side=171)
    choose(drawing_page, picture)
    expect_kept(drawing_page)
    drawing_page.keyboard.press("2")
    expect_kept(drawing_page, "Kept as a 2.")
    with browser.new_context() as other:
        second = other.new_page()
        sign_up(second, site)
        open_page(second, site)
        choose(second, picture)
        expect_kept(second)
        second.keyboard.press("1")
        expect_kept(second, "Kept. You said: a 1. Everybody is shown another’s label: a 2.")
        second.keyboard.press("2")
        expect_kept(second, "Kept as a 2.")


def test_several_digits_are_not_stored(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    choose(drawing_page, picture_of(7, 1))
    expect(drawing_page.locator("#keeping-words")).to_contain_text("several digits is not kept")
    drawing_page.keyboard.press("k")
    drawing_page.wait_for_timeout(200)
    assert stored == []


def test_logged_out_meanwhile_it_says_so_and_loses_nothing(drawing_page: Page, site: str) -> None:
    draw_digit(drawing_page, 7)
    cookies = drawing_page.context.cookies()
    drawing_page.context.clear_cookies()
    drawing_page.keyboard.press("1")
    words = drawing_page.locator("#keeping-words")
    expect(words).to_contain_text("Not kept yet: you are logged out.")
    expect(words.get_by_role("link", name="Log in")).to_have_attribute("target", "_blank")
    expect(drawing_page.get_by_role("button", name="1", exact=True, pressed=True)).to_be_visible()
    drawing_page.context.add_cookies(
        [{"name": c["name"], "value": c["value"], "url": site} for c in cookies]
    )
    words.get_by_role("button", name="Try again").click()
    expect_kept(drawing_page, "Kept as a 1")


def test_a_full_disk_is_told_and_a_later_try_keeps_it(drawing_page: Page) -> None:
    detail = "The picture could not be saved."

    def refuse(route: Route) -> None:
        body = json.dumps({"status": 503, "detail": detail})
        route.fulfill(status=503, content_type="application/problem+json", body=body)

    drawing_page.route(STORING, refuse)
    draw_digit(drawing_page, 7)
    drawing_page.keyboard.press("c")
    unfinished = drawing_page.locator("#keeping-unfinished")
    expect(unfinished).to_contain_text("An earlier digit is not kept yet: the picture could not")
    draw(drawing_page, ONE)
    expect_digit(drawing_page, 1)
    drawing_page.unroute(STORING)
    with drawing_page.expect_response(STORING) as response:
        unfinished.get_by_role("button", name="Try again").click()
    assert response.value.json()["image_id"] is not None
    expect(unfinished).to_be_hidden()


def test_what_the_server_missed_is_kept_when_it_is_back(page: Page, own_server: LiveServer) -> None:
    sign_up(page, own_server.url)
    open_page(page, own_server.url)
    draw_digit(page, 7)
    own_server.stop()
    page.keyboard.press("1")
    words = "Not kept yet: the server cannot be reached."
    expect(page.locator("#keeping-words")).to_contain_text(words)
    own_server.start()
    expect(page.locator("#keeping-words")).to_contain_text("Kept as a 1", timeout=30_000)
