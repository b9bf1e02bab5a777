"""A wall with several people: one who made it, and others who join without an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from .complaints import collect_complaints
from .conftest import PATIENCE_MS
from .drawing import DIGITS, draw, expect_digit
from .people import log_in, log_out, sign_up
from .test_live import expect_seven, filmed, opened
from .test_streams import expect_no_faults

__all__ = ["filmed"]  # a fixture

Scheme = Literal["dark", "light"]


@contextmanager
def somebody(browser: Browser, width: int = 360, scheme: Scheme = "dark") -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints = collect_complaints(page)
    yield page
    assert complaints == []
    context.close()


@pytest.fixture
def wall(page: Page, site: str) -> Page:
    """A wall that asks for corrections, before the eyes of who made it."""
    sign_up(page, site)
    page.goto(f"{site}/walls")
    expect_no_faults(page)
    page.get_by_label("Title").fill("Class 5b")
    page.get_by_label("Ask participants").check()
    page.get_by_role("button", name="Make the wall").click()
    expect(page.get_by_text("Nobody takes part yet.")).to_be_visible()
    return page


def join(page: Page, wall: Page, name: str, how: str = "Join and draw") -> None:
    """Join as who scans the code does."""
    page.goto(wall.locator(".wall-address").inner_text())
    page.get_by_label("Your name on the wall").fill(name)
    page.get_by_label("What I correct may be kept").check()
    page.get_by_role("button", name=how).click()
    expect(page.get_by_text(f"as {name}")).to_be_visible()


def test_a_class_writes_a_digit_and_the_wall_shows_it(
    wall: Page, browser: Browser, filmed: Browser, site: str
) -> None:
    tiles = wall.locator("#tiles .wall-tile")
    with somebody(browser) as mia, opened(filmed) as leo:
        join(mia, wall, "Mia")
        expect(tiles).to_have_count(1)
        expect(tiles.first).to_contain_text("has written nothing yet")
        expect_no_faults(wall)
        wall.get_by_label("Everybody write a").select_option("7")
        expect(wall.locator("#count")).to_have_text("0 of 1 read as 7")
        draw(mia, DIGITS[1])
        expect_digit(mia, 1)
        expect(tiles.first.locator(".wall-text")).to_have_text("1")
        expect(tiles.first).to_have_class("wall-tile is-wrong")
        expect_no_faults(mia)

        join(leo, wall, "Leo", "Join with a camera")
        expect_seven(leo)
        expect(wall.locator("#count")).to_have_text("1 of 2 read as 7")
        expect(tiles.nth(1)).to_contain_text("Leo")
        expect(wall.get_by_role("heading", name="What they have in common")).to_be_hidden()
        mia.get_by_role("button", name="Clear").click()
        draw(mia, DIGITS[7])
        expect(wall.locator("#count")).to_have_text("2 of 2 read as 7")
        expect(wall.get_by_text("Read as 7: 2")).to_be_visible()
        expect_no_faults(wall)

        mia.reload()
        expect(mia.get_by_text("as Mia")).to_be_visible()
        expect(tiles).to_have_count(2)

        mia.get_by_label("Read wrongly? It is a").select_option("7")
        mia.get_by_role("button", name="Keep it").click()
        expect(mia.locator("#participant-told")).to_have_text("Thank you: it is kept.")
        with somebody(browser, 1280, "light") as owner:
            owner.context.add_cookies(wall.context.cookies())  # type: ignore[arg-type]
            owner.goto(f"{site}/gallery/?mine=1")
            expect(owner.locator("main img")).to_have_count(1)

        wall.get_by_label("Without names").check()
        expect(tiles.first).not_to_contain_text("Mia")
        wall.get_by_label("Pause").check()
        expect(mia.locator("#participant-state")).to_contain_text("The wall is paused")
        wall.get_by_role("button", name="Close the wall").click()
        expect(mia.locator("#participant-state")).to_contain_text("The wall was closed")
        expect(leo.get_by_text("The wall was closed").first).to_be_visible()


def test_a_code_is_typed_in(wall: Page, browser: Browser, site: str) -> None:
    with somebody(browser) as mia:
        mia.goto(f"{site}/walls")
        mia.get_by_label("Code").fill("wrong")
        mia.get_by_role("button", name="Join").click()
        expect(mia.get_by_text("There is no wall with this code")).to_be_visible()
        expect_no_faults(mia)
        code = wall.locator(".wall-code").inner_text().removeprefix("Code:").strip()
        mia.get_by_label("Code").fill(code.lower())
        mia.get_by_role("button", name="Join").click()
        expect(mia.get_by_role("heading", name="Class 5b")).to_be_visible()
        expect_no_faults(mia)


def test_who_made_the_wall_takes_part_and_who_logs_in_stays_on_it(
    wall: Page, browser: Browser, site: str
) -> None:
    tiles, address = wall.locator("#tiles .wall-tile"), wall.url
    with somebody(browser, 1280, "light") as mia:
        sign_up(mia, site, "Mia of 5b")
        log_out(mia)
        join(mia, wall, "Mia")
        mia.goto(address)
        mia.locator("header").get_by_role("link", name="Log in").click()
        log_in(mia, "Mia of 5b")
        expect(mia.get_by_text("You are on this wall as Mia.")).to_be_visible()
        assert mia.url == address
        wall.get_by_role("link", name="Take part yourself").click()
        expect_no_faults(wall)
        wall.get_by_label("Your name on the wall").fill("Ms Ann")
        wall.get_by_role("button", name="Join and draw").click()
        expect(wall.get_by_text("as Ms Ann")).to_be_visible()
        draw(wall, DIGITS[7])
        expect_digit(wall, 7)
        wall.goto(address)
        expect(tiles.filter(has_text="Ms Ann").locator(".wall-text")).to_have_text("7")
