"""What a hand does on the page, for the tests in this folder."""

import io
import json
import math
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

Stroke = list[tuple[float, float]]

SEVEN: list[Stroke] = [
    [(0.3, 0.24), (0.5, 0.235), (0.69, 0.24), (0.6, 0.42), (0.52, 0.6), (0.46, 0.8)]
]
ONE: list[Stroke] = [[(0.53, 0.2), (0.52, 0.4), (0.5, 0.6), (0.49, 0.8)]]
ZERO: list[Stroke] = [
    [
        (0.5 + 0.18 * math.sin(turn * math.tau / 24), 0.5 - 0.29 * math.cos(turn * math.tau / 24))
        for turn in range(25)
    ]
]
SCRIBBLE: list[Stroke] = [
    [(0.2, 0.8), (0.5, 0.15), (0.8, 0.8)],
    [(0.3, 0.55), (0.7, 0.55)],
    [(0.15, 0.15), (0.85, 0.15)],
    [(0.2, 0.3), (0.2, 0.8), (0.75, 0.35)],
]
DIGITS = {0: ZERO, 1: ONE, 7: SEVEN}


def draw(page: Page, strokes: list[Stroke]) -> None:
    """Draw on the paper with the mouse; points are in units of the paper's side."""
    for stroke in strokes:
        (x, y), *rest = [place(page, point) for point in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=4)
        page.mouse.up()


def place(page: Page, point: tuple[float, float]) -> tuple[float, float]:
    """Where on the screen a point of the paper is."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def open_page(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    # Chromium drops what the mouse does before a page's first frame.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def verdict(page: Page) -> Locator:
    return page.locator("#verdict")


def expect_digit(page: Page, digit: int) -> None:
    expect(verdict(page).locator(".verdict-digit")).to_have_text(str(digit))
    expect(verdict(page)).to_have_attribute("data-kind", "digit")


def expect_nothing_invented(page: Page) -> None:
    expect(verdict(page).locator(".verdict-digit")).to_be_empty()
    expect(page.locator(".bar.is-winner")).to_have_count(0)
    expect(page.locator(".seen-picture")).to_have_count(0)


def kept_strokes(page: Page) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = json.loads(
        page.evaluate("sessionStorage.getItem('digitnet.drawing') ?? '[]'")
    )
    return kept


def ink_on_screen(page: Page) -> int:
    """Count the pixels of the paper that carry ink, once it has been painted."""
    count: int = page.evaluate(
        """async () => {
            await new Promise(requestAnimationFrame);
            const paper = document.getElementById("pad");
            const copy = new OffscreenCanvas(paper.width, paper.height);
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(paper, 0, 0);
            const { data } = context.getImageData(0, 0, copy.width, copy.height);
            return data.filter((value, i) => i % 4 === 3 && value > 200).length;
        }"""
    )
    return count


def record_sent_pictures(page: Page) -> None:
    """Note what the page sends; the browser's own record leaves out bodies that are blobs."""
    page.add_init_script(
        """const send = window.fetch;
        window.sent = [];
        window.fetch = (url, options) => {
            if (options?.body instanceof Blob) {
                const bytes = options.body.arrayBuffer();
                window.sent.push(bytes.then((b) => Array.from(new Uint8Array(b))));
            }
            return send(url, options);
        };"""
    )


def last_sent_picture(page: Page) -> bytes:
    return bytes(page.evaluate("sent.at(-1)"))


def picture_of(
    *digits: int, side: int = 300, image_format: str = "PNG", **options: object
) -> bytes:
    """Encode a picture of digits side by side, black on white, each in a square of its own."""
    picture = Image.new("L", (side * len(digits), side), 255)
    pen = ImageDraw.Draw(picture)
    thickness = side // 16
    for i, digit in enumerate(digits):
        for stroke in DIGITS[digit]:
            points = [((i + x) * side, y * side) for x, y in stroke]
            for start, end in pairwise(points):
                pen.line([start, end], fill=0, width=thickness)
            for x, y in points:
                r = thickness / 2
                pen.ellipse([x - r, y - r, x + r, y + r], fill=0)
    return encoded(picture, image_format, **options)


def encoded(picture: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue()
