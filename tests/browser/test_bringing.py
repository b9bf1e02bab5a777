"""Pictures brought to the pages beside Draw: to Explain, to the course, and to the gallery."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from .bringing import drop, fill_folder
from .drawing import expect_digit, verdict
from .people import sign_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("pictures") / "holiday")


def test_of_several_files_explain_takes_the_first_and_keeps_it(
    page: Page, site: str, folder: Path
) -> None:
    page.goto(f"{site}/explain")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    drop(page, folder / "scan_2.png", folder / "scan_1.png")
    expect(page.locator("#picture img")).to_be_visible()
    expect(verdict(page).locator(".verdict-digit")).to_have_text("7")
    expect(page.get_by_text("Of 2 files, only the first is used here.")).to_be_visible()
    page.reload()
    expect(verdict(page).locator(".verdict-digit")).to_have_text("7")
    page.locator("#choose").set_input_files(folder / "scan_10.png")
    expect(verdict(page).locator(".verdict-digit")).to_have_text("1")
    expect(page.locator("#brought-note")).to_be_hidden()
    page.locator("#choose").set_input_files(folder / "empty.png")
    expect(page.locator("#brought-note")).to_contain_text("is empty")
    expect(verdict(page).locator(".verdict-digit")).to_have_text("1")


def open_before_the_scripts(page: Page, url: str, entry: str, *chosen: Path) -> None:
    """Open a page, choose pictures, and only then let its scripts come."""
    waiting: list[Route] = []
    page.route(f"**/js/pages/{entry}.js", lambda route: waiting.append(route), times=1)
    page.goto(url, wait_until="commit")
    page.locator("#choose").set_input_files(chosen)
    waiting[0].continue_()


@pytest.mark.parametrize(
    ("path", "entry", "shown"),
    [
        ("/", "draw", ".verdict-digit"),
        ("/explain", "explain", ".verdict-digit"),
        ("/explain/course", "course", "[data-part=reading]"),
    ],
)
def test_a_picture_chosen_before_the_scripts_run_is_read(
    page: Page, site: str, folder: Path, path: str, entry: str, shown: str
) -> None:
    open_before_the_scripts(page, site + path, entry, folder / "scan_2.png")
    expect(page.locator(shown)).to_contain_text("7")


def test_files_chosen_before_the_scripts_run_become_a_list(
    page: Page, site: str, folder: Path
) -> None:
    open_before_the_scripts(page, site, "draw", folder / "scan_1.png", folder / "scan_2.png")
    expect(page.locator(".file-shown")).to_have_text(["0", "7"])


def test_what_is_dropped_on_the_gallery_is_read_on_draw(
    page: Page, site: str, folder: Path
) -> None:
    sign_up(page, site)
    page.goto(f"{site}/gallery/")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    drop(page, folder)
    expect(page.locator("#files-progress")).to_contain_text("7 of 10 files read")
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(f"{site}/gallery/")
    page.locator("#choose").set_input_files(folder / "untold")
    expect_digit(page, 7)


def test_the_course_goes_on_with_a_picture(page: Page, site: str, folder: Path) -> None:
    page.goto(f"{site}/explain/course")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    drop(page, folder / "scan_1.png", folder / "scan_2.png")
    reading = page.locator("[data-part=reading]")
    expect(reading).to_contain_text("a 0")
    expect(page.locator("[data-part=sent]").first).to_be_visible()
    expect(page.get_by_text("Of 2 files, only the first is used here.")).to_be_visible()
    page.get_by_role("button", name="Use a ready-made 5").click()
    expect(reading).to_contain_text("a 5")
    expect(page.locator("[data-part=sent]").first).to_be_hidden()
