"""How a person writes: said by the keyboard alone, seen in an answer, learned, and taken back."""

import os

import pytest
from playwright.sync_api import Locator, Page, expect

from .drawing import expect_digit, open_page, verdict
from .people import keep_digit, sign_up
from .test_access import AXE, faults_in

BECAUSE = "Two digits were near; how you write decided."


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    pytest.fail(f"no Tab leads to {wanted}")


def form(page: Page, digit: int, name: str) -> Locator:
    return page.get_by_role("group", name=f"Your {digit}").get_by_role("radio", name=name)


def say(page: Page, site: str, before: str, key: str, names: dict[int, str]) -> None:
    """Choose forms on the account page, each from the answer `before` it by one key."""
    page.goto(f"{site}/account")
    for digit, name in names.items():
        tab_to(page, page.locator(f"input[name=form-{digit}]:checked"))
        expect(form(page, digit, before or names[digit])).to_be_focused()
        page.keyboard.press(key)
        expect(form(page, digit, name)).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Save how you write"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your choice of how you write is saved.")).to_be_visible()


def draw_a_flagged_stroke(page: Page) -> None:
    """Draw what may be a 1 with an upstroke or a 7 without a bar, with the arrow keys."""
    tab_to(page, page.locator("#pad"))
    keys = ["Left"] * 6 + ["Up"] * 8
    line = ["Right", "Right", "Right", "Up"] * 2 + ["Down"] * 20
    for key in keys:
        page.keyboard.press(f"Arrow{key}")
    page.keyboard.press("Space")
    for key in line:
        page.keyboard.press(f"Arrow{key}")
    page.keyboard.press("Space")


def test_what_is_said_decides_a_near_case_and_can_be_taken_back(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    draw_a_flagged_stroke(page)
    expect_digit(page, 7)
    expect(verdict(page)).not_to_contain_text(BECAUSE)

    say(page, site, "Not said", "ArrowUp", {1: "With an upstroke", 7: "With a bar"})
    open_page(page, site)
    expect_digit(page, 1)
    expect(verdict(page)).to_contain_text(BECAUSE)
    tab_to(page, page.get_by_role("link", name="Explain this answer"))
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect_digit(page, 1)
    expect(verdict(page)).to_contain_text(BECAUSE)

    page.goto(f"{site}/account")
    expect(form(page, 1, "With an upstroke")).to_be_checked()
    say(page, site, "With a bar", "ArrowDown", {7: "Not said"})
    open_page(page, site)
    expect_digit(page, 7)
    expect(verdict(page)).not_to_contain_text(BECAUSE)


def test_what_was_learned_is_told_and_the_page_is_for_everybody(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    for _ in range(3):
        keep_digit(page, 7, "7")
    page.goto(f"{site}/account")
    learned = page.get_by_role("group", name="Your 7").get_by_text("Learned from your")
    expect(learned).to_have_text("Learned from your labelled drawings: Without a bar.")
    form(page, 7, "With a bar").check()
    page.get_by_role("button", name="Save how you write").click()
    expect(learned).to_contain_text("What you say counts.")
    if not AXE.exists():
        missing = "axe-core is not installed (npm ci in tests/js)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    page.evaluate(AXE.read_text())
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert faults_in(page) == []
