"""Tokens on the account page, and the API's page, in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .drawing import picture_of
from .people import PASSWORD, sign_up


def make_token(page: Page, site: str, name: str = "my script") -> str:
    page.goto(f"{site}/account")
    page.get_by_text("New token…").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Your password, to make a token", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    return page.locator("#token-text").inner_text()


def test_a_token_is_made_copied_used_and_revoked(page: Page, site: str) -> None:
    sign_up(page, site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    token = make_token(page, site)
    assert re.fullmatch("dn_[0-9a-f]{64}", token)
    expect(page.locator("#token-text")).to_be_in_viewport()
    page.get_by_role("button", name="Copy the token").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token

    page.get_by_role("link", name="What programs can ask for").click()
    page.get_by_label("API token").fill(token)
    page.get_by_text("Read the digits in a picture").click()
    predict = page.locator("#api_predict")
    predict.get_by_label("store", exact=True).select_option("1")
    file = {"name": "7.png", "mimeType": "image/png", "buffer": picture_of(7)}
    predict.get_by_label("File", exact=True).first.set_input_files(file)  # type: ignore[arg-type]
    expect(predict.locator(".curl")).to_contain_text(
        f"--data-binary '@7.png' -H 'Authorization: Bearer {token}'"
    )
    predict.get_by_role("button", name="Send").click()
    expect(predict.locator(".answer-status")).to_contain_text("200")
    expect(predict.locator(".answer pre").first).to_contain_text('"digit": 7')
    expect(predict.locator(".answer pre").first).to_contain_text('"label_before": null')

    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile")).to_have_count(1)
    page.goto(f"{site}/account")
    page.get_by_role("button", name="Revoke my script").click()
    expect(page.get_by_text("The token is revoked")).to_be_visible()
    page.goto(f"{site}/api#api_status")
    status = page.locator("#api_status")
    page.get_by_label("API token").fill("тест")
    status.get_by_role("button", name="Send").click()
    expect(status.get_by_text("This is no token")).to_be_visible()
    page.get_by_label("API token").fill(token)
    status.get_by_role("button", name="Send").click()
    expect(status.locator(".answer-status")).to_contain_text("401")


def test_who_is_logged_in_needs_no_token_on_the_page(page: Page, site: str) -> None:
    sign_up(page, site)
    page.goto(f"{site}/api#api_predict")
    predict = page.locator("#api_predict")
    predict.get_by_label("Body", exact=True).select_option("application/json")
    predict.get_by_label("store", exact=True).select_option("1")
    predict.get_by_role("button", name="Send").click()
    expect(predict.locator(".answer pre").first).to_contain_text('"was_held": false')
    page.get_by_text("Download pictures and labels as a ZIP").click()
    download = page.locator("#gallery_download_zip")
    download.get_by_role("button", name="Send").click()
    with page.expect_download() as saved:
        download.get_by_role("button", name="Save the file").click()
    assert saved.value.suggested_filename.endswith(".zip")


def test_tokens_and_the_page_need_no_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_up(page, site)
    assert make_token(page, site).startswith("dn_")
    expect(page.get_by_role("button", name="Copy the token")).to_be_hidden()
    page.goto(f"{site}/api")
    page.get_by_text("Read the digits in a picture").click()
    expect(page.locator("#api_predict").get_by_text("What it answers")).to_be_visible()
    expect(page.get_by_role("button", name="Send").first).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/api")
    for one in page.locator(".operation > summary").all():
        one.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
