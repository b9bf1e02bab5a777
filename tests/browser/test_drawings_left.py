"""Drawings that are left: stored as the page goes, if that is the person's choice."""

import pytest
from playwright.sync_api import Page, Route, expect

from .drawing import (
    SCRIBBLE,
    SEVEN,
    draw,
    open_page,
    verdict,
)
from .people import (
    STORING,
    draw_digit,
    expect_kept,
    log_in,
    log_out,
    record_stored,
    sign_up,
)


def keep_every_drawing(page: Page, site: str) -> str:
    name = sign_up(page, site)
    page.goto(f"{site}/account#keeping")
    page.get_by_role("radio", name="and every drawing").check()
    page.get_by_role("button", name="Save this choice").click()
    expect(page.get_by_text("Your choice of what is kept is saved.")).to_be_visible()
    open_page(page, site)
    return name


def expect_in_gallery(page: Page, site: str, digit: int) -> None:
    """Expect one picture in a person's gallery, as soon as the browser has sent it."""
    page.goto(f"{site}/gallery/?mine=1")
    page.evaluate(
        """async () => {
            for (let tries = 0; tries < 100; tries += 1) {
                if ((await (await fetch(location)).text()).includes('class="tile"')) return;
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
        }"""
    )
    page.reload()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator(f".tile[data-digit='{digit}']")).to_be_visible()


def never_answer(page: Page) -> None:
    """Have the page wait for its readings; by its own means, since a route dies with the page."""
    page.evaluate(
        """() => {
            const send = window.fetch;
            const isReading = (url) => url.endsWith("/predict?normalised=1");
            window.fetch = (url, how) => (isReading(url) ? new Promise(() => {}) : send(url, how));
        }"""
    )


@pytest.mark.parametrize("is_read", [True, False])
def test_a_drawing_that_is_left_at_once_is_stored_without_another_visit(
    page: Page, site: str, is_read: bool
) -> None:
    keep_every_drawing(page, site)
    if is_read:
        draw_digit(page, 7)
    else:
        never_answer(page)
        draw(page, SEVEN)
    page.goto("about:blank")
    other = page.context.new_page()
    expect_in_gallery(other, site, 7)
    other.close()


def test_a_closed_tab_leaves_the_drawing_stored(page: Page, site: str) -> None:
    keep_every_drawing(page, site)
    tab = page.context.new_page()
    open_page(tab, site)
    draw_digit(tab, 1)
    tab.close(run_before_unload=True)
    expect_in_gallery(page, site, 1)


def test_who_logs_out_at_once_has_the_drawing_stored_and_leaves_nothing_behind(
    page: Page, site: str
) -> None:
    name = keep_every_drawing(page, site)
    draw_digit(page, 0)
    log_out(page)
    # Where a log-out leads is the page Draw, with an empty paper of its own.
    assert page.evaluate("({ ...sessionStorage })") == {"digitnet.drawing": "[]"}
    page.goto(f"{site}/login")
    log_in(page, name)
    expect(page.locator("body[data-person]")).to_be_visible()
    expect_in_gallery(page, site, 0)


def test_a_log_out_waits_for_the_drawing_that_is_being_sent(page: Page, site: str) -> None:
    name = keep_every_drawing(page, site)

    def hold(route: Route) -> None:
        page.wait_for_timeout(1000)
        route.continue_()

    page.route(STORING, hold)
    draw_digit(page, 0)
    with page.expect_response(STORING) as stored:
        log_out(page)
    assert stored.value.ok
    page.goto(f"{site}/login")
    log_in(page, name)
    expect(page.locator("body[data-person]")).to_be_visible()
    expect_in_gallery(page, site, 0)


def test_a_drawing_that_was_left_can_be_taken_back_on_the_next_visit(page: Page, site: str) -> None:
    keep_every_drawing(page, site)
    draw_digit(page, 7)
    with page.expect_request(STORING):
        page.goto(f"{site}/explain/course")
    expect_in_gallery(page, site, 7)
    open_page(page, site)
    expect_kept(page, "Kept.")
    page.get_by_role("button", name="Undo keeping").click()
    expect_kept(page, "Not kept any more.")
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile")).to_have_count(0)


def test_a_drawing_that_is_no_digit_is_left_without_a_complaint(page: Page, site: str) -> None:
    keep_every_drawing(page, site)
    never_answer(page)
    draw(page, SCRIBBLE)
    page.goto(f"{site}/explain/course")
    stored = record_stored(page)
    page.goto(site)
    expect(verdict(page)).to_have_attribute("data-kind", "refusal")
    expect(page.locator("#keeping-unfinished")).to_be_hidden()
    expect_kept(page, "Not kept.")
    assert len(stored) <= 1
