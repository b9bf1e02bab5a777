"""How a model of other pictures came to its answer: what is shown, against the model's arrays."""

import base64
import re
from functools import cache, partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cnn.explanation.explain import explain
from cnn.explanation.result import PictureExplanation
from cnn.models.model_file import CATS_DOGS_MODEL, load_model
from tests.app.pictures import photograph_of

from .drawing import encoded
from .test_explain import chosen_map, number, numbers, open_layer, place_shown, terms
from .test_models import DROP, choose

COUNT = 18  # layers
EMPTY_CANVAS = """(canvas) => canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.every((value) => value === 0)"""


@cache
def own_explanation(animal: str = "dog") -> PictureExplanation:
    found = explain(load_model(CATS_DOGS_MODEL), photograph_of(animal))
    assert isinstance(found, PictureExplanation)
    return found


def likeliest(found: PictureExplanation) -> str:
    return found.model.classes[int(found.probabilities.argmax())]


def explain_dropped(page: Page, site: str, animal: str = "dog") -> None:
    """Drop a photograph on the page of the model, and follow the link to its explanation."""
    page.goto(f"{site}/models/cats-dogs")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    page.evaluate(DROP, base64.b64encode(photograph_of(animal)).decode())
    page.get_by_role("link", name="Explain this answer").click()
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")


def expect_answer(page: Page, animal: str = "dog") -> None:
    found = own_explanation(animal)
    expect(page.locator("#verdict")).to_contain_text(likeliest(found))
    expect(page.locator(".bar.is-winner .bar-digit")).to_have_text(likeliest(found))
    percent = f"{found.probabilities.max() * 100:.1f}"
    expect(page.locator(".bar.is-winner .bar-percent")).to_contain_text(percent)


def test_from_a_photograph_to_its_explanation_and_back(page: Page, site: str) -> None:
    explain_dropped(page, site)
    assert page.url == f"{site}/explain?model=cats-dogs"
    expect(page.get_by_alt_text("The picture that is explained")).to_be_visible()
    expect_answer(page)
    found = own_explanation()
    titles = []
    for index in range(1, COUNT + 1):
        open_layer(page, index)
        titles.append(page.locator("#layer-title").inner_text())
    assert titles[0] == "Convolution"
    assert titles[-3:] == ["Global average", "Dense layer", "Sigmoid"]
    share = f"{found.probabilities[1] * 100:.1f}"
    expect(page.locator("#vector .terms")).to_contain_text("probability of dogs")
    expect(page.locator("#vector .terms")).to_contain_text(share)
    page.reload()
    expect_answer(page)
    page.get_by_role("link", name="Cats or dogs?").click()
    expect(page.get_by_role("heading", name="Cats or dogs?")).to_be_visible()
    for _ in range(2):
        expect(page.locator("#picture img")).to_be_visible()
        expect_answer(page)
        page.reload()


def test_the_way_to_the_input_is_shown_with_its_three_colours(page: Page, site: str) -> None:
    explain_dropped(page, site)
    headings = page.locator(".stage h3").all_inner_texts()
    assert headings == ["The picture", "Cut out", "Scaled", "Red", "Green", "Blue"]
    expect(page.locator("#stages")).to_contain_text("32 × 32 pixels")
    page.locator("#tab-0").click()
    expect(page.locator("#layer-words")).to_contain_text("3,072 numbers")
    expect(page.locator("#layer-words")).to_contain_text("red, green and blue")
    green = page.get_by_role("radio", name="Green", exact=True)
    green.click()
    expect(page.locator("#map-out-words")).to_have_text("Green: 32 × 32 pixels")
    row, column = place_shown(page)
    expected = float(own_explanation().maps_of(0)[row, column, 1])
    assert terms(page) == [pytest.approx(expected, abs=6e-4)]
    expect(page.locator("#terms")).to_contain_text("Green at this pixel")


def test_the_kernels_of_the_three_colours_add_up(page: Page, site: str) -> None:
    explain_dropped(page, site)
    open_layer(page, 1)
    page.locator("#map-out").focus()
    before = page.locator("#place").inner_text()
    page.keyboard.press("ArrowDown" if place_shown(page)[0] < 16 else "ArrowUp")
    expect(page.locator("#place")).not_to_have_text(before)
    found, (row, column), chosen = own_explanation(), place_shown(page), chosen_map(page)
    params = found.blocks[0].layer.params
    padded = np.pad(found.maps_of(0), ((1, 1), (1, 1), (0, 0)))
    patch = padded[row : row + 3, column : column + 3]
    parts = (patch * params["weight"][..., chosen]).sum(axis=(0, 1))
    expected = [*parts, params["bias"][chosen], parts.sum() + params["bias"][chosen]]
    close = partial(pytest.approx, abs=2e-3)
    assert terms(page)[:5] == close(expected)
    assert expected[-1] == close(float(found.maps_of(1)[row, column, chosen]))
    assert numbers(page.locator("#channel-sums .channel")) == close(parts, abs=6e-3)
    for name in ("Red", "Green", "Blue"):
        expect(page.locator("#terms")).to_contain_text(name)
    page.get_by_role("radio", name=re.compile("^Blue: ")).click()
    expect(page.locator("#sum-channel")).to_contain_text("Blue adds")
    expect(page.locator("#map-in-words")).to_have_text("Blue in the picture")
    shown = numbers(page.locator("#sum-patch .cell"))
    assert shown == pytest.approx(patch[:, :, 2].ravel(), abs=6e-3)


def test_one_score_is_explained_as_that_of_both_classes(page: Page, site: str) -> None:
    explain_dropped(page, site)
    open_layer(page, COUNT - 1)
    found = own_explanation()
    score = float(found.maps_of(COUNT - 1)[0])
    expect(page.locator("#layer-words")).to_contain_text("One score for two classes")
    assert terms(page, "#vector") == [pytest.approx(score, abs=6e-4)]
    assert sum(numbers(page.locator("#vector .weights-product"))) == pytest.approx(score, abs=0.01)
    open_layer(page, COUNT)
    expect(page.locator("#layer-facts")).to_contain_text("1 number ·")
    shown = page.locator("#vector tbody td:first-of-type").all_inner_texts()
    percents = [number(text.lstrip(">").split("\u00a0")[0]) for text in shown]
    assert percents == pytest.approx(found.probabilities * 100, abs=0.06)
    words = "above zero" if score > 0 else "not above zero"
    expect(page.locator("#vector .vector-words")).to_contain_text(words)


def test_the_evidence_lies_over_the_picture(page: Page, site: str) -> None:
    explain_dropped(page, site)
    name = likeliest(own_explanation())
    expect(page.locator(".why-winner")).to_contain_text(name)
    expect(page.locator("#why-mirror")).to_contain_text(f"what speaks for {name} speaks against")
    canvases = page.locator("#why canvas:visible")
    expect(canvases).to_have_count(2)
    for canvas in canvases.all():
        words = canvas.get_attribute("aria-label")
        assert words
        assert name in words
        assert "ink" not in words.split()
        size = canvas.evaluate("({ width, height }) => [width, height]")
        assert size == [32, 32]


def test_nothing_is_said_of_ink_and_digits(page: Page, site: str) -> None:
    explain_dropped(page, site)
    for index in (0, 1, 2, COUNT - 2, COUNT - 1, COUNT):
        page.locator(f"#tab-{index}").click()
        expect(page.locator("#layer")).to_have_attribute("data-state", "shown")
        text = page.locator("#main").inner_text()
        assert re.findall(r"\b(ink|digits?|paper|draw)\b", text, re.IGNORECASE) == []


def test_another_picture_can_be_chosen_here(page: Page, site: str) -> None:
    explain_dropped(page, site)
    expect_answer(page, "dog")
    choose(page, photograph_of("cat"))
    expect_answer(page, "cat")
    page.get_by_role("link", name="Cats or dogs?").click()
    expect_answer(page, "cat")


def test_without_a_picture_there_is_an_invitation(page: Page, site: str) -> None:
    page.goto(f"{site}/explain?model=cats-dogs")
    expect(page.locator("#verdict")).to_contain_text("There is no picture here yet")
    expect(page.locator("#stages")).to_be_hidden()
    choose(page, photograph_of("dog"))
    expect_answer(page)
    expect(page.locator("#stages")).to_be_visible()


def test_a_picture_of_a_model_is_not_shown_elsewhere(page: Page, site: str) -> None:
    explain_dropped(page, site)
    page.goto(f"{site}/")
    expect(page.locator("#main")).to_have_attribute("data-mode", "draw")
    page.goto(f"{site}/explain?sent=1")
    expect(page.locator("#verdict")).to_contain_text("could not be brought here")


def test_what_is_no_picture_is_said(page: Page, site: str) -> None:
    explain_dropped(page, site)
    choose(page, b"not a picture")
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "problem")
    expect(page.locator("#main")).to_have_attribute("data-state", "stale")
    expect(page.locator(".verdict-warning")).to_contain_text("the picture before")


def test_what_shows_none_of_the_classes_is_said(page: Page, site: str) -> None:
    page.goto(f"{site}/explain?model=cats-dogs")
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    content = encoded(Image.fromarray(noise), "PNG")
    found = explain(load_model(CATS_DOGS_MODEL), content)
    assert isinstance(found, PictureExplanation)
    assert found.found.is_none
    choose(page, content)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    expect(page.locator("#verdict")).to_contain_text("none of these")
    expect(page.locator("#verdict")).to_contain_text(f"had to choose: {likeliest(found)}")
    expect(page.locator(".why-winner")).to_contain_text("what it would say")


def test_it_is_all_reached_by_keyboard(page: Page, site: str) -> None:
    explain_dropped(page, site)
    page.locator("#tab-1").focus()
    page.keyboard.press("End")
    expect(page.locator(f"#tab-{COUNT}")).to_be_focused()
    expect(page.locator("#layer-title")).to_have_text("Sigmoid")
    page.keyboard.press("Home")
    expect(page.locator("#layer-title")).to_have_text("The picture")
    expect(page.locator("#maps")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#maps [aria-checked=true]")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("radio", name="Blue", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("#map-out")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#step-spoken")).to_contain_text("column 1:")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_the_page_is_no_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    explain_dropped(page, site)
    for index in (0, 1, 5, COUNT - 2, COUNT - 1, COUNT):
        page.locator(f"#tab-{index}").click()
        expect(page.locator("#layer")).to_have_attribute("data-state", "shown")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_is_printed_whole_and_light(browser: Browser, site: str) -> None:
    page = browser.new_context(color_scheme="dark").new_page()
    explain_dropped(page, site)
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("body")).to_have_css("color", "rgb(27, 25, 23)")
    tabs = page.locator(".river-tab")
    expect(tabs).to_have_count(COUNT + 1)
    for tab in (tabs.first, tabs.last):
        expect(tab).to_be_visible()
    for name in ("winner-occlusion", "winner-gradient"):
        empty = page.locator(f"[data-figure={name}] canvas").evaluate(EMPTY_CANVAS)
        assert not empty
    page.context.close()
