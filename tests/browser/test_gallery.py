"""The gallery in a real browser: labelling, paging, one picture's page."""

import pytest
from playwright.sync_api import Page, Route, expect

from .drawing import open_page, picture_of
from .people import keep_digit, log_out, sign_up


@pytest.fixture
def gallery(page: Page, site: str) -> Page:
    """The gallery of a person with three pictures, newest first: 0, 7, 1."""
    sign_up(page, site)
    open_page(page, site)
    for digit in (1, 7, 0):
        keep_digit(page, digit)
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile")).to_have_count(3)
    return page


def test_under_each_picture_is_what_was_read(gallery: Page) -> None:
    first = gallery.locator(".tile").first
    href = first.locator("a").get_attribute("href") or ""
    picture_id = href.removesuffix("/").rsplit("/", 1)[-1]
    expect(first.locator(".tile-id")).to_contain_text(picture_id[:5])
    expect(first.locator(".tile-digit")).to_have_text("0")
    expect(first.locator(".tile-sure")).to_contain_text("%")
    image = first.get_by_alt_text("Read as a 0")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_pictures_are_labelled_by_keys(gallery: Page) -> None:
    tiles = gallery.locator(".tile")
    tiles.nth(0).locator("a").focus()
    gallery.keyboard.press("6")
    expect(tiles.nth(0).get_by_alt_text("A 6, which you corrected")).to_be_visible()
    expect(tiles.nth(0).locator(".tile-network")).to_have_text("0")
    gallery.keyboard.press("ArrowRight")
    expect(tiles.nth(1).locator("a")).to_be_focused()
    gallery.keyboard.press("r")
    expect(tiles.nth(1).get_by_alt_text("A 7, which you confirmed")).to_be_visible()
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("n")
    expect(tiles.nth(2).get_by_alt_text("Not a digit")).to_be_visible()
    gallery.reload()
    for i, words in enumerate(["A 6, which", "A 7, which", "Not a digit"]):
        expect(tiles.nth(i).get_by_alt_text(words)).to_be_visible()
    tiles.nth(2).locator("a").focus()
    gallery.keyboard.press("Backspace")
    expect(tiles.nth(2).get_by_alt_text("Read as a 1")).to_be_visible()


def test_pictures_are_labelled_with_the_strip(gallery: Page) -> None:
    gallery.get_by_role("button", name="Label", exact=True).click()
    gallery.locator(".tile").nth(1).click()
    strip = gallery.get_by_role("region", name="Label the chosen picture")
    strip.get_by_role("button", name="1", exact=True).click()
    expect(strip).to_contain_text("A 1, which you corrected; the network read a 7.")
    expect(strip.get_by_role("button", name="1", exact=True, pressed=True)).to_be_visible()
    strip.get_by_role("button", name="Take back").click()
    expect(strip).to_contain_text("Read as a 7")
    gallery.get_by_role("button", name="Label", exact=True).click()
    gallery.locator(".tile a").nth(1).click()
    expect(gallery.get_by_role("heading", name="Read as a 7")).to_be_visible()


def test_while_not_labelling_enter_opens_a_picture(gallery: Page) -> None:
    gallery.locator(".tile a").first.focus()
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_role("heading", name="Read as a 0")).to_be_visible()


def test_a_label_that_cannot_be_given_is_told(gallery: Page, site: str) -> None:
    gallery.locator(".tile a").first.focus()
    cookies = gallery.context.cookies()
    gallery.context.clear_cookies()
    gallery.keyboard.press("3")
    strip = gallery.get_by_role("region", name="Label the chosen picture")
    expect(strip).to_contain_text("was not changed: You are logged out.")
    expect(gallery.locator(".tile").first.get_by_alt_text("Read as a 0")).to_be_visible()
    gallery.context.add_cookies(
        [{"name": c["name"], "value": c["value"], "url": site} for c in cookies]
    )


def test_the_digits_of_others_cannot_be_labelled(gallery: Page, site: str) -> None:
    log_out(gallery)
    sign_up(gallery, site)
    gallery.goto(f"{site}/gallery/")
    expect(gallery.locator(".tile").first).to_be_visible()
    expect(gallery.get_by_role("button", name="Label", exact=True)).to_have_count(0)
    gallery.locator(".tile a").first.click()
    expect(gallery.get_by_role("link", name="Download")).to_be_visible()
    for only_for_its_owner in (".choices", ".bars", ".sure"):
        expect(gallery.locator(only_for_its_owner)).to_have_count(0)


def test_a_picture_can_be_labelled_on_its_page(gallery: Page) -> None:
    gallery.locator(".tile a").nth(1).click()
    gallery.get_by_role("button", name="Right").click()
    expect(gallery.get_by_text("you confirmed it")).to_be_visible()
    gallery.get_by_role("button", name="Take back").click()
    expect(gallery.get_by_role("heading", name="Read as a 7")).to_be_visible()
    expect(gallery.locator(".bar.is-winner .bar-digit")).to_have_text("7")
    expect(gallery.locator("time")).not_to_contain_text("UTC")


def test_a_picture_can_be_deleted_in_two_steps(gallery: Page) -> None:
    gallery.locator(".tile a").first.click()
    expect(gallery.get_by_role("button", name="Delete this picture")).to_be_hidden()
    gallery.get_by_text("Delete…").click()
    gallery.get_by_role("button", name="Delete this picture").click()
    expect(gallery.get_by_role("status")).to_contain_text("The picture has been deleted")
    expect(gallery.locator(".tile")).to_have_count(2)


def test_filters_keep_each_other(gallery: Page) -> None:
    filters = gallery.get_by_role("navigation", name="Filter")
    filters.get_by_role("link", name="7", exact=True).click()
    expect(gallery.locator(".tile")).to_have_count(1)
    filters.get_by_role("link", name="Everybody’s").click()
    assert gallery.url.endswith("?digit=7")
    filters.get_by_role("link", name="All", exact=True).click()
    shown = gallery.locator(".tile").count()
    counted = gallery.locator(".gallery-count").inner_text().split()[0].replace(",", "")
    assert int(counted) >= shown >= 3
    filters.get_by_role("link", name="Mine").click()
    filters.get_by_role("link", name="Not a digit").click()
    expect(gallery.get_by_text("None of your pictures is marked as not a digit")).to_be_visible()


def test_older_pictures_are_a_page_away(page: Page, site: str) -> None:
    sign_up(page, site)
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    for i in range(50):
        page.request.post(
            f"{site}/predict?store=1",
            headers={"X-CSRFToken": token, "Content-Type": "image/png"},
            data=picture_of(1, side=120 + i),
        )
    page.goto(f"{site}/gallery/?mine=1&digit=1")
    expect(page.get_by_text("50 pictures of a 1, yours")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(48)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".tile")).to_have_count(2)
    assert "mine=1" in page.url
    assert "digit=1" in page.url
    page.get_by_role("link", name="Newest").click()
    expect(page.locator(".tile")).to_have_count(48)


def test_a_download_that_is_refused_says_why(gallery: Page) -> None:
    def refuse(route: Route) -> None:
        body = "<h1>3 downloads of yours are under way.</h1>"
        route.fulfill(status=429, content_type="text/html", body=body)

    gallery.route("**/download*", refuse)
    for kind in ("ZIP", "NumPy", "MNIST"):
        gallery.locator("#downloads summary").click()
        gallery.get_by_role("link", name=kind).click()
        expect(gallery.get_by_role("heading", name="3 downloads of yours")).to_be_visible()
        gallery.go_back()


def test_an_empty_gallery_says_what_to_do(page: Page, site: str) -> None:
    sign_up(page, site)
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.get_by_text("You have kept no pictures yet.")).to_be_visible()
    page.get_by_role("link", name="Draw a digit").click()
    expect(page.locator("#pad")).to_be_visible()
