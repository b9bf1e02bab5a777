"""Versions of the data set, as a person freezes and downloads one."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from .drawing import open_page
from .people import keep_digit, sign_up


def test_what_is_labelled_is_frozen_and_downloaded(page: Page, site: str, tmp_path: Path) -> None:
    sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7, key="7")
    page.goto(f"{site}/dataset")
    page.get_by_role("link", name="Freeze and download versions").click()
    page.get_by_label("Name").fill("Not A Name")
    page.get_by_role("button", name="Freeze a version").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be a version’s name")
    page.get_by_label("Name").fill("first")
    page.get_by_role("button", name="Freeze a version").click()
    expect(page.get_by_role("heading", name="first")).to_be_visible()
    expect(page.get_by_text("by you")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download ZIP").click()
    path = tmp_path / "first.zip"
    download.value.save_as(path)
    assert {"labels.csv", "card.json"} < set(zipfile.ZipFile(path).namelist())
