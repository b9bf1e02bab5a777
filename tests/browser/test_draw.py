"""The page Draw, in a real browser, against the real program."""

import io
import re
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from benchmarks.attack.hostile import sevens

from .drawing import (
    DIGITS,
    ONE,
    SEVEN,
    draw,
    expect_digit,
    expect_nothing_invented,
    ink_on_screen,
    kept_strokes,
    last_sent_picture,
    open_page,
    place,
    record_sent_pictures,
    verdict,
)
from .live_server import LiveServer

Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawn_digit_is_read_as_it_is_drawn(page: Page, site: str, digit: int) -> None:
    open_page(page, site)
    draw(page, DIGITS[digit])
    expect_digit(page, digit)
    expect(page.get_by_role("status")).to_contain_text(f"a {digit}")
    expect(page.locator(".bar.is-winner .bar-digit")).to_have_text(str(digit))
    expect(page.locator(".bar-percent")).to_have_count(10)
    seen = page.get_by_alt_text("as the network sees it")
    expect(seen).to_be_visible()
    assert seen.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]


def test_an_empty_paper_invites_and_invents_nothing(page: Page, site: str) -> None:
    open_page(page, site)
    expect(page.get_by_role("status")).to_contain_text("Draw a digit")
    expect_nothing_invented(page)


def test_a_drawing_rubbed_out_is_no_digit(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, ONE)
    expect_digit(page, 1)
    page.keyboard.press("e")
    page.keyboard.press("]")
    draw(page, ONE)
    expect(verdict(page)).to_have_attribute("data-kind", "refusal")
    expect_nothing_invented(page)


def test_undo_redo_and_clear_by_button(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    page.get_by_role("button", name="Undo").click()
    expect_nothing_invented(page)
    page.get_by_role("button", name="Redo").click()
    expect_digit(page, 7)
    page.get_by_role("button", name="Clear").click()
    expect_nothing_invented(page)
    page.get_by_role("button", name="Undo").click()
    expect_digit(page, 7)


@pytest.mark.parametrize(
    ("undo", "redo"), [("Control+z", "Control+y"), ("Control+z", "Control+Shift+z"), ("z", "y")]
)
def test_undo_and_redo_by_key(page: Page, site: str, undo: str, redo: str) -> None:
    open_page(page, site)
    draw(page, [*ONE, *SEVEN])
    page.keyboard.press(undo)
    expect_digit(page, 1)
    page.keyboard.press(redo)
    assert len(kept_strokes(page)) == 2


def test_the_next_stroke_may_begin_while_the_last_slides_into_its_frame(
    page: Page, site: str
) -> None:
    open_page(page, site)
    slow_motion = page.context.new_cdp_session(page)
    slow_motion.send("Animation.enable")
    slow_motion.send("Animation.setPlaybackRate", {"playbackRate": 0.01})
    draw(page, SEVEN)
    expect_digit(page, 7)
    draw(page, [[(0.4, 0.5), (0.65, 0.5)]])
    assert len(kept_strokes(page)) == 2


@pytest.mark.parametrize("key", ["Delete", "c"])
def test_clear_by_key(page: Page, site: str, key: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    page.keyboard.press(key)
    expect_nothing_invented(page)
    assert kept_strokes(page) == []


def test_tools_and_widths_have_keys_and_say_which_is_on(page: Page, site: str) -> None:
    open_page(page, site)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser", pressed=True)).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Pen", pressed=True)).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("button", name="Thick", pressed=True)).to_be_visible()
    draw(page, ONE)
    for _ in range(3):
        page.keyboard.press("[")
    expect(page.get_by_role("button", name="Thin", pressed=True)).to_be_visible()
    draw(page, SEVEN)
    thick, thin = (stroke["width"] for stroke in kept_strokes(page))
    assert thick > thin


def test_letters_are_no_keys_where_a_person_says_so(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    page.keyboard.press("?")
    page.get_by_label("Use letters, digits and signs as shortcuts").uncheck()
    page.reload()
    expect(page.get_by_role("main")).to_be_visible()
    for key in ("e", "c", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Pen", pressed=True)).to_be_visible()
    expect(page.get_by_text("clear the paper")).to_be_hidden()
    assert len(kept_strokes(page)) == 1
    page.keyboard.press("Control+z")
    page.keyboard.press("Delete")
    expect_nothing_invented(page)
    page.get_by_text("Keyboard shortcuts", exact=True).click()
    page.get_by_label("Use letters, digits and signs as shortcuts").check()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser", pressed=True)).to_be_visible()


def test_the_list_of_keys_opens_with_a_question_mark(page: Page, site: str) -> None:
    open_page(page, site)
    page.keyboard.press("?")
    expect(page.get_by_text("clear the paper")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("clear the paper")).to_be_hidden()


def test_a_digit_can_be_drawn_with_the_keyboard_alone(page: Page, site: str) -> None:
    open_page(page, site)
    page.locator("#pad").focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect_digit(page, 1)


def test_a_tap_leaves_a_dot(page: Page, site: str) -> None:
    open_page(page, site)
    page.mouse.click(*place(page, (0.5, 0.5)))
    assert len(kept_strokes(page)) == 1
    page.mouse.move(0, 0)
    assert ink_on_screen(page) > 50


def test_the_drawing_survives_a_reload(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    page.reload()
    expect_digit(page, 7)
    page.keyboard.press("z")
    expect_nothing_invented(page)


def test_the_drawing_survives_a_resize(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    before = ink_on_screen(page)
    pad = page.locator("#pad")
    wide = pad.evaluate("pad => pad.width")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(pad).not_to_have_js_property("width", wide)
    after = ink_on_screen(page)
    assert 0 < after < before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_black_on_white_is_sent_whatever_the_colours(page: Page, site: str, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    record_sent_pictures(page)
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    picture = Image.open(io.BytesIO(last_sent_picture(page))).convert("L")
    assert picture.getpixel((2, 2)) == 255
    assert picture.getpixel((140, 66)) == 0


def test_the_server_goes_and_comes_back(page: Page, own_server: LiveServer) -> None:
    open_page(page, own_server.url)
    own_server.stop()
    draw(page, SEVEN)
    expect(page.get_by_role("status")).to_contain_text("Cannot reach the server")
    expect(page.get_by_role("status")).to_contain_text("Your drawing stays")
    expect(page.locator("#connection")).to_have_text("No connection")
    expect_nothing_invented(page)
    assert len(kept_strokes(page)) == 1
    own_server.start()
    expect(page.locator("#connection")).to_have_text("Connected", timeout=30_000)
    expect_digit(page, 7)


def test_a_page_that_is_not_there_says_what_to_do(page: Page, site: str) -> None:
    response = page.goto(f"{site}/nowhere")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="To the drawing page").click()
    expect(page.locator("#pad")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_what_was_not_read_is_a_warning(page: Page, site: str, width: int, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, site)
    picture: FilePayload = {"name": "page.png", "mimeType": "image/png", "buffer": sevens(30, 60)}
    page.locator("#choose").set_input_files(picture)
    expect(page.locator(".verdict-words")).to_have_text(re.compile(r"^The first \d+ digits$"))
    warning = page.locator(".verdict-warning")
    expect(warning).to_contain_text("The rest runs together")
    colours = "element => [getComputedStyle(element).color, getComputedStyle(document.body).color]"
    shown, usual = warning.evaluate(colours)
    assert shown != usual
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#tools").get_by_role("button", name="Back to drawing").click()
    expect(warning).to_be_hidden()
