"""Practice: questions answered by hand and by keyboard, marked at once, honestly."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .drawing import DIGITS, SCRIBBLE, Stroke, draw
from .test_streams import expect_no_faults
from .test_walls import Scheme, join, somebody, wall

__all__ = ["wall"]  # a fixture

#: Seventeen dots each.
SEVENTEENS = "kind=counting&low=17&high=17&count=3&seed=1"
#: As much a 1 as a 7.
ONE_OR_SEVEN: list[Stroke] = [[(0.525, 0.24), (0.62, 0.235), (0.6, 0.42), (0.54, 0.6), (0.5, 0.8)]]


def seventeen() -> list[Stroke]:
    """Return the strokes of both digits, half as large, side by side."""
    places = {1: 0.3, 7: 0.65}
    return [
        [((x - 0.5) / 2 + across, (y - 0.5) / 2 + 0.5) for x, y in stroke]
        for digit, across in places.items()
        for stroke in DIGITS[digit]
    ]


def begin(page: Page, site: str, query: str) -> None:
    page.goto(f"{site}/practice?{query}")
    wait_for_question(page)


def wait_for_question(page: Page) -> None:
    expect(page.locator("#question")).not_to_be_empty()
    # Chromium drops what the mouse does before a page's first frame.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_told(page: Page, told: str | re.Pattern[str], detail: str = "") -> None:
    expect(page.locator("#told")).to_have_text(told)
    expect(page.locator("#detail")).to_contain_text(detail)


def answers(page: Page) -> list[str]:
    """Return the answers of the questions to come."""
    kept = json.loads(page.evaluate("sessionStorage.getItem('digitnet.practice.round')"))
    return [kept["questions"][place]["answer"] for place in kept["state"]["queue"]]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_one_right_one_wrong_one_in_doubt(
    browser: Browser, site: str, width: int, scheme: Scheme
) -> None:
    with somebody(browser, width, scheme) as page:
        begin(page, site, SEVENTEENS)
        expect(page.locator(".practice-dot")).to_have_count(17)
        expect_no_faults(page)
        press(page, "Check")
        expect_told(page, "Nothing is written yet")
        draw(page, seventeen())
        expect(page.locator("#written")).to_have_value("17")
        press(page, "Check")
        expect_told(page, "Right!", "There are 17 dots.")
        expect(page.locator("#streak")).to_have_text("1 right")
        expect(page.locator("#progress")).to_have_text("1 of 3 done")
        expect_no_faults(page)
        press(page, "Next")

        draw(page, DIGITS[1])
        press(page, "Check")
        expect_told(page, "Not quite", "I read 1. There are 17 dots. It comes back in a moment.")
        expect(page.locator("#streak")).to_be_empty()
        expect_no_faults(page)
        page.reload()
        expect_told(page, "Not quite", "I read 1.")
        press(page, "Next")

        draw(page, ONE_OR_SEVEN)
        press(page, "Check")
        expect_told(page, re.compile("I read [17] – is that what you wrote?"))
        expect_no_faults(page)
        press(page, "Write it again")
        draw(page, SCRIBBLE)
        press(page, "Check")
        expect_told(page, "I cannot read this as a number")
        page.get_by_label("I wrote", exact=True).fill("17")
        press(page, "That is it")
        expect_told(page, "Well done!", "There are 17 dots.")
        press(page, "Next")

        expect(page.locator("#progress")).to_have_text("2 of 3 done · once more")
        draw(page, seventeen())
        page.reload()
        wait_for_question(page)
        expect(page.locator("#progress")).to_have_text("2 of 3 done · once more")
        expect(page.locator("#written")).to_have_value("17")
        press(page, "Check")
        expect_told(page, "That’s it!", "2 in a row.")
        press(page, "Next")

        expect(page.get_by_role("heading", name="Done!")).to_be_focused()
        shown = [page.locator(f"#{name}").inner_text() for name in ("at-once", "later", "still")]
        assert shown == ["2", "1", "0"]
        expect(page.locator("#best")).to_have_text("2")
        expect_no_faults(page)
        page.reload()
        expect(page.get_by_role("heading", name="Done!")).to_be_visible()
        press(page, "Practise these again")
        expect(page.locator("#progress")).to_have_text("0 of 1 done")


def test_what_was_misread_is_said_and_marked_again(browser: Browser, site: str) -> None:
    with somebody(browser) as page:
        begin(page, site, SEVENTEENS)
        draw(page, DIGITS[1])
        press(page, "Check")
        expect_told(page, "Not quite")
        press(page, "I wrote something else")
        page.get_by_label("I wrote", exact=True).fill("17")
        page.keyboard.press("Enter")
        expect_told(page, "Right!", "There are 17 dots.")


def test_by_keyboard_alone(browser: Browser, site: str) -> None:
    with somebody(browser, 1280, "light") as page:
        page.goto(f"{site}/practice")
        expect_no_faults(page)
        page.get_by_label("Multiplication").focus()
        page.keyboard.press("Space")
        expect(page.get_by_label("to", exact=True)).to_have_value("10")
        page.get_by_label("5", exact=True).check()
        page.keyboard.press("Enter")
        wait_for_question(page)
        assert "seed=" in page.url
        page.get_by_role("button", name="I don’t know").focus()
        page.keyboard.press("Enter")
        expect_told(page, "Here it is", "×")
        page.keyboard.press("Enter")
        right = 0
        while queue := answers(page):
            page.keyboard.type(queue[0])
            expect(page.locator("#written")).to_have_value(queue[0])
            page.keyboard.press("Enter")
            right += 1
            expect(page.locator("#streak")).to_have_text(re.compile(f"^{right} right"))
            page.keyboard.press("Enter")
            expect(page.locator("#main")).not_to_have_attribute("data-state", "marked")
        expect(page.locator("#best")).to_have_text("5")
        expect(page.locator("#repeat-list li")).to_have_count(1)
        before = page.url
        press(page, "New questions of this kind")
        wait_for_question(page)
        expect(page.locator("#progress")).to_have_text("0 of 5 done")
        assert page.url != before


def test_a_range_without_questions_says_so_on_the_form(browser: Browser, site: str) -> None:
    with somebody(browser) as page:
        page.goto(f"{site}/practice?kind=sequence&low=1&high=3&count=20")
        expect(page.get_by_text("Choose a wider range")).to_be_visible()
        expect(page.get_by_label("Sequences")).to_be_checked()
        expect(page.get_by_label("to", exact=True)).to_have_value("3")
        expect(page.get_by_label("20", exact=True)).to_be_checked()
        expect_no_faults(page)


def test_without_the_server_what_is_written_stays_and_can_be_typed(
    browser: Browser, site: str
) -> None:
    with somebody(browser) as page:
        begin(page, site, SEVENTEENS)
        page.context.set_offline(True)
        draw(page, seventeen())
        press(page, "Check")
        expect_told(page, "It could not be read", "The server cannot be reached.")
        page.context.set_offline(False)
        expect(page.locator("#written")).to_have_value("17")
        page.context.set_offline(True)
        page.locator("#written").fill("17")
        page.keyboard.press("Enter")
        expect_told(page, "Right!")
        page.context.set_offline(False)


def test_a_wall_shows_what_is_practised(wall: Page, browser: Browser, site: str) -> None:
    with somebody(browser) as mia:
        join(mia, wall, "Mia")
        mia.goto(wall.url)
        mia.get_by_role("link", name="Practise", exact=True).click()
        expect(mia.get_by_role("heading", name="Practice")).to_be_visible()
        begin(mia, site, SEVENTEENS)
        expect(mia.get_by_text("as Mia")).to_be_visible()
        expect_no_faults(mia)
        draw(mia, seventeen())
        expect(wall.locator("#tiles .wall-text")).to_have_text("17")


def test_without_scripts_it_says_what_is_missing(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("/practice", f"/practice?{SEVENTEENS}"):
        page.goto(f"{site}{path}")
        expect(page.locator(".without-script")).to_contain_text("Practice needs JavaScript")
        expect(page.locator(".without-script")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Start")).to_be_hidden()
        expect(page.get_by_text("the questions are on their way")).to_be_hidden()
    context.close()
