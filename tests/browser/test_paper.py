"""The paper of Draw, Explain and the course, where something it needs is not there."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .drawing import ONE, SEVEN, draw, kept_strokes

PAGES = {"/": "draw", "/explain": "explain", "/explain/course": "course"}
EVERYWHERE = pytest.mark.parametrize("path", PAGES)


def told(page: Page) -> Locator:
    """Return what the page says of the drawing."""
    return page.locator(".verdict-text, [data-part=reading]")


def waiting_words(page: Page) -> Locator:
    return page.locator(".pad-waiting").first  # the course has another paper further down


def open_paper(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#pad")).to_have_attribute("data-ready", "")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    # Chromium drops what the mouse does before a page's first frame.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@EVERYWHERE
def test_paper_that_is_not_ready_says_so_and_then_takes_the_pen(
    page: Page, site: str, path: str
) -> None:
    waiting: list[Route] = []
    page.route(f"**/js/pages/{PAGES[path]}.js", lambda route: waiting.append(route))
    page.goto(site + path, wait_until="commit")
    expect(waiting_words(page)).to_be_visible()
    expect(waiting_words(page)).to_contain_text("One moment")
    expect(waiting_words(page)).to_have_css("position", "absolute")  # the style is there
    # It lies over the paper, so that nobody takes the paper for ready.
    top = page.locator("#pad").evaluate(
        """(pad) => {
            const { x, y, width, height } = pad.getBoundingClientRect();
            const top = document.elementFromPoint(x + width / 2, y + height / 2);
            return top.closest(".pad-waiting") !== null;
        }"""
    )
    assert top
    draw(page, SEVEN)
    waiting[0].continue_()
    expect(waiting_words(page)).to_be_hidden()
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    assert kept_strokes(page) == []
    draw(page, SEVEN)
    expect(told(page)).to_contain_text("a 7")
    assert len(kept_strokes(page)) == 1


@EVERYWHERE
def test_a_browser_that_makes_no_picture_is_said_and_the_next_try_is_read(
    page: Page, site: str, path: str
) -> None:
    open_paper(page, site + path)
    page.evaluate(
        """() => {
            const { prototype } = HTMLCanvasElement;
            window.toDataURL = prototype.toDataURL;
            prototype.toDataURL = () => "data:,";
        }"""
    )
    draw(page, ONE)
    expect(told(page)).to_contain_text("could not make a picture of your drawing")
    assert len(kept_strokes(page)) == 1
    page.evaluate("() => { HTMLCanvasElement.prototype.toDataURL = window.toDataURL; }")
    draw(page, [[(0.53, 0.25), (0.51, 0.6)]])
    expect(told(page)).to_contain_text("a 1")
    expect(told(page)).not_to_contain_text("could not make")
    assert len(kept_strokes(page)) == 2


@EVERYWHERE
def test_a_drawing_is_read_where_the_browser_is_never_idle(
    page: Page, site: str, path: str
) -> None:
    # Chromium's toBlob waits for an idle moment.
    page.add_init_script("HTMLCanvasElement.prototype.toBlob = () => {}")
    open_paper(page, site + path)
    draw(page, SEVEN)
    expect(told(page)).to_contain_text("a 7")


@EVERYWHERE
def test_a_late_answer_to_the_drawing_before_changes_nothing(
    page: Page, site: str, path: str
) -> None:
    open_paper(page, site + path)
    waiting: list[Route] = []
    page.route(re.compile("/(predict|explain)([?]|$)"), lambda route: waiting.append(route))
    draw(page, SEVEN)
    while not waiting:
        page.wait_for_timeout(20)
    page.evaluate("() => { HTMLCanvasElement.prototype.toDataURL = () => 'data:,'; }")
    draw(page, ONE)
    expect(told(page)).to_contain_text("could not make a picture of your drawing")
    with page.expect_response(re.compile("/(predict|explain)")):
        waiting[0].continue_()
    page.evaluate("new Promise((done) => setTimeout(done, 300))")
    expect(told(page)).to_contain_text("could not make a picture of your drawing")


@EVERYWHERE
def test_a_lost_line_is_said_and_the_drawing_is_read_when_it_is_back(
    page: Page, site: str, path: str
) -> None:
    open_paper(page, site + path)
    page.context.set_offline(True)
    draw(page, SEVEN)
    expect(told(page)).to_contain_text(re.compile("[Cc]annot (be reached|reach the server)"))
    expect(page.locator("#connection")).to_have_text("No connection")
    if path == "/explain/course":
        expect(page.locator("#main")).to_have_attribute("data-state", "stale")
    page.context.set_offline(False)
    expect(told(page)).to_contain_text("a 7")
    assert len(kept_strokes(page)) == 1
