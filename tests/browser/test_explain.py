"""The page that explains, in a browser: what it shows is compared with the model's own arrays."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from cnn import load_model
from cnn.explanation.explain import explain_digit
from cnn.explanation.result import Explanation
from tests.app.pictures import draw as draw_strokes
from tests.app.pictures import encode

from .drawing import (
    ONE,
    SEVEN,
    draw,
    expect_digit,
    last_sent_picture,
    record_sent_pictures,
)
from .explaining import BAR, from_the_drawing_page, open_explain

UP_AND_DOWN, LEFT_AND_RIGHT = ["ArrowUp", "ArrowDown"], ["ArrowLeft", "ArrowRight"]


def open_layer(page: Page, index: int) -> None:
    page.locator(f"#tab-{index}").click()
    expect(page.locator("#layer-facts")).to_contain_text(f"Layer {index} ")
    expect(page.locator("#step")).to_be_visible()


def own_explanation(page: Page) -> Explanation:
    """Let the model explain the very picture that the page sent."""
    return explain_digit(load_model(), last_sent_picture(page))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def numbers(cells: Locator) -> list[float]:
    return [number(text) for text in cells.all_inner_texts()]


def terms(page: Page, place: str = "#terms") -> list[float]:
    """Return the numbers of the sum that is shown, with the signs that stand before them."""
    found = []
    for term in page.locator(f"{place} .term").all():
        sign = term.locator(".term-sign")
        value = number(term.locator(".term-value").inner_text())
        found.append(-value if sign.count() and sign.inner_text() == "−" else value)
    return found


def place_shown(page: Page) -> tuple[int, int]:
    match = re.fullmatch(r"row (\d+), column (\d+)", page.locator("#place").inner_text())
    assert match
    return int(match[1]) - 1, int(match[2]) - 1


def chosen_map(page: Page) -> int:
    label = page.locator('#maps [aria-checked="true"]').get_attribute("aria-label")
    assert label
    return int(label.removeprefix("Map ")) - 1


@pytest.mark.parametrize("index", [1, 3, 13])
def test_a_convolution_adds_up_to_the_networks_own_number(
    page: Page, site: str, index: int
) -> None:
    record_sent_pictures(page)
    from_the_drawing_page(page, site)
    open_layer(page, index)
    found = own_explanation(page)
    block = found.blocks[index - 1]
    canvas = page.locator("#map-out")
    canvas.focus()
    middle = block.layer.output_shape[0] // 2
    for axis, keys in ((0, UP_AND_DOWN), (0, UP_AND_DOWN), (1, LEFT_AND_RIGHT), (1, ["Home"] * 2)):
        before = page.locator("#place").inner_text()
        page.keyboard.press(keys[place_shown(page)[axis] < middle])
        expect(page.locator("#place")).not_to_have_text(before)
        (row, column), chosen = place_shown(page), chosen_map(page)
        own = float(found.maps_of(index)[row, column, chosen])
        total, bias, value, after = terms(page)
        assert value == pytest.approx(own, abs=6e-4)
        assert after == pytest.approx(max(0.0, own), abs=6e-4)
        assert total + bias == pytest.approx(own, abs=2e-3)
        assert bias == pytest.approx(float(block.layer.params["bias"][chosen]), abs=6e-4)
    channels = block.input_shape[2]
    if channels > 1:
        sums = numbers(page.locator("#channel-sums .channel"))
        assert len(sums) == channels
        assert sum(sums) == pytest.approx(total, abs=0.005 * channels)
        page.locator("#channel-sums .channel").nth(4).click()
        expect(page.locator("#sum-channel")).to_contain_text("Map 5 adds")
    channel = 4 if channels > 1 else 0
    padded = np.pad(found.maps_of(index - 1)[:, :, channel], 1)
    patch = padded[row : row + 3, column : column + 3]
    kernel = block.layer.params["weight"][:, :, channel, chosen]
    close = partial(pytest.approx, rel=0.01, abs=0.006)
    assert numbers(page.locator("#sum-patch .cell")) == close(patch.ravel())
    assert numbers(page.locator("#sum-kernel .cell")) == close(kernel.ravel())
    products = numbers(page.locator("#sum-products .cell"))
    assert products == close((patch * kernel).ravel())


def test_pooling_shows_which_number_won(page: Page, site: str) -> None:
    record_sent_pictures(page)
    from_the_drawing_page(page, site)
    open_layer(page, 5)
    found = own_explanation(page)
    (row, column), chosen = place_shown(page), chosen_map(page)
    window = found.maps_of(4)[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, chosen]
    shown = page.locator("#sum-numbers .cell")
    assert numbers(shown) == pytest.approx(window.ravel(), rel=0.01, abs=0.006)
    winner = number(page.locator("#sum-numbers .is-marked").inner_text())
    assert winner == pytest.approx(float(window.max()), rel=0.01, abs=0.006)


def test_relu_the_average_the_scores_and_softmax_are_the_networks_own(
    page: Page, site: str
) -> None:
    record_sent_pictures(page)
    from_the_drawing_page(page, site)
    open_layer(page, 2)
    found = own_explanation(page)
    (row, column), chosen = place_shown(page), chosen_map(page)
    after = number(page.locator("#terms .term-value").last.inner_text())
    assert after == pytest.approx(float(found.maps_of(2)[row, column, chosen]), abs=6e-4)
    open_layer(page, 15)
    page.locator("#maps button").nth(7).click()
    total, count, mean = terms(page, "#vector")
    assert count == 49
    assert mean == pytest.approx(float(found.maps_of(15)[7]), abs=6e-4)
    assert total / count == pytest.approx(mean, abs=1e-3)
    open_layer(page, 16)
    products = numbers(page.locator("#vector .weights-product"))
    assert terms(page, "#vector") == pytest.approx([found.scores[7]], abs=6e-4)
    assert sum(products) == pytest.approx(float(found.scores[7]), abs=0.01)
    open_layer(page, 17)
    scores = numbers(page.locator("#vector tbody td:nth-child(2)"))
    assert scores == pytest.approx(found.scores, abs=6e-4)
    shown = page.locator("#vector tbody td:nth-child(6)").all_inner_texts()
    percents = [float(text.lstrip(">").split("\u00a0")[0]) for text in shown]
    assert percents == pytest.approx(found.probabilities * 100, abs=0.06)


def test_everything_can_be_reached_by_keyboard(page: Page, site: str) -> None:
    open_explain(page, site)
    page.keyboard.press("]")
    expect(page.get_by_role("button", name="Thick", pressed=True)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("on a map: play, pause")).to_be_visible()
    page.locator("#tab-1").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-2")).to_be_focused()
    expect(page.locator("#layer-title")).to_have_text("ReLU")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#layer-title")).to_have_text("Convolution")
    expect(page.locator("#maps")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#maps [aria-checked=true]")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Map 2", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("#map-out")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#step-spoken")).to_contain_text("column 1:")


def test_it_plays_pauses_and_steps(page: Page, site: str) -> None:
    open_explain(page, site)
    open_layer(page, 1)
    before = place_shown(page)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#place")).not_to_have_text(f"row {before[0] + 1}, column {before[1] + 1}")
    page.get_by_role("button", name="Pause").click()
    row, column = place_shown(page)
    page.get_by_role("button", name="Next number").click()
    expect(page.locator("#place")).to_have_text(f"row {row + 1}, column {column + 2}")
    page.get_by_role("button", name="Previous number").click()
    expect(page.locator("#place")).to_have_text(f"row {row + 1}, column {column + 1}")


def test_nothing_plays_for_those_who_ask_for_stillness(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_explain(page, site)
    open_layer(page, 1)
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.get_by_role("button", name="Next number")).to_be_visible()


def test_a_stage_left_out_shows_what_it_is_good_for(page: Page, site: str) -> None:
    record_sent_pictures(page)
    from_the_drawing_page(page, site)
    expect(page.locator("#with-less")).to_be_hidden()
    page.get_by_label("Remove the paper").uncheck()
    expect(page.locator("#with-less")).to_be_visible()
    own = explain_digit(load_model(), last_sent_picture(page), without=["ink"])
    best = int(own.probabilities.argmax())
    words = page.locator("#with-less .comparison-words").inner_text()
    assert f" {best}, " in words
    assert f"{own.probabilities[best] * 100:.1f}" in words
    expect(page.locator("#with-all .comparison-words")).to_contain_text("a 7")
    page.get_by_label("Remove the paper").check()
    expect(page.locator("#with-less")).to_be_hidden()


def test_a_blank_page_is_explained(page: Page, site: str) -> None:
    record_sent_pictures(page)
    open_explain(page, site)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    expect(page.locator("#verdict .verdict-digit")).to_be_empty()
    expect(page.locator("#refused")).to_contain_text("cannot say")
    digit = int(own_explanation(page).probabilities.argmax())
    words = f"network alone would say a{'n' * (digit == 8)}"
    expect(page.locator("#verdict")).to_contain_text(words)
    open_layer(page, 3)
    expect(page.locator("#why")).to_contain_text("Nothing could be covered")


def test_why_is_told_in_words_for_the_winner_and_the_runner_up(page: Page, site: str) -> None:
    record_sent_pictures(page)
    from_the_drawing_page(page, site)
    first, second = (evidence.index for evidence in own_explanation(page).evidence)
    expect(page.get_by_role("heading", name=f"The {first} the answer")).to_be_visible()
    heading = page.get_by_role("heading", name="What would have made it a")
    expect(heading).to_contain_text(str(second))
    for canvas in page.locator("#why canvas").all():
        assert canvas.get_attribute("aria-label")


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_the_page_is_no_wider_than_the_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_explain(page, site)
    for index in (1, 3, 15, 16, 17, 0):
        page.locator(f"#tab-{index}").click()
        expect(page.locator("#step")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_long_number_makes_it_no_wider(page: Page, site: str, width: int) -> None:
    sevens = [[(x, 20), (x + 22, 20), (x + 8, 60)] for x in range(20, 2420, 40)]
    picture = encode(draw_strokes(*sevens, size=(2440, 80), width=5))
    page.set_viewport_size({"width": width, "height": 800})
    open_explain(page, site)
    page.locator("#choose").set_input_files(
        {"name": "long.png", "mimeType": "image/png", "buffer": picture}
    )
    expect(page.locator("#digits")).to_contain_text("60 digits were read")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_is_light_before_anything_is_opened(page: Page, site: str) -> None:
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    open_explain(page, site)
    page.wait_for_load_state("networkidle")
    assert 0 < sum(request.sizes()["responseBodySize"] for request in finished) < 150_000


def test_files_are_short() -> None:
    root = Path(__file__).resolve().parents[2] / "static"
    for path in (*root.glob("js/features/explain/*.js"), *root.glob("css/pages/explain*.css")):
        assert len(path.read_text().splitlines()) < 400, path


def test_on_a_wide_screen_the_paper_stays_beside_the_stages(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 740})
    open_explain(page, site)
    for stage in page.locator(".stage").all():
        stage.evaluate("(stage) => stage.scrollIntoView({ block: 'center' })")
        expect(page.locator("#pad")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Clear").click()
    draw(page, SEVEN)
    expect_digit(page, 7)
    assert page.evaluate("scrollY") > 0
    # What comes after the stages has the whole width.
    box = page.locator(".chapter", has=page.locator("#network-title")).bounding_box()
    assert box is not None
    assert box["width"] > 1000


@pytest.mark.parametrize("size", [(1024, 768), (1280, 640), (1280, 740), (1920, 1080)])
def test_on_wide_screens_too_paper_and_answer_stay_in_sight(
    page: Page, site: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_explain(page, site)
    network = page.locator("#network-title")
    place = "(title) => title.getBoundingClientRect().y + scrollY"
    before = network.evaluate(place)
    main = page.locator(".explain-head").bounding_box()
    assert main is not None
    for title in (network, page.locator("#why-title")):
        title.evaluate("(title) => title.scrollIntoView()")
        expect(page.locator(".opening")).to_have_class("opening is-past")
        assert network.evaluate(place) == pytest.approx(before, abs=1)
        paper, answer = (page.locator(part).bounding_box() for part in ("#pad", "#verdict"))
        shown = title.bounding_box()
        assert paper is not None
        assert answer is not None
        assert shown is not None
        assert paper["x"] == pytest.approx(main["x"], abs=2)
        assert max(box["y"] + box["height"] for box in (paper, answer)) <= BAR <= shown["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".opening")).to_have_class("opening")
    assert network.evaluate(place) == pytest.approx(before, abs=1)
    network.evaluate("(title) => title.scrollIntoView()")
    expect(page.locator(".opening")).to_have_class("opening is-past")
    page.keyboard.press("c")
    draw(page, ONE)
    expect_digit(page, 1)
