"""Drawing with fingers, on a phone's screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from .drawing import DIGITS, expect_digit, kept_strokes, open_page, place


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    yield context
    context.close()


@pytest.fixture
def fingers(page: Page, site: str) -> CDPSession:
    open_page(page, site)
    return page.context.new_cdp_session(page)


def touch(fingers: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_a_finger_draws_and_the_page_stays_where_it_is(page: Page, fingers: CDPSession) -> None:
    first, *rest = [place(page, point) for point in DIGITS[7][0]]
    touch(fingers, "touchStart", first)
    for point in rest:
        touch(fingers, "touchMove", point)
    touch(fingers, "touchEnd")
    expect_digit(page, 7)
    assert page.evaluate("scrollY") == 0


def test_a_second_finger_is_not_a_second_pen(page: Page, fingers: CDPSession) -> None:
    pen, palm = place(page, (0.5, 0.2)), place(page, (0.8, 0.8))
    touch(fingers, "touchStart", pen)
    touch(fingers, "touchStart", pen, palm)
    touch(fingers, "touchMove", place(page, (0.5, 0.5)), place(page, (0.9, 0.9)))
    touch(fingers, "touchMove", place(page, (0.5, 0.8)), place(page, (0.95, 0.95)))
    touch(fingers, "touchEnd")
    (stroke,) = kept_strokes(page)
    assert all(abs(x - 0.5) < 0.02 for x, _ in stroke["points"])


def test_a_cancelled_line_that_was_meant_is_kept(page: Page, fingers: CDPSession) -> None:
    touch(fingers, "touchStart", place(page, (0.5, 0.2)))
    touch(fingers, "touchMove", place(page, (0.5, 0.5)))
    touch(fingers, "touchMove", place(page, (0.5, 0.8)))
    touch(fingers, "touchCancel")
    assert len(kept_strokes(page)) == 1


def test_a_cancelled_touch_leaves_nothing(page: Page, fingers: CDPSession) -> None:
    touch(fingers, "touchStart", place(page, (0.5, 0.2)))
    touch(fingers, "touchCancel")
    assert kept_strokes(page) == []


def test_the_answer_and_the_paper_fit_a_phone(page: Page, fingers: CDPSession) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in ("#verdict", "#pad"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 640


def test_tools_are_large_enough_for_a_finger(page: Page, fingers: CDPSession) -> None:
    targets = page.locator("#tools :is(button, label):visible")
    assert targets.count() >= 9
    for target in targets.all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
