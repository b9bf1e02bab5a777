"""Accounts in a real browser: signing up and in, leaving, and what visitors get."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .drawing import draw, expect_digit, open_page
from .people import (
    PASSWORD,
    draw_digit,
    expect_kept,
    keep_digit,
    log_in,
    log_out,
    sign_up,
)

LONG_NAME = "Ärzte-größenänderung 数字の手書き حروف " + "м" * 27


def test_sign_up_draw_correct_find_download_and_log_out(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="Sign up").click()
    sign_up(page, site)
    open_page(page, site)
    draw_digit(page, 7)
    page.get_by_role("button", name="1", exact=True).click()
    expect_kept(page, "Kept as a 1")

    page.get_by_role("link", name="Gallery", exact=True).click()
    page.get_by_role("link", name="Mine").click()
    filters = page.get_by_role("navigation", name="Filter")
    filters.get_by_role("link", name="7", exact=True).click()
    expect(page.locator(".tile")).to_have_count(0)
    expect(page.get_by_text("You have no picture of a 7 yet.")).to_be_visible()
    filters.get_by_role("link", name="1", exact=True).click()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_text("1 picture of a 1, yours")).to_be_visible()
    expect(page.get_by_alt_text("A 1, which you corrected")).to_be_visible()

    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="ZIP").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        (row,) = csv.DictReader(io.TextIOWrapper(archive.open("labels.csv"), "utf-8"))
        assert list(row)[:3] == ["filename", "label", "confidence"]
        assert (row["label"], row["network"], row["labelled_by_person"]) == ("1", "7", "true")
        assert float(row["confidence"]) < 0.5
        assert f"images/{row['filename']}" in archive.namelist()

    log_out(page)
    page.goto(f"{site}/gallery/?digit=1")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_all_faults_of_a_sign_up_are_told_at_once_and_what_was_typed_stays(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/signup")
    fields = {
        page.get_by_label("User name"): " ann",
        page.get_by_label("Password", exact=True): "short",
        page.get_by_label("Repeat the password", exact=True): "other",
    }
    for field, value in fields.items():
        field.fill(value)
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".field-error")).to_have_text(
        [
            "A user name cannot begin or end with a space.",
            "A password must have 8 to 128 characters.",
            "The two passwords are different.",
        ]
    )
    for field, value in fields.items():
        expect(field).to_have_value(value)
        expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("User name")).to_be_focused()


def test_a_taken_name_is_the_only_thing_to_type_again(page: Page, site: str) -> None:
    taken = sign_up(page, site)
    log_out(page)
    page.goto(f"{site}/signup?next=/explain")
    name = page.get_by_label("User name")
    name.fill(taken.upper())
    password = page.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    again = page.get_by_label("Repeat the password", exact=True)
    again.fill(PASSWORD)
    again.press("Enter")
    expect(name).to_have_accessible_description(re.compile("taken"))
    expect(name).to_be_focused()
    expect(password).to_have_value(PASSWORD)
    expect(again).to_have_value(PASSWORD)
    name.fill(f"{taken}, another")
    expect(page.locator(".field-error")).to_have_count(0)
    name.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-person", f"{taken}, another")
    assert page.url == f"{site}/explain"


def test_a_form_says_that_the_server_is_away_and_keeps_what_was_typed(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/signup")
    page.get_by_label("User name").fill("Somebody")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat the password", exact=True).fill(PASSWORD)
    page.route("**/signup", lambda route: route.abort())
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(page.get_by_label("Password", exact=True)).to_have_value(PASSWORD)


def test_back_after_a_log_out_shows_no_gallery(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7)
    page.goto(f"{site}/gallery/")
    expect(page.locator(".tile").first).to_be_visible()
    log_out(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(0)


def test_a_log_out_takes_the_drawing_along(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    draw_digit(page, 7)
    log_out(page)
    expect(page.locator("#hint")).not_to_have_class("is-gone")
    expect(page.locator(".verdict-words")).to_have_text("Draw a digit")


def test_a_wrong_password_is_told_and_the_name_stays(page: Page, site: str) -> None:
    name = sign_up(page, site)
    log_out(page)
    page.goto(f"{site}/gallery/?mine=1")
    log_in(page, name, "not this one")
    password = page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description("Wrong user name or password.")
    expect(page.get_by_label("User name")).to_have_value(name)
    log_in(page, name)
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    assert page.url.endswith("/gallery/?mine=1")


def test_the_way_to_sign_up_keeps_where_it_was_going(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/?digit=7")
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    assert page.url.endswith("/signup?next=/gallery/?digit%3D7")


def test_mistakes_at_sign_up_are_told_beside_their_fields(page: Page, site: str) -> None:
    page.goto(f"{site}/signup")
    page.get_by_label("User name").fill("Somebody")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Repeat the password", exact=True).fill("shirt")
    page.get_by_role("button", name="Sign up").click()
    again = page.get_by_label("Repeat the password", exact=True)
    expect(again).to_have_accessible_description("The two passwords are different.")
    page.get_by_label("Password", exact=True).fill("short")
    again.fill("short")
    page.get_by_role("button", name="Sign up").click()
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#password-error")).to_contain_text("8 to 128 characters")


def test_a_password_can_be_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/login")
    password = page.get_by_label("Password", exact=True)
    password.fill("secret words")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value("secret words")
    page.get_by_role("button", name="Show password", pressed=True).click()
    expect(password).to_have_attribute("type", "password")


def test_the_password_can_be_changed(page: Page, site: str) -> None:
    name = sign_up(page, site)
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("Current password", exact=True).fill("wrong, surely")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("Repeat the new password", exact=True).fill("another one")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".field-error")).to_have_text(
        [
            "The current password is wrong.",
            "A password must have 8 to 128 characters.",
            "The two passwords are different.",
        ]
    )
    expect(page.get_by_label("Current password", exact=True)).to_be_focused()
    page.get_by_label("Current password", exact=True).fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("another one")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password has been changed.")
    log_out(page)
    page.goto(f"{site}/login")
    log_in(page, name, "another one")
    expect(page.get_by_role("button", name="Log out", exact=True)).to_be_visible()


def test_an_account_is_deleted_after_saying_what_that_means(page: Page, site: str) -> None:
    name = sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7, "k")
    keep_digit(page, 7, "7")
    page.goto(f"{site}/account")
    expect(page.get_by_text("1 picture is deleted with it.")).to_be_visible()
    expect(page.get_by_text("1 labelled picture stays in the data set")).to_be_visible()
    page.get_by_text("Delete account…").click()
    page.get_by_label("Your password, to confirm", exact=True).fill("not it at all")
    page.get_by_role("button", name="Delete account now").click()
    expect(page.get_by_label("Your password, to confirm", exact=True)).to_be_focused()
    page.get_by_label("Your password, to confirm", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Delete account now").click()
    expect(page.get_by_text("Your account has been deleted.")).to_be_visible()
    page.goto(f"{site}/login")
    log_in(page, name)
    expect(page.get_by_text("Wrong user name or password")).to_be_visible()


def test_a_visitor_gets_no_cookie_and_is_told_that_nothing_is_stored(
    page: Page, context: BrowserContext, site: str
) -> None:
    open_page(page, site)
    draw(page, [[(0.53, 0.2), (0.5, 0.6), (0.49, 0.8)]])
    expect_digit(page, 1)
    expect(page.get_by_text("Nothing that you draw or send is stored.")).to_be_visible()
    expect(page.locator('meta[name="csrf-token"]')).to_have_count(0)
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("c")
    assert context.cookies() == []


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_nothing_is_wider_than_the_window(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    paths = ["/signup", "/login"]
    for path in paths:
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    sign_up(page, site, f"{LONG_NAME[:-2]}{width % 100:02}")
    open_page(page, site)
    keep_digit(page, 7, "4")
    page.goto(f"{site}/gallery/?mine=1")
    picture = page.locator(".tile a").first.get_attribute("href")
    assert picture is not None
    for path in ["/", "/account", "/gallery/", "/gallery/?digit=none&mine=1", picture]:
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        header = page.locator(".site-header").bounding_box()
        assert header is not None
        assert header["height"] < 64, path
    context.close()
