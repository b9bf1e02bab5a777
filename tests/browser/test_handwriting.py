"""The sheet for one's own handwriting, in a browser: written, sent, used, deleted."""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from .drawing import Stroke
from .people import sign_up
from .test_generate import download, open_generate, sheet

#: A stroke or two of each digit, in units of the box.
STROKES: dict[str, list[Stroke]] = {
    "0": [[(0.5, 0.2), (0.3, 0.5), (0.5, 0.8), (0.7, 0.5), (0.5, 0.2)]],
    "1": [[(0.52, 0.2), (0.5, 0.8)]],
    "2": [[(0.3, 0.3), (0.5, 0.2), (0.68, 0.35), (0.3, 0.8), (0.72, 0.8)]],
    "3": [[(0.3, 0.2), (0.68, 0.3), (0.45, 0.48), (0.7, 0.65), (0.3, 0.8)]],
    "4": [[(0.4, 0.2), (0.28, 0.55), (0.72, 0.55)], [(0.6, 0.3), (0.58, 0.85)]],
    "5": [
        [(0.36, 0.22), (0.34, 0.48), (0.66, 0.5), (0.66, 0.75), (0.3, 0.8)],
        [(0.37, 0.2), (0.7, 0.2)],
    ],
    "6": [[(0.6, 0.2), (0.35, 0.5), (0.4, 0.8), (0.65, 0.7), (0.38, 0.58)]],
    "7": [[(0.3, 0.22), (0.7, 0.22), (0.45, 0.82)]],
    "8": [
        [
            (0.5, 0.5),
            (0.35, 0.3),
            (0.5, 0.18),
            (0.65, 0.3),
            (0.35, 0.7),
            (0.5, 0.82),
            (0.65, 0.68),
            (0.5, 0.5),
        ]
    ],
    "9": [[(0.65, 0.3), (0.45, 0.2), (0.35, 0.4), (0.65, 0.42), (0.62, 0.82)]],
}


def write_in(page: Page, place: int, strokes: list[Stroke]) -> None:
    box = page.locator("#hand canvas").nth(place).bounding_box()
    assert box is not None
    shift = place / 100
    for stroke in strokes:
        points = [
            (box["x"] + (x + shift) * box["width"], box["y"] + y * box["height"]) for x, y in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=3)
        page.mouse.up()


def count_of(page: Page, digit: str) -> str:
    return page.locator(f"[data-count='{digit}']").inner_text()


def open_sheet(page: Page, site: str) -> None:
    open_generate(page, site)
    page.locator("#hand canvas").first.scroll_into_view_if_needed()


def test_a_sheet_becomes_a_handwriting_that_writes_any_number(page: Page, site: str) -> None:
    sign_up(page, site)
    open_sheet(page, site)
    for digit in "0123456789":
        expect(page.locator("#hand-ask")).to_contain_text(f"Write a {digit} in each box")
        for place in range(5):
            write_in(page, place, STROKES[digit])
        expect(page.locator(f"[data-count='{digit}']")).to_have_text("full")
        page.get_by_role("button", name="Next digit").click()
    expect(page.get_by_role("button", name="Use this handwriting")).to_be_focused()
    page.reload()  # nothing of it is lost
    expect(page.locator("[data-count='9']")).to_have_text("full")
    page.get_by_role("button", name="Use this handwriting").click()
    told = page.locator("[data-part=there-words]")
    expect(told).to_have_text("Your handwriting is used from now on.")
    expect(told).to_be_focused()
    line = sheet(page, "#made-own")
    expect(line).to_have_attribute("alt", "31415 in your hand")
    expect(page.locator("#hand")).not_to_have_attribute("open", "")
    name, content = download(page, "#made-own", "A picture")
    assert name == "made-digits.png"
    with Image.open(io.BytesIO(content)) as image:
        assert (image.mode, image.info["Source"]) == ("RGBA", "made")
        assert np.asarray(image)[:, :, 3].min() == 0
    name, content = download(page, "#made-own", "A drawing that can be enlarged")
    assert name == "made-digits.svg"
    assert b"<title>3 1 4 1 5</title>" in content
    page.goto(f"{site}/generate?style=mine&text=2026")
    expect(line).to_have_attribute("alt", "2026 in your hand")
    page.goto(f"{site}/generate?style=mine&text=12%2B34")
    expect(page.locator("#made-own .made-words")).to_contain_text("Only the digits 0 to 9")
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_label("A number").fill("0123456789" * 20)
    page.get_by_role("button", name="Write it").click()
    expect(line).to_have_attribute("alt", re.compile("0123456789 in your hand"))
    expect(line).to_be_visible()
    assert (box := line.bounding_box()) is not None
    assert (box["height"], box["width"] > 5000) == (56, True)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Delete the sheet").click()
    expect(page.get_by_text("Your sheet is deleted.")).to_be_in_viewport()
    page.get_by_role("button", name="Write it").click()
    expect(page.locator("#made-own .made-words")).to_contain_text("fewer of: 1, 3, 4, 5.")
    expect(count := page.locator("[data-count='1']")).to_have_text("0 of 5")
    assert count.is_visible()


def test_a_box_is_undone_and_cleared_and_written_by_keys(page: Page, site: str) -> None:
    sign_up(page, site)
    open_sheet(page, site)
    words = page.locator("#hand .made-words")
    page.get_by_role("button", name="Use this handwriting").click()
    expect(words).to_have_text("Write digits in the boxes first.")
    page.locator("[name=hand-digit][value='4']").check()
    write_in(page, 0, STROKES["4"])
    write_in(page, 1, STROKES["4"][:1])
    assert count_of(page, "4") == "2 of 5"
    page.locator("#hand").get_by_role("button", name="Undo").click()
    assert count_of(page, "4") == "1 of 5"
    page.get_by_role("button", name="Clear box 1").click()
    assert count_of(page, "4") == "0 of 5"
    page.get_by_label("Box 1 of 5 for the digit 4").focus()
    for key in ("Space", *["ArrowDown"] * 9, "Space", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_label("Box 2 of 5 for the digit 4")).to_be_focused()
    assert count_of(page, "4") == "1 of 5"
    page.get_by_role("button", name="Use this handwriting").click()
    expect(page.locator("#own")).to_contain_text("fewer than 5 of: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.")
    assert count_of(page, "4") == "1 of 5"  # stays, to be completed
    expect(page.locator("#made-own .made-words")).to_contain_text("fewer of: 1, 3, 4, 5.")
    page.get_by_label("A number").fill("seven")
    page.get_by_role("button", name="Write it").click()
    expect(page.locator("#made-own .made-words")).to_contain_text(
        "Only the digits 0 to 9 can be made"
    )
    expect(sheet(page, "#made-own")).to_be_hidden()


def test_a_sheet_is_sent_in_parts_and_nothing_of_it_is_lost(page: Page, site: str) -> None:
    sign_up(page, site)
    open_sheet(page, site)
    page.locator("[name=hand-digit][value='1']").check()
    for place in range(5):
        write_in(page, place, STROKES["1"])
    page.locator("[name=hand-digit][value='7']").check()
    for place in range(3):
        write_in(page, place, STROKES["7"])
    send = page.get_by_role("button", name="Use this handwriting")
    send.click()
    expect(page.locator("#own")).to_contain_text("fewer than 5 of: 0, 2, 3, 4, 5, 6, 7, 8, 9.")
    expect(page.locator("#hand")).to_have_attribute("open", "")
    for _ in range(2):
        assert [count_of(page, digit) for digit in "017"] == ["0 of 5", "sent", "3 of 5"]
        page.reload()
    page.locator("[name=hand-digit][value='7']").check()
    for place in range(3, 5):
        write_in(page, place, STROKES["7"])
    send.click()
    expect(page.locator("#own")).to_contain_text("fewer than 5 of: 0, 2, 3, 4, 5, 6, 8, 9.")
    page.locator("#hand summary").click()
    assert [count_of(page, digit) for digit in "017"] == ["0 of 5", "sent", "sent"]
    page.get_by_label("A number").fill("17")
    page.get_by_role("button", name="Write it").click()
    expect(sheet(page, "#made-own")).to_have_attribute("alt", "17 in your hand")


def test_a_digit_in_the_wrong_box_is_told_and_can_be_written_again(page: Page, site: str) -> None:
    sign_up(page, site)
    open_sheet(page, site)
    for digit, wrong in (("0", None), ("1", 3)):
        for place in range(5):
            write_in(page, place, STROKES["7" if place == wrong else digit])
        expect(page.locator(f"[data-count='{digit}']")).to_have_text("full")
        page.get_by_role("button", name="Next digit").click()
    page.get_by_role("button", name="Use this handwriting").click()
    told = page.locator("#hand .made-words")
    expect(told).to_contain_text("Box 4 of your 1s reads as a 7.")
    expect(page.locator("[data-count='0']")).to_have_text("sent")
    expect(page.locator("#hand-ask")).to_contain_text("Write a 1 in each box")
    page.get_by_role("button", name="Clear box 4").click()
    expect(page.locator("[data-count='1']")).to_have_text("4 of 5")
    write_in(page, 3, STROKES["1"])
    page.get_by_role("button", name="Use this handwriting").click()
    expect(page.locator("[data-count='1']")).to_have_text("sent")
    expect(told).not_to_contain_text("reads as")


def test_without_a_script_it_is_said_that_the_sheet_needs_one(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_up(page, site)
    page.goto(f"{site}/generate")
    own = page.get_by_role("region", name="Your own handwriting")
    note = own.locator(".without-script")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Writing on the sheet needs JavaScript")
    expect(own.get_by_role("button")).to_have_count(0)
    context.close()


def test_the_number_of_a_link_outlives_the_log_in(page: Page, site: str) -> None:
    sign_up(page, site)
    page.context.clear_cookies()
    page.goto(f"{site}/generate?style=mine&text=2718")
    link = page.get_by_role("region", name="Your own handwriting").get_by_role("link")
    assert (link.get_attribute("href") or "").endswith("next=/generate?style%3Dmine%26text%3D2718")


def test_a_finger_writes_once_it_has_asked(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    open_generate(page, site)
    expect(page.locator("#own").get_by_role("link", name="Log in")).to_be_visible()
    sign_up(page, site)
    open_sheet(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    first = page.locator("#hand canvas").first
    box = first.bounding_box()
    assert box is not None
    assert box["width"] >= 120
    first.tap()
    assert count_of(page, "0") == "0 of 5"
    expect(page.locator("#hand-finger")).to_have_attribute("aria-pressed", "true")
    first.tap()
    assert count_of(page, "0") == "1 of 5"
    context.close()
