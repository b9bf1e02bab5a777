"""Explain on small screens: a finger scrolls, and the paper stays in sight."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .drawing import ONE, draw, expect_digit, kept_strokes
from .explaining import BAR, open_explain


@pytest.fixture(params=[320, 360, 768])
def small(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    viewport = {"width": request.param, "height": 740}
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    open_explain(page, site)
    yield page
    context.close()


def push_up(part: Locator) -> float:
    """Push a part of the page up with a finger, and return how far the page went."""
    page, box = part.page, part.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [(x, y)]),
        *(("touchMove", [(x, y - step)]) for step in range(10, 160, 10)),
        ("touchEnd", []),
    ):
        touches = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    next_frame(page)
    return float(page.evaluate("scrollY") - before)


def next_frame(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_finger_on_the_paper_scrolls_the_page(small: Page) -> None:
    assert push_up(small.locator("#pad")) > 50
    assert kept_strokes(small) == []
    expect_digit(small, 3)


def test_a_finger_on_a_map_scrolls_the_page(small: Page) -> None:
    small.locator("#layer").evaluate("(layer) => layer.scrollIntoView()")
    frame = small.locator(".step-map .map-frame[tabindex]").first
    expect(frame).to_be_visible()
    frame.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
    assert push_up(frame) > 50


def test_a_finger_that_draws_does_not_scroll(small: Page) -> None:
    small.locator("#pad").tap()
    expect(small.locator("#finger")).to_have_attribute("aria-pressed", "true")
    expect(small.locator("#pad")).to_have_css("touch-action", "none")
    # Chromium asks for what a touch may do only with the next frame.
    next_frame(small)
    assert push_up(small.locator("#pad")) == 0
    assert len(kept_strokes(small)) == 1


def test_paper_and_answer_stay_in_sight_and_cover_no_heading(small: Page) -> None:
    titles = small.locator(".chapter h2:visible")
    assert titles.count() >= 3
    for title in titles.all():
        title.evaluate("(title) => title.scrollIntoView()")
        expect(small.locator(".opening")).to_have_class("opening is-past")
        for part in ("#pad", "#verdict"):
            box = small.locator(part).bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= BAR
        box = title.bounding_box()
        assert box is not None
        assert box["y"] >= BAR
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_does_not_jump_when_the_paper_becomes_small(small: Page) -> None:
    title = small.locator("#network-title")
    place = "(title) => title.getBoundingClientRect().y + scrollY"
    before = title.evaluate(place)
    title.evaluate("(title) => title.scrollIntoView()")
    expect(small.locator(".opening")).to_have_class("opening is-past")
    assert title.evaluate(place) == pytest.approx(before, abs=1)
    small.evaluate("scrollTo(0, 0)")
    expect(small.locator(".opening")).to_have_class("opening")
    assert title.evaluate(place) == pytest.approx(before, abs=1)


def test_what_is_drawn_on_the_small_paper_is_explained(small: Page) -> None:
    small.locator("#own").tap()
    small.locator("#network-title").evaluate("(title) => title.scrollIntoView()")
    expect(small.locator(".opening")).to_have_class("opening is-past")
    draw(small, ONE)
    expect_digit(small, 1)
    expect(small.locator("#verdict")).to_be_in_viewport()
