"""The page of a model of other pictures, in a browser."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from cnn.reading.classifier import classify

DROP = """(base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "photo.png", { type: "image/png" }));
    dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
}"""


def photograph(seed: int) -> bytes:
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 7, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(coarse).resize((140, 100), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


def choose(page: Page, content: bytes, name: str = "photo.png") -> None:
    file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    page.locator("input[data-pictures]").first.set_input_files(file)


def test_a_picture_is_named(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name="Other models").click()
    page.get_by_role("link", name="cats-dogs", exact=True).click()
    expect(page.get_by_role("heading", name="Cats or dogs?")).to_be_visible()
    for seed in (0, 1):
        found = classify(load_model(CATS_DOGS_MODEL), photograph(seed))
        choose(page, photograph(seed))
        expect(page.locator(".verdict-words")).to_contain_text(found.name)
        expect(page.locator(".verdict-detail")).to_contain_text(f"{found.confidence * 100:.1f}")
        expect(page.locator(".bar.is-winner .bar-digit")).to_have_text(found.name)
        expect(page.get_by_alt_text("The picture as the network sees it")).to_be_visible()


def test_a_picture_can_be_dropped(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    page.evaluate(DROP, base64.b64encode(photograph(0)).decode())
    expect(page.locator(".bar.is-winner")).to_have_count(1)


def test_what_is_no_picture_leaves_no_answer(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    choose(page, photograph(0))
    expect(page.locator(".bar.is-winner")).to_have_count(1)
    choose(page, b"not a picture")
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "problem")
    expect(page.locator(".bar.is-winner")).to_have_count(0)
    expect(page.locator("#seen")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in ("/models", "/models/cats-dogs"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
