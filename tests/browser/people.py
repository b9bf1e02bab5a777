"""What a person with an account does, for the tests in this folder."""

import re
from itertools import count

from playwright.sync_api import Page, Request, expect

from .drawing import DIGITS, draw, expect_digit

PASSWORD = "correct horse battery"
STORING = re.compile(r"/predict\?store=1")

_numbers = count(1)
_places = count(1)


def sign_up(page: Page, site: str, name: str | None = None) -> str:
    """Make an account, by the form; names are new ones unless one is given."""
    name = name or f"Person {next(_numbers)}"
    there, throttled = page.locator("body[data-person]"), page.get_by_text("Too many attempts.")
    while True:
        page.goto(f"{site}/signup")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Repeat the password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        expect(there.or_(throttled)).to_be_visible()
        if there.is_visible():
            return name
        # All tests sign up from one address, more people than a class, and wait where one would.
        (seconds,) = re.findall(r"\d+", throttled.inner_text())
        page.wait_for_timeout(1000 * (int(seconds) + 1))


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the log-in form, which is on the page."""
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    page.wait_for_load_state()  # before the style sheet is there, the menu's button shows
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()


def draw_digit(page: Page, digit: int) -> None:
    """Draw a digit, each time in another place: the same picture would be the same row."""
    shift = next(_places) % 150 / 1000 - 0.075
    draw(page, [[(x + shift, y) for x, y in stroke] for stroke in DIGITS[digit]])
    expect_digit(page, digit)
    expect(page.get_by_role("button", name="Right", exact=True)).to_be_enabled()


def expect_kept(page: Page, words: str = "Kept") -> None:
    expect(page.locator("#keeping-words")).to_contain_text(words)


def keep_digit(page: Page, digit: int, key: str = "k") -> None:
    """Draw a digit on an empty paper, keep it by a key, and clear the paper."""
    draw_digit(page, digit)
    page.keyboard.press(key)
    expect_kept(page)
    page.keyboard.press("c")


def record_stored(page: Page) -> list[str]:
    """Return a list that fills with the address of each storing request, when it is sent."""
    stored: list[str] = []

    def note(request: Request) -> None:
        if STORING.search(request.url):
            stored.append(request.url)

    page.on("request", note)
    return stored
