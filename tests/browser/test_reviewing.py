"""Reviewing by keyboard and by finger: nothing is lost by an undo, a reload or a server away."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.collecting import packed
from tests.app.waiting import eventually

from .conftest import PATIENCE_MS
from .live_server import LiveServer
from .people import sign_up
from .test_access import AXE, faults_in
from .test_collecting import digits

COUNT = 24


@pytest.fixture
def labelled(own_server: LiveServer, page: Page) -> str:
    """Let somebody import digits that are all labelled wrongly, and return the site's address."""
    sign_up(page, own_server.url)
    import_wrong(page, own_server.url, COUNT)
    return own_server.url


def import_wrong(page: Page, site: str, count: int) -> None:
    wrong = {}
    for path, content in digits(0, count).items():
        folder, digit, name = path.split("/")
        wrong[f"{folder}/{(int(digit) + 1) % 10}/{name}"] = content
    page.goto(f"{site}/dataset")
    page.locator("#choose").set_input_files(
        {"name": "digits.zip", "mimeType": "application/zip", "buffer": packed(wrong)}
    )
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name=f"Import {count} pictures").click(timeout=60_000)
    expect(page.get_by_role("heading", name=f"{count} pictures imported")).to_be_visible(
        timeout=60_000
    )


def open_review(page: Page, site: str) -> None:
    page.goto(f"{site}/dataset")
    page.get_by_role("link", name=re.compile("^Review ")).click()
    expect_picture(page)


def expect_picture(page: Page) -> None:
    expect(page.locator("#main")).to_have_attribute("data-state", "picture")


def expect_progress(page: Page, words: str) -> None:
    expect(page.locator("#progress")).to_contain_text(words)


def read(page: Page) -> str:
    """Return the digit that the network reads in the picture that is shown."""
    words = page.locator("#network").inner_text()
    found = re.search(r"reads an? (\d)", words)
    assert found, words
    return found[1]


def mine(page: Page, site: str) -> dict[str, int]:
    """Return how many pictures have each label, by this person."""
    answer = page.request.get(f"{site}/dataset", headers={"Accept": "application/json"})
    counts: dict[str, int] = answer.json()["mine"]
    return {label: number for label, number in counts.items() if number}


def expect_no_faults(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8") + ";0")
    assert faults_in(page) == []
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_pile_is_reviewed_by_keyboard(page: Page, labelled: str) -> None:
    open_review(page, labelled)
    expect_progress(page, f"{COUNT} pictures left")
    expect(page.locator("#why")).to_have_text("Shown because label and network disagree.")
    expect(page.locator("#spoken")).to_contain_text("Labelled: a")
    expect_no_faults(page)
    said: dict[str, int] = {}
    for number in range(20):
        expect_picture(page)
        digit = read(page)
        said[digit] = said.get(digit, 0) + 1
        page.keyboard.press(digit)
        expect_progress(page, f"{COUNT - number - 1} picture")
    last = digit
    page.keyboard.press("z")
    expect_progress(page, "5 pictures left")
    assert read(page) == last
    page.keyboard.press("n")
    said[last] -= 1
    expect_progress(page, "4 pictures left")
    page.keyboard.press("u")
    expect_progress(page, "3 pictures left")
    for _ in range(3):
        expect_picture(page)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is left to review")).to_be_visible()
    expect(page.locator("[data-answer]:visible")).to_have_text(["Undo"])
    expect_no_faults(page)
    page.get_by_role("link", name="Freeze a version").click()
    expect(page.get_by_role("heading", name="Versions of the data set")).to_be_visible()
    found = mine(page, labelled)
    assert sum(found.values()) == COUNT
    assert found["none"] == 1
    assert all(found[digit] >= count for digit, count in said.items() if count)


def test_answers_outlast_a_reload_and_a_server_that_is_away(
    page: Page, labelled: str, own_server: LiveServer
) -> None:
    open_review(page, labelled)
    first = read(page)
    page.keyboard.press(first)
    expect_progress(page, f"{COUNT - 1} pictures left")
    page.reload()
    expect_picture(page)
    expect_progress(page, f"{COUNT - 1} pictures left")
    page.wait_for_load_state("networkidle")  # the next ones are ready
    page.context.set_offline(True)
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator("#trouble")).to_contain_text("2")
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_empty(timeout=60_000)
    expect_progress(page, f"{COUNT - 3} pictures left")
    eventually(lambda: mine(page, labelled).get("none") == 2)
    for _ in range(4):
        expect_picture(page)
        page.keyboard.press("n")
    page.goto(f"{labelled}/dataset")  # at once, while the answers are on their way
    eventually(lambda: mine(page, labelled).get("none") == 6)
    page.reload()
    expect(page.get_by_role("link", name=f"Review {COUNT - 7} pictures")).to_be_visible()


def test_two_people_never_get_the_same_picture(
    browser: Browser, page: Page, own_server: LiveServer
) -> None:
    other = browser.new_context().new_page()
    other.set_default_timeout(PATIENCE_MS)
    own_server.command("make-admin", sign_up(page, own_server.url))
    sign_up(other, own_server.url)
    import_wrong(other, own_server.url, COUNT)
    shown: list[set[str]] = []
    for one in (page, other):
        with one.expect_response("**/dataset/review/next") as answer:
            open_review(one, own_server.url)
        shown.append({picture["id"] for picture in answer.value.json()["pictures"]})
    assert [len(ids) for ids in shown] == [12, 12]
    assert not shown[0] & shown[1]
    other.context.close()


def test_a_finger_reviews_on_a_small_screen(
    browser: Browser, page: Page, labelled: str, own_server: LiveServer
) -> None:
    state = page.context.storage_state()
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        color_scheme="dark",
        storage_state=state,
    )
    phone = context.new_page()
    phone.set_default_timeout(PATIENCE_MS)
    open_review(phone, labelled)
    digit = read(phone)
    phone.get_by_role("button", name=digit, exact=True).tap()
    expect_progress(phone, f"{COUNT - 1} pictures left")
    phone.get_by_role("button", name="Undo").tap()
    expect_progress(phone, f"{COUNT} pictures left")
    assert read(phone) == digit
    for button in phone.locator(".review-choices button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    expect_no_faults(phone)
    context.close()
