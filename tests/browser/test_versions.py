"""Versions of the data set, as a person freezes and downloads one."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from .drawing import open_page
from .live_server import LiveServer
from .people import keep_digit, sign_up


def test_what_is_labelled_is_frozen_and_downloaded(
    page: Page, own_server: LiveServer, tmp_path: Path
) -> None:
    site = own_server.url  # a version takes everybody's pictures
    sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7, key="7")
    page.goto(f"{site}/dataset")
    page.get_by_role("link", name="Freeze and download versions").click()
    page.get_by_label("Name").fill("Not A Name")
    page.get_by_role("button", name="Freeze a version").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be a version’s name")
    page.get_by_label("Name").fill("first")
    takes = page.locator(".collect-takes")
    expect(takes).to_contain_text("It would have 1 picture:")
    expect(takes.get_by_role("listitem")).to_have_text(["7: 1"])
    page.get_by_text("Which of them").click()
    page.get_by_label("Of this writer").fill("Nobody")
    expect(takes).to_contain_text("There is no labelled picture of this choice.")
    page.get_by_label("From this day").fill("2026-02-01")
    page.get_by_label("To this day").fill("2026-01-01")
    expect(takes).to_contain_text("is after the last one")
    for label in ("Of this writer", "From this day", "To this day"):
        page.get_by_label(label).fill("")
    expect(takes).to_contain_text("It would have 1 picture:")
    page.get_by_label("Licence").fill("CC BY 4.0")
    page.get_by_role("button", name="Freeze a version").click()
    expect(page.get_by_role("heading", name="first")).to_be_visible()
    expect(page.get_by_text("Licence: CC BY 4.0")).to_be_visible()
    expect(page.get_by_text("by you")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download ZIP").click()
    path = tmp_path / "first.zip"
    download.value.save_as(path)
    archive = zipfile.ZipFile(path)
    assert {"labels.csv", "card.json"} < set(archive.namelist())
    assert "Licence: CC BY 4.0" in archive.read("README.md").decode()
    page.get_by_text("Remove this version …").click()
    page.get_by_role("button", name="Remove first").click()
    expect(page.get_by_text("The version first is removed. Its pictures stay.")).to_be_visible()
