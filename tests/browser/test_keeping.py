"""Keeping digits from the page Draw: each is stored once, and nothing is lost when that fails."""

import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

import cnn
from cnn.synthesis import strokes

from .drawing import (
    ONE,
    SCRIBBLE,
    draw,
    encoded,
    expect_digit,
    open_page,
    picture_of,
    verdict,
)
from .live_server import LiveServer
from .people import (
    STORING,
    draw_digit,
    expect_kept,
    log_in,
    log_out,
    record_stored,
    sign_up,
)


def choose(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": content}
    page.locator("#choose").set_input_files(files=[file])


@pytest.fixture
def drawing_page(page: Page, site: str) -> Page:
    page.clock.install()
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
    drawing_page.clock.run_for(10_000)
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
    drawing_page.clock.run_for(10_000)
    assert len(stored) == 1


def test_clearing_keeps_nothing_and_what_was_kept_can_be_undone(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    undo = drawing_page.get_by_role("button", name="Undo keeping")
    for key in ("c", "Delete"):
        draw_digit(drawing_page, 7)
        expect_kept(drawing_page, "Not kept.")
        drawing_page.keyboard.press(key)
        expect(drawing_page.locator("#keeping-words")).to_be_empty()
    draw_digit(drawing_page, 7)
    drawing_page.get_by_role("button", name="Clear").click()
    assert stored == []

    draw_digit(drawing_page, 7)
    drawing_page.keyboard.press("1")
    expect_kept(drawing_page, "Kept as a 1.")
    drawing_page.keyboard.press("r")
    expect_kept(drawing_page, "Kept as a 7.")
    undo.click()
    expect_kept(drawing_page, "Kept as a 1.")
    undo.click()
    expect_kept(drawing_page, "Not kept any more.")
    drawing_page.keyboard.press("k")
    expect_kept(drawing_page, "Kept.")
    drawing_page.keyboard.press("c")
    expect_kept(drawing_page, "Your last drawing: kept.")
    undo.click()
    expect_kept(drawing_page, "Your last drawing: not kept any more.")
    drawing_page.get_by_role("link", name="Gallery", exact=True).click()
    drawing_page.get_by_role("link", name="Mine").click()
    expect(drawing_page.get_by_text("You have kept no pictures yet.")).to_be_visible()


def test_what_is_refused_is_kept_if_its_writer_says_what_it_is(
    drawing_page: Page, site: str
) -> None:
    stored = record_stored(drawing_page)
    draw(drawing_page, SCRIBBLE)
    expect_kept(drawing_page, "Not kept. If you say what it shows, it is kept with your label.")
    for name in ("Right", "Keep"):
        button = drawing_page.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
    drawing_page.keyboard.press("k")
    drawing_page.keyboard.press("r")
    assert stored == []
    drawing_page.get_by_role("button", name="4", exact=True).click()
    expect_kept(drawing_page, "Kept as a 4.")
    drawing_page.keyboard.press("n")
    expect_kept(drawing_page, "Kept as not a digit.")
    drawing_page.get_by_role("button", name="Undo keeping").click()
    expect_kept(drawing_page, "Kept as a 4.")
    drawing_page.get_by_role("link", name="See it in the gallery").click()
    expect(drawing_page.get_by_role("heading", name="A 4")).to_be_visible()
    expect(drawing_page.get_by_text("You say so. The network saw no digit.")).to_be_visible()
    assert len(stored) == 1

    open_page(drawing_page, site)
    choose(drawing_page, encoded(Image.new("L", (200, 200), 255), "PNG"))
    expect(verdict(drawing_page)).to_contain_text("the page is blank")
    drawing_page.keyboard.press("4")
    drawing_page.keyboard.press("n")
    assert len(stored) == 1


def one_or_seven() -> tuple[bytes, int, int]:
    """Return a flagged 1, what the network reads, and which other digit is near."""
    form, style = strokes.find_allograph("1-flag-short"), strokes.find_style("world")
    for seed in range(200):
        rng = np.random.default_rng(seed)
        trace = strokes.trace_digit(form, strokes.draw_hand(style, rng), rng)
        picture = encoded(Image.fromarray(255 - strokes.as_picture(trace, 280)), "PNG")
        only = cnn.read(cnn.load_model(), picture).only
        if only is not None and only.alternatives:
            return picture, only.digit, only.alternatives[0]
    raise LookupError("the network is sure of every flagged 1")


def test_where_two_digits_are_near_both_are_named_and_one_click_corrects(
    page: Page, site: str
) -> None:
    picture, digit, other = one_or_seven()
    sign_up(page, site)
    open_page(page, site)
    choose(page, picture)
    expect_digit(page, digit)
    words = verdict(page).locator(".verdict-words")
    expect(words).to_have_text(re.compile(f"^P.+ an? {digit}, (perhaps|or) an? {other}$"))
    near = page.locator("#keeping .choice.is-near")
    expect(near).to_have_text(str(other))
    near.click()
    expect(near).to_have_attribute("aria-pressed", "true")
    expect_kept(page)
    page.get_by_role("button", name="Back to drawing").click()
    expect(near).to_have_count(0)


def test_what_is_kept_is_a_choice(page: Page, site: str) -> None:
    open_page(page, site)
    expect(page.get_by_text("Nothing that you draw or send is stored.")).to_be_visible()
    stored = record_stored(page)
    name = sign_up(page, site)
    open_page(page, site)
    change = page.locator("summary", has_text="A picture of one digit that you send is kept")
    expect(change).to_contain_text("Everybody with an account sees them.")
    question = page.get_by_role("group", name="What should be kept by itself?")
    expect(question).to_be_hidden()
    change.click()
    expect(
        question.get_by_role(
            "radio", name="A picture that I send, if it shows one digit; no drawings"
        )
    ).to_be_checked()
    question.get_by_role("radio", name="Nothing", exact=True).check()
    page.get_by_role("button", name="Save this choice").click()
    expect_kept(page, "Your choice is saved.")
    expect(question).to_have_count(0)
    expect(page.get_by_text("Nothing is kept by itself, only when you say so.")).to_be_visible()
    choose(page, picture_of(1, side=173))
    expect_digit(page, 1)
    expect_kept(page, "Not kept.")
    assert stored == []
    page.keyboard.press("k")
    expect_kept(page, "Kept.")
    assert len(stored) == 1

    page.get_by_role("link", name="Change this").click()
    expect(page.get_by_role("radio", name="Nothing", exact=True)).to_be_checked()
    page.get_by_role("radio", name="and every drawing").check()
    page.get_by_role("button", name="Save this choice").click()
    expect(page.get_by_text("Your choice of what is kept is saved.")).to_be_visible()
    page.clock.install()
    open_page(page, site)
    expect(question).to_have_count(0)
    page.keyboard.press("Escape")
    draw_digit(page, 1)
    page.keyboard.press("c")
    draw_digit(page, 7)
    page.clock.fast_forward(2000)
    expect_kept(page, "Kept.")
    # The picture that was found again is known as kept.
    assert [url.partition("source=")[2] for url in stored] == ["upload", "draw"]
    page.keyboard.press("c")
    expect_kept(page, "Your last drawing: kept.")
    draw_digit(page, 0)
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect_kept(page, "Kept.")
    log_out(page)
    page.goto(f"{site}/login")
    log_in(page, name)
    expect(page.get_by_text("every drawing, two seconds after")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (1280, 800)])
def test_paper_and_answer_come_before_the_choice(
    page: Page, site: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    sign_up(page, site)
    open_page(page, site)
    expect(page.get_by_text("A picture of one digit that you send is kept")).to_be_in_viewport(
        ratio=1
    )
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=1)
    expect(page.locator("#pad")).to_be_in_viewport(ratio=0.99)
    if width == 1280:
        expect(page.locator("#bars")).to_be_in_viewport(ratio=1)


def test_a_picture_with_one_digit_is_stored_at_once(drawing_page: Page) -> None:
    stored = record_stored(drawing_page)
    draw_digit(drawing_page, 7)
    choose(drawing_page, picture_of(1))
    expect_digit(drawing_page, 1)
    expect_kept(drawing_page)
    assert len(stored) == 1
    drawing_page.get_by_role("button", name="Undo keeping").click()
    expect_kept(drawing_page, "Not kept any more.")
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
    expect(drawing_page.locator("#keeping-words")).to_contain_text("not kept as one picture")
    drawing_page.keyboard.press("k")
    drawing_page.clock.run_for(10_000)
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
    drawing_page.keyboard.press("k")
    expect_kept(drawing_page, "Not kept yet: the picture could not be saved.")
    drawing_page.keyboard.press("c")
    expect_kept(drawing_page, "Your last drawing: not kept yet")
    unfinished = drawing_page.locator("#keeping-unfinished")
    draw(drawing_page, ONE)
    expect_digit(drawing_page, 1)
    expect(unfinished).to_contain_text("An earlier digit is not kept yet: the picture could not")
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


def test_a_reload_keeps_a_picture_as_it_was_kept_and_a_log_out_forgets_it(
    drawing_page: Page,
) -> None:
    choose(drawing_page, picture_of(1, side=173))
    expect_kept(drawing_page)
    drawing_page.reload()
    expect_digit(drawing_page, 1)
    expect_kept(drawing_page, "Kept.")
    drawing_page.get_by_role("button", name="Undo keeping").click()
    expect_kept(drawing_page, "Not kept any more.")
    stored = record_stored(drawing_page)
    drawing_page.reload()
    expect_kept(drawing_page, "Not kept any more.")
    assert stored == []
    log_out(drawing_page)
    drawing_page.goto(drawing_page.url.partition("/log")[0])
    assert drawing_page.evaluate("sessionStorage.getItem('digitnet.picture')") in (None, "")
    expect(drawing_page.locator("#pad")).to_be_visible()
