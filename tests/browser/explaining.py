"""How the page Explain is reached, for the tests in this folder."""

from playwright.sync_api import Page, expect

from .drawing import SEVEN, draw, expect_digit, open_page

LINK = "Explain this answer"
BAR = 136  # pixels at the top of the window, at most, in which paper and answer stay in sight


def open_explain(page: Page, site: str, query: str = "") -> None:
    page.goto(f"{site}/explain{query}")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")


def from_the_drawing_page(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    page.get_by_role("link", name=LINK).click()
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect_digit(page, 7)
