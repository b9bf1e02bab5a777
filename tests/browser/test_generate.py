"""The page that makes digits, in a browser."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

import cnn

from .drawing import ONE, SEVEN, Stroke, draw, open_page, picture_of
from .people import keep_digit, sign_up


def open_generate(page: Page, site: str, query: str = "") -> None:
    page.goto(f"{site}/generate{query}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def sheet(page: Page, part: str = "#new") -> Locator:
    return page.locator(f"{part} .made-sheet").first


def expect_another(picture: Locator, before: str | None) -> str:
    """Wait until a sheet shows something else, and return its address."""
    expect(picture).not_to_have_attribute("src", before or "")
    expect(picture.locator("..")).to_have_attribute("aria-busy", "false")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 0")
    return picture.get_attribute("src") or ""


def download(page: Page, part: str, name: str) -> tuple[str, bytes]:
    """Save a file of a sheet, and return its name and content."""
    with page.expect_download() as saved:
        page.locator(part).get_by_role("button", name=name).click()
    return saved.value.suggested_filename, saved.value.path().read_bytes()


def test_new_digits_are_there_at_once_and_others_at_a_click(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name="Make", exact=True).click()
    expect(page.get_by_role("heading", name="Digits that nobody wrote")).to_be_visible()
    seen = expect_shown(page)
    page.get_by_role("button", name="New ones").click()
    seen = expect_another(sheet(page), seen)
    page.get_by_label("How unusual").press("Home")
    seen = expect_another(sheet(page), seen)
    for digit in "012345689":
        page.get_by_role("checkbox", name=digit, exact=True).uncheck()
    page.get_by_role("combobox", name="How many").select_option("20")
    expect(sheet(page)).to_have_attribute("alt", "A sheet of 20 made digits")
    expect(page.locator("#new")).to_have_attribute("aria-busy", "false")
    name, content = download(page, "#new", "Single pictures")
    assert name == "made-digits.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = archive.read("labels.csv").decode().splitlines()
    assert len(rows) == 21
    assert all(row.split(",")[1:3] == ["7", "made"] for row in rows[1:])
    page.get_by_role("checkbox", name="7", exact=True).uncheck()
    expect(page.get_by_text("None is chosen, so all ten are made.")).to_be_visible()
    page.get_by_role("checkbox", name="2", exact=True).check()
    expect(page.get_by_text("None is chosen")).to_be_hidden()


def expect_shown(page: Page) -> str:
    expect(sheet(page)).to_be_visible()
    expect(sheet(page)).to_have_js_property("naturalWidth", 280)
    return sheet(page).get_attribute("src") or ""


def test_all_kinds_of_files_can_be_had_of_more_than_are_shown(page: Page, site: str) -> None:
    open_generate(page, site, "?count=200&digit=3")
    expect(page.get_by_text("The first 100 of 200; the files hold them all.")).to_be_visible()
    names = []
    for kind in ("A picture", "Single pictures", "Arrays", "Files like"):
        name, content = download(page, "#new", kind)
        names.append(name)
        if name.endswith(".png"):
            with Image.open(io.BytesIO(content)) as image:
                assert image.size == (280, 560)
                assert image.info["Source"] == "made"
    assert names == [f"made-digits.{end}" for end in ("png", "zip", "npz", "zip")]


def test_without_scripts_a_form_does_it(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/generate?seed=1")
    before = sheet(page).get_attribute("src")
    page.get_by_role("combobox", name="How many").select_option("20")
    page.get_by_role("button", name="New ones").click()
    expect(sheet(page)).to_have_attribute("alt", "A sheet of 20 made digits")
    expect(sheet(page)).not_to_have_attribute("src", before or "")
    expect(page.get_by_role("group", name="Download")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1920])
def test_nothing_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    open_generate(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


FOUR: list[Stroke] = [
    [(0.4, 0.2), (0.33, 0.38), (0.27, 0.55), (0.5, 0.55), (0.72, 0.54)],
    [(0.62, 0.3), (0.6, 0.55), (0.57, 0.85)],
]


def draw_a_four(page: Page) -> None:
    page.locator("#pad").scroll_into_view_if_needed()
    page.locator("#from").get_by_role("button", name="Clear").click()
    expect(page.locator(".from-read")).to_have_text("Draw a digit on the paper.")
    draw(page, FOUR)
    expect(page.locator(".from-read")).to_have_text("This is a 4")
    expect(page.locator("#made-from")).to_have_attribute("data-state", "shown")


def wish(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).check()
    expect(page.locator("#made-from")).to_have_attribute("aria-busy", "false")


def made(page: Page) -> tuple[list[str], npt.NDArray[np.uint8]]:
    """Download a ZIP, and return labels and pictures, (N, 28, 28)."""
    name, content = download(page, "#made-from", "Single pictures")
    assert name == "made-digits.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
        assert all(row["source"] == "made" for row in rows)
        pictures = [np.asarray(Image.open(archive.open(row["file"]))) for row in rows]
    return [row["label"] for row in rows], np.stack(pictures)


def test_a_drawn_four_becomes_a_nine_in_its_hand(page: Page, site: str) -> None:
    open_generate(page, site)
    draw_a_four(page)
    assert made(page)[0] == [*"0123456789"]
    seen = sheet(page, "#made-from").get_attribute("src")
    wish(page, "9")
    seen = expect_another(sheet(page, "#made-from"), seen)
    labels, pictures = made(page)
    assert labels == ["9"] * 10
    assert (cnn.load_model().predict(pictures[:, None]).argmax(axis=1) == 9).mean() >= 0.7
    page.locator("#from").get_by_role("button", name="Others").click()
    seen = expect_another(sheet(page, "#made-from"), seen)
    wish(page, "More like this one")
    expect_another(sheet(page, "#made-from"), seen)
    assert made(page)[0] == ["4"] * 20


def test_the_way_from_one_drawing_to_another(page: Page, site: str) -> None:
    open_generate(page, site)
    draw_a_four(page)
    wish(page, "The way to another")
    expect(page.locator(".from-read")).to_have_text("Draw the digit to which the way leads.")
    expect(page.get_by_alt_text("Where the way begins")).to_be_visible()
    draw(page, ONE)
    expect(page.locator("#made-from")).to_have_attribute("data-state", "shown")
    assert made(page)[0] == ["4"] * 10 + ["1"] * 10
    page.get_by_role("button", name="Begin from what is on the paper").click()
    draw(page, SEVEN)
    expect(page.locator("#made-from")).to_have_attribute("data-state", "shown")
    assert made(page)[0] == ["1"] * 10 + ["7"] * 10


def test_what_shows_no_single_digit_is_said(page: Page, site: str) -> None:
    open_generate(page, site)
    page.locator("#choose").set_input_files(file_of(picture_of(1, 7)))
    words = page.locator(".from-read")
    expect(words).to_have_text("Draw one digit by itself.")
    expect(sheet(page, "#made-from")).to_be_hidden()
    page.locator("#choose").set_input_files(file_of(b"no picture"))
    expect(words).to_contain_text("not a picture that can be read here")
    page.locator("#choose").set_input_files(file_of(picture_of(7)))
    expect(words).to_have_text("This is a 7")
    expect(sheet(page, "#made-from")).to_be_visible()
    expect(page.get_by_alt_text("Your picture")).to_be_visible()
    page.locator("#from").get_by_role("button", name="Clear").click()
    expect(words).to_have_text("Draw a digit on the paper.")
    expect(page.get_by_alt_text("Your picture")).to_be_hidden()


def file_of(content: bytes) -> FilePayload:
    return {"name": "picture.png", "mimeType": "image/png", "buffer": content}


def test_a_picture_of_the_gallery(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    page.keyboard.press("c")
    keep_digit(page, 7)
    page.goto(f"{site}/gallery/?mine=1")
    page.locator(".tile-picture").first.click()
    page.get_by_role("link", name="Make more like it").click()
    expect(page.locator(".from-read")).to_have_text("This is a 7")
    expect(page.locator("#made-from")).to_have_attribute("data-state", "shown")
    address = page.url
    page.context.clear_cookies()
    page.goto(address)
    expect(page.locator(".from-read")).to_contain_text("Log in to see pictures")


def test_a_walk_on_the_plane_of_codes(page: Page, site: str) -> None:
    open_generate(page, site)
    plane = page.locator("#plane")
    plane.scroll_into_view_if_needed()
    expect(plane).to_have_attribute("data-state", "shown")
    one, drawn = plane.get_by_alt_text("The digit at this place"), page.locator("[data-part=map]")
    expect(plane.get_by_alt_text("A plane through the codes")).to_have_js_property(
        "naturalWidth", 280
    )
    before = one.get_attribute("src") or ""
    box = drawn.bounding_box()
    assert box is not None
    for step in range(10):  # faster than the server is asked
        page.mouse.move(box["x"] + box["width"] * step / 20, box["y"] + box["height"] / 4)
    expect(one).not_to_have_attribute("src", before)
    assert float(plane.get_by_label("One direction of the code").input_value()) < 0
    assert float(plane.get_by_label("Another direction").input_value()) > 0
    page.wait_for_load_state("networkidle")
    before = one.get_attribute("src") or ""
    plane.get_by_label("One direction of the code").press("End")
    expect(one).not_to_have_attribute("src", before)
    before = sheet(page, "#plane").get_attribute("src") or ""
    plane.get_by_role("combobox").select_option("8")
    expect(sheet(page, "#plane")).not_to_have_attribute("src", before)


def test_how_it_learned_is_shown(page: Page, site: str) -> None:
    open_generate(page, site)
    expect(page.get_by_role("img", name="Told right by the discriminator: real")).to_be_visible()
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name="Loss").get_by_role("row")).to_have_count(25)
    expect(page.get_by_text("a transposed convolution: the picture, 28")).to_be_visible()


def test_what_it_made_on_the_way_is_shown_epoch_by_epoch(page: Page, site: str) -> None:
    open_generate(page, site)
    slider, frame = page.get_by_label("After how many epochs"), page.locator("#epochs img")
    slider.scroll_into_view_if_needed()
    epochs = slider.get_attribute("max")
    expect(frame).to_have_attribute(
        "alt", f"Made digits, two rows of 0 to 9. After epoch {epochs} of {epochs}."
    )
    expect(frame).to_have_js_property("complete", True)
    last = page.locator("#epochs .epochs-frame").screenshot()
    slider.press("Home")
    expect(page.get_by_text("Before the training: the weights are random")).to_be_visible()
    assert page.locator("#epochs .epochs-frame").screenshot() != last
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", f"After epoch 1 of {epochs}")
