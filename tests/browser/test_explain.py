"""The page that explains, in a browser: what it shows is compared with the model's own arrays."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, FloatRect, Locator, Page, Request, expect

from benchmarks.attack.hostile import sevens
from cnn import load_model
from cnn.explanation.explain import explain
from cnn.explanation.result import Explanation

from .drawing import (
    ONE,
    SEVEN,
    draw,
    encoded,
    expect_digit,
    kept_strokes,
    last_sent_picture,
    open_page,
    picture_of,
    record_sent_pictures,
)
from .people import keep_digit, sign_up

UP_AND_DOWN, LEFT_AND_RIGHT = ["ArrowUp", "ArrowDown"], ["ArrowLeft", "ArrowRight"]
LINK = "Explain this answer"


def open_explain(page: Page, site: str, query: str = "") -> None:
    page.goto(f"{site}/explain{query}")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")


def from_the_drawing_page(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    page.get_by_role("link", name=LINK).click()
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect_digit(page, 7)


def open_layer(page: Page, index: int) -> None:
    page.locator(f"#tab-{index}").click()
    expect(page.locator("#layer-facts")).to_contain_text(f"Layer {index} ")
    expect(page.locator("#step")).to_be_visible()


def own_explanation(page: Page) -> Explanation:
    """Let the model explain the very picture that the page sent."""
    return explain(load_model(), last_sent_picture(page))


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


def meant_box(page: Page) -> FloatRect:
    box = page.locator(".mark.is-meant").bounding_box()
    assert box is not None
    return box


def chosen_map(page: Page) -> int:
    label = page.locator('#maps [aria-checked="true"]').get_attribute("aria-label")
    assert label
    return int(label.removeprefix("Map ")) - 1


def test_the_drawing_travels_along_and_follows_each_stroke(page: Page, site: str) -> None:
    from_the_drawing_page(page, site)
    expect(page.locator(".stage")).not_to_have_count(0)
    page.keyboard.press("e")
    draw(page, SEVEN)
    draw(page, SEVEN)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect_digit(page, 7)
    assert len(kept_strokes(page)) == 1


def test_nothing_to_explain_is_an_invitation_and_an_example(page: Page, site: str) -> None:
    open_explain(page, site)
    expect_digit(page, 3)
    expect(page.get_by_text("This 3 is only an example")).to_be_visible()
    assert kept_strokes(page) == []
    page.get_by_role("button", name="Draw your own digit").click()
    expect(page.locator("#pad")).to_be_focused()
    draw(page, ONE)
    expect_digit(page, 1)
    expect(page.get_by_text("This 3 is only an example")).to_be_hidden()


def test_the_first_stroke_replaces_the_example(page: Page, site: str) -> None:
    open_explain(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    assert len(kept_strokes(page)) == 1
    page.keyboard.press("z")
    expect_digit(page, 3)
    expect(page.get_by_text("This 3 is only an example")).to_be_visible()
    # An eraser works on the example: the page invites to it.
    page.keyboard.press("e")
    draw(page, [[(0.3, 0.6), (0.7, 0.6)]])
    assert [stroke["tool"] for stroke in kept_strokes(page)] == ["pen", "pen", "eraser"]


def test_a_picture_that_was_sent_travels_along(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "seven.png", "mimeType": "image/png", "buffer": picture_of(7)}
    page.locator("#choose").set_input_files(file)
    expect_digit(page, 7)
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_alt_text("The picture that is explained")).to_be_visible()
    expect_digit(page, 7)
    page.get_by_role("button", name="Draw instead").click()
    expect(page.locator("#pad")).to_be_visible()
    expect_digit(page, 3)


def test_each_digit_of_a_picture_can_be_explained(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "both.png", "mimeType": "image/png", "buffer": picture_of(1, 7)}
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    expect_digit(page, 1)
    expect(page.locator("#digits")).to_contain_text("17: 2 digits were read")
    expect(page.locator(".mark")).to_have_count(2)
    expect(page.locator(".verdict-detail")).to_contain_text("the 1st digit of 17")
    first = meant_box(page)
    page.get_by_alt_text("Explain digit number 2").click()
    expect_digit(page, 7)
    assert meant_box(page)["x"] > first["x"] + first["width"] / 2
    # A digit is chosen by keyboard, and the choice stays where it was.
    expect(page.locator(".digit-choice").nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect_digit(page, 1)


def test_a_drawing_of_several_digits_has_a_choice_too(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, [[(x / 2, y) for x, y in ONE[0]], [(0.45 + x / 2, y) for x, y in SEVEN[0]]])
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    expect_digit(page, 1)
    page.get_by_alt_text("Explain digit number 2").click()
    expect_digit(page, 7)
    draw(page, [])
    page.keyboard.press("z")
    expect(page.locator("#digits")).to_be_hidden()
    expect(page.locator(".mark")).to_have_count(0)


def test_what_is_refused_is_explained_as_refused(page: Page, site: str) -> None:
    letter = Image.new("L", (280, 280), 255)
    font = ImageFont.load_default(200)
    ImageDraw.Draw(letter).text((140, 140), "A", 0, font, anchor="mm")
    file: FilePayload = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": encoded(letter, "PNG"),
    }
    open_page(page, site)
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    words = page.locator(".verdict-words").inner_text()
    page.get_by_role("link", name=LINK).click()
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    expect(page.locator(".verdict-words")).to_have_text(words)
    expect(page.locator(".verdict-digit")).to_be_empty()
    expect(page.locator("#doubt-words")).to_contain_text("points")
    expect(page.locator(".mark.is-meant")).to_have_count(1)


def test_an_answer_that_is_out_of_date_is_marked(page: Page, site: str) -> None:
    open_explain(page, site)
    page.route("**/explain", lambda route: route.fulfill(status=400))
    draw(page, ONE)
    expect(page.locator("#main")).to_have_attribute("data-state", "stale")
    expect(page.locator(".verdict-warning")).to_contain_text("the digit before")
    page.unroute("**/explain")
    draw(page, ONE)
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect(page.locator(".verdict-warning")).to_be_empty()


@pytest.mark.parametrize("path", ["/", "/explain", "/explain/course"])
def test_a_browser_that_makes_no_picture_is_said(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    expect(page.locator("#pad")).to_have_attribute("data-ready", "")
    page.evaluate(
        "() => { HTMLCanvasElement.prototype.toBlob = (done) => setTimeout(() => done(null)); }"
    )
    draw(page, ONE)
    told = page.locator(".verdict-detail, [data-part=reading]")
    expect(told.filter(has_text="could not make a picture of your drawing")).to_be_visible()
    assert len(kept_strokes(page)) == 1


def test_paper_that_is_not_ready_says_so(page: Page, site: str) -> None:
    waiting = []
    page.route("**/js/pages/explain.js", lambda route: waiting.append(route))
    page.goto(f"{site}/explain", wait_until="commit")
    expect(page.locator(".pad-waiting")).to_be_visible()
    waiting[0].continue_()
    expect(page.locator(".pad-waiting")).to_be_hidden()


def test_digits_that_touch_are_explained_apart(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "page.png", "mimeType": "image/png", "buffer": sevens(30, 60)}
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    warning = page.get_by_role("status").locator(".verdict-warning")
    expect(warning).to_contain_text("cut apart from them")
    expect(warning).to_contain_text("left out")
    page.get_by_role("button", name="Draw instead").click()
    expect_digit(page, 3)
    expect(warning).to_be_hidden()


def test_a_stored_picture_can_be_explained(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7)
    page.goto(f"{site}/gallery/?mine=1")
    page.locator("main a[href*='/gallery/'] img").first.click()
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_alt_text("The picture that is explained")).to_be_visible()
    expect_digit(page, 7)


def test_a_stored_picture_needs_a_person(page: Page, site: str) -> None:
    page.goto(f"{site}/explain?picture=00000000-0000-0000-0000-000000000000")
    expect(page.locator(".verdict-detail")).to_contain_text("Log in")


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
    own = explain(load_model(), last_sent_picture(page), without=["ink"])
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
    first, second = (evidence.digit for evidence in own_explanation(page).evidence)
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
