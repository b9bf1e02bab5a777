"""The page of a model of other pictures, in a browser."""

from __future__ import annotations

import base64
import io
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from cnn.models.model_file import CATS_DOGS_MODEL, load_model, save_model
from cnn.reading.classifier import classify
from tests.app.pictures import photograph_of

from .live_server import LiveServer
from .people import sign_up

DROP = """(base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "photo.png", { type: "image/png" }));
    dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
}"""


def choose(page: Page, content: bytes, name: str = "photo.png") -> None:
    file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    page.locator("input[data-pictures]").first.set_input_files(file)


def test_a_picture_is_named(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name="Other models").click()
    page.get_by_role("link", name="cats-dogs", exact=True).click()
    expect(page.get_by_role("heading", name="Cats or dogs?")).to_be_visible()
    for animal in ("cat", "dog"):
        found = classify(load_model(CATS_DOGS_MODEL), photograph_of(animal))
        choose(page, photograph_of(animal))
        expect(page.locator(".verdict-words")).to_contain_text(found.name)
        expect(page.locator(".verdict-detail")).to_contain_text(f"{found.confidence * 100:.1f}")
        expect(page.locator(".bar.is-winner .bar-digit")).to_have_text(found.name)
        expect(page.get_by_alt_text("The picture as the network sees it")).to_be_visible()


def test_a_picture_can_be_dropped(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    page.evaluate(DROP, base64.b64encode(photograph_of("cat")).decode())
    expect(page.locator(".bar.is-winner")).to_have_count(1)


def test_what_is_no_picture_leaves_no_answer(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    choose(page, photograph_of("cat"))
    expect(page.locator(".bar.is-winner")).to_have_count(1)
    choose(page, b"not a picture")
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "problem")
    expect(page.locator(".bar.is-winner")).to_have_count(0)
    expect(page.locator("#seen")).to_be_hidden()


def test_what_is_neither_is_said(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    noise = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(noise, "PNG")
    choose(page, noise.getvalue())
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    expect(page.locator(".verdict-words")).to_have_text(
        "This seems to show none of these: cats, dogs."
    )
    expect(page.locator(".verdict-detail")).to_contain_text("If it had to choose:")


def test_the_card_shows_how_it_learned(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    expect(page.get_by_role("img", name="Accuracy over 40 epochs")).to_be_visible()
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name="Loss").get_by_role("row")).to_have_count(41)


@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_is_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in ("/models", "/models/cats-dogs"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_administrator_goes_back_to_the_version_before(
    page: Page, own_server: LiveServer, tmp_path: Path
) -> None:
    name = sign_up(page, own_server.url)
    path = tmp_path / "model.dnm"
    save_model(replace(load_model(), metadata={"name": "digits-2"}), path)
    for command in (
        ("make-admin", name),
        ("model", "add", str(path)),
        ("model", "put-in-service", "digits-2", "--reason", "It reads our pupils better."),
    ):
        own_server.command(*command)
    page.goto(f"{own_server.url}/models/digits/versions")
    expect(page.get_by_text("digits-2 gives the answers now.")).to_be_visible()
    expect(page.get_by_text("It reads our pupils better.")).to_be_visible()
    page.get_by_label("Why?").first.fill("It takes crossed 7s for 4s.")
    page.get_by_role("button", name="Put it back in service").click()
    expect(page.get_by_text("digits-1 gives the answers now.")).to_be_visible()
    expect(page.get_by_text("It takes crossed 7s for 4s.")).to_be_visible()
    expect(page.get_by_role("heading", name="Go back to digits-2")).to_be_visible()
    until = time.monotonic() + 60
    while page.request.get(f"{own_server.url}/status").json()["models"]["digits"] != "digits-1":
        assert time.monotonic() < until
        page.wait_for_timeout(100)
