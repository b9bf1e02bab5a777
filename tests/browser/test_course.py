"""The course: its numbers are those of the network's own layers, and every step answers."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnn.layers import AveragePool2D, Conv2D, MaxPool2D, MinPool2D, ReLU
from cnn.layers.functional import sigmoid, softmax

from .complaints import collect_complaints
from .course import Array, Course, apply, convolve, expect_number, number
from .drawing import ONE, SEVEN, draw, kept_strokes
from .drawing import open_page as open_draw_page
from .live_server import LiveServer

STEPS = (
    "numbers",
    "convolution",
    "stride",
    "relu",
    "pooling",
    "colour",
    "dense",
    "softmax",
    "classes",
    "descent",
    "backpropagation",
    "augmentation",
    "overfitting",
    "points",
)
EDGES = np.array([[-1, 0, 1]] * 3, np.float32)
OWN = np.array([[0.5, -2, 1], [0, 3.5, -1], [2, 0, -0.7]], np.float32)


@pytest.fixture
def course(page: Page, site: str) -> Course:
    course = Course(page)
    course.open(site)
    return course


def test_the_course_begins_with_a_digit_of_its_own(course: Course) -> None:
    expect(course.page.locator(".step h2")).to_have_count(len(STEPS))
    expect(course.page.locator("#paper").get_by_role("status")).to_contain_text("This is a 5")
    assert course.page.locator(".question details").count() == len(STEPS)
    assert course.page.locator('main a[href$="/explain"]').count() >= 2


def test_a_pixel_tells_its_number(course: Course) -> None:
    picture = course.picture()
    row, column = np.argwhere((picture > 0) & (picture < 1))[0]
    course.hover("numbers", "picture", row, column, (28, 28))
    expect(course.part("numbers", "place")).to_have_text(f"Row {row + 1}, column {column + 1}")
    expect_number(course.part("numbers", "value"), picture[row, column])
    around = np.pad(picture, 3, constant_values=np.nan)[row : row + 7, column : column + 7]
    np.testing.assert_allclose(course.numbers("numbers", "close-up"), around.ravel(), atol=1e-6)


@pytest.mark.parametrize(("kernel", "bias"), [(EDGES, 0.0), (OWN, -0.5)])
def test_the_convolution_is_the_networks(course: Course, kernel: Array, bias: float) -> None:
    picture = course.picture()
    course.step("convolution").scroll_into_view_if_needed()
    for cell, weight in zip(
        course.part("convolution", "kernel").locator("input").all(), kernel.flat, strict=True
    ):
        cell.fill(f"{weight:.1f}")
    course.part("convolution", "bias").fill(str(bias))
    result = convolve(picture, kernel, bias, padding=1)
    for row, column in [(0, 0), (8, 10), (20, 15), (27, 27)]:
        course.hover("convolution", "result", row, column, (28, 28))
        expect_number(course.part("convolution", "value"), result[row, column])
        patch = np.pad(picture, 1)[row : row + 3, column : column + 3]
        np.testing.assert_allclose(course.numbers("convolution", "patch"), patch.ravel(), atol=1e-6)
        terms = course.numbers("convolution", "products")
        np.testing.assert_allclose(terms, (patch * kernel).ravel(), atol=1e-6)
        # A reader who adds up what is written comes to what is written.
        assert number(course.part("convolution", "value").inner_text()) == pytest.approx(
            terms.sum() + bias
        )


def test_a_filter_is_chosen_turned_and_made_ones_own(course: Course) -> None:
    step = course.step("convolution")
    upright = step.get_by_role("button", name="Vertical edges")
    cells = course.part("convolution", "kernel").locator("input")
    expect(upright).to_have_attribute("aria-pressed", "true")
    step.get_by_role("button", name="Flip all signs").click()
    expect(upright).to_have_attribute("aria-pressed", "false")
    expect(cells.first).to_have_value("1")
    expect(course.part("convolution", "own")).to_be_visible()
    step.get_by_role("button", name="Sharpen").click()
    expect(cells.nth(4)).to_have_value("5")
    expect(course.part("convolution", "own")).to_be_hidden()
    cells.nth(4).fill("77")
    cells.nth(4).press("Tab")
    expect(cells.nth(4)).to_have_value("9")


@pytest.mark.parametrize(
    ("window", "padding", "stride"), [(3, 0, 2), (5, 2, 1), (1, 3, 4), (7, 3, 3)]
)
def test_padding_and_stride_give_the_layers_size(
    course: Course, window: int, padding: int, stride: int
) -> None:
    picture = course.picture()
    for name, value in (("window", window), ("padding", padding), ("stride", stride)):
        course.slide("stride", name, value)
    kernel = np.full((window, window), 1 / window**2, np.float32)
    result = convolve(picture, kernel, stride=stride, padding=padding)
    side = result.shape[0]
    expect(course.part("stride", "side")).to_have_text(str(side))
    expect(course.part("stride", "result").locator(".map-size")).to_have_text(f"{side} × {side}")
    course.hover("stride", "result", side // 2, side // 2, result.shape)
    written = np.format_float_positional(round(float(result[side // 2, side // 2]), 3), trim="-")
    expect(course.part("stride", "words")).to_contain_text(f": {written}, the mean of")


def test_relu_keeps_what_is_positive(course: Course) -> None:
    before = convolve(course.picture(), EDGES, padding=1)
    kept = apply(ReLU(), before)
    course.step("relu").scroll_into_view_if_needed()
    expect(course.part("relu", "count")).to_contain_text(f"{(before > 0).sum()} are positive")
    for index in (before.argmin(), before.argmax()):
        row, column = np.unravel_index(index, before.shape)
        course.hover("relu", "before", int(row), int(column), (28, 28))
        expect_number(course.part("relu", "value-before"), before[row, column])
        expect_number(course.part("relu", "value-after"), kept[row, column])


@pytest.mark.parametrize(
    ("name", "layer"), [("Max", MaxPool2D), ("Average", AveragePool2D), ("Min", MinPool2D)]
)
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1)])
def test_pooling_is_the_networks(
    course: Course, name: str, layer: Any, size: int, stride: int
) -> None:
    picture = course.picture()
    course.step("pooling").get_by_role("button", name=name).click()
    course.slide("pooling", "size", size)
    course.slide("pooling", "stride", stride)
    result = apply(layer(size, stride=stride), picture)
    expect(course.part("pooling", "result").locator(".map-size")).to_have_text(
        f"{result.shape[0]} × {result.shape[1]}"
    )
    row, column = 6, 5
    course.hover("pooling", "result", row, column, result.shape)
    expect_number(course.part("pooling", "value"), result[row, column])
    window = course.numbers("pooling", "window")
    top, left = row * stride, column * stride
    seen = picture[top : top + size, left : left + size].ravel()
    np.testing.assert_allclose(window, seen, atol=1e-6)
    marked = course.part("pooling", "window").locator(".is-marked")
    if name == "Average":
        expect(marked).to_have_count(0)
    else:
        expect_number(marked, result[row, column])


def test_weighted_sums_are_made_of_the_pooled_picture(course: Course) -> None:
    fields = apply(AveragePool2D(7), course.picture()).ravel().round(2)
    course.step("dense").scroll_into_view_if_needed()
    expect(course.part("dense", "fields").locator(".cell")).to_have_count(16)
    np.testing.assert_allclose(course.numbers("dense", "fields"), fields, atol=1e-6)
    np.testing.assert_allclose(course.numbers("dense", "row"), fields, atol=1e-6)
    course.step("dense").get_by_role("button", name="More above than below?").click()
    expect_number(course.part("dense", "value"), fields[:8].sum() - fields[8:].sum())
    for cell in course.part("dense", "weights").locator("input").all():
        cell.fill("2")
    expect_number(course.part("dense", "value"), 2 * fields.sum())
    expect(course.part("dense", "score-top")).to_have_text(re.compile(r"^\+"))


def test_scores_become_probabilities(course: Course) -> None:
    scores = np.array([3.5, -2, 0.4])
    for name, score in zip("abc", scores, strict=True):
        course.slide("softmax", f"score-{name}", score)
    for name, share, alone in zip("abc", softmax(scores[None])[0], sigmoid(scores), strict=True):
        assert number(course.part("softmax", f"share-{name}").inner_text()) == round(share * 100, 1)
        assert number(course.part("softmax", f"alone-{name}").inner_text()) == round(alone * 100, 1)
    before = [course.part("softmax", f"share-{name}").inner_text() for name in "abc"]
    course.step("softmax").get_by_role("button", name="one more").click()
    expect(course.part("softmax", "score-a")).to_have_value("4.5")
    assert [course.part("softmax", f"share-{name}").inner_text() for name in "abc"] == before


def test_descent_lands_overshoots_and_flies_away(course: Course) -> None:
    step = course.step("descent").get_by_role("button", name="Take a step")
    words = course.part("descent", "words")
    course.slide("descent", "rate", 1)
    step.click()
    expect(course.part("descent", "weight")).to_have_text("2")
    expect(words).to_contain_text("bottom of a valley")
    course.step("descent").get_by_role("button", name="Start again").click()
    course.slide("descent", "rate", 1.5)
    step.click()
    expect(words).to_contain_text("overshot")
    course.slide("descent", "rate", 2.5)
    for _ in range(3):
        step.click()
    expect(words).to_contain_text("left the landscape")
    expect(step).to_have_attribute("aria-disabled", "true")
    weight = course.part("descent", "weight")
    starts = []
    for _ in range(3):
        starts.append(weight.inner_text())
        course.step("descent").get_by_role("button", name="Random start").click()
        expect(weight).not_to_have_text(starts[-1])
        expect(course.part("descent", "steps")).to_have_text("0")
    assert len(set(starts)) == 3


def test_gradients_are_the_layers(course: Course) -> None:
    picture = course.picture()
    row, column = 8, 10
    course.hover("backpropagation", "picture", row, column, (28, 28))
    course.slide("backpropagation", "gradient", -1.5)
    patch = np.pad(picture, 1)[row : row + 3, column : column + 3]
    layer = Conv2D(1, 3)
    layer.build((3, 3, 1), rng=np.random.default_rng(0), dtype=np.float32)
    layer.params = {"weight": EDGES[:, :, None, None], "bias": np.zeros(1, np.float32)}
    y, cache = layer.forward(patch[None, :, :, None], training=True)
    dx, gradients = layer.backward(np.full_like(y, -1.5), cache)
    expect_number(course.part("backpropagation", "output"), y.item())
    written = (
        course.numbers("backpropagation", "to-kernel"),
        course.numbers("backpropagation", "to-patch"),
    )
    np.testing.assert_allclose(written[0], gradients["weight"].ravel(), atol=1e-3)
    np.testing.assert_allclose(written[1], dx.ravel(), atol=1e-3)
    expect_number(course.part("backpropagation", "to-bias"), gradients["bias"].item())


def test_every_picture_is_walked_over_by_arrow_keys(course: Course) -> None:
    for step in ("numbers", "convolution", "stride", "relu", "pooling", "backpropagation"):
        course.step(step).scroll_into_view_if_needed()
        frame = course.step(step).locator(".map-frame[tabindex]").last
        figure = frame.locator("xpath=..")
        expect(figure.locator(".map-mark")).to_be_visible()
        frame.focus()
        course.page.keyboard.press("Control+Home")
        expect(figure.locator(".map-spoken")).to_contain_text(
            re.compile("row 1, column 1:", re.IGNORECASE)
        )
        course.page.keyboard.press("ArrowDown")
        course.page.keyboard.press("ArrowRight")
        expect(figure.locator(".map-spoken")).to_contain_text(
            re.compile("row 2, column 2:", re.IGNORECASE)
        )


def test_every_step_follows_a_new_drawing(course: Course) -> None:
    before = course.picture()
    said = course.page.locator("#paper").get_by_role("status")
    course.page.get_by_role("region", name="Your drawing").get_by_role(
        "button", name="Clear"
    ).click()
    expect(said).to_contain_text("uses the last one")
    course.page.locator("#pad").scroll_into_view_if_needed()
    draw(course.page, ONE)
    expect(said).to_contain_text("This is a 1")
    ink = inked(course.part("numbers", "picture"), "return dark")
    assert 0 < ink < (before > 0.5).sum()
    for step in ("convolution", "stride", "pooling", "backpropagation"):
        course.step(step).scroll_into_view_if_needed()
        inked(course.part(step, "picture"), f"if (dark === {ink}) return dark")


def inked(figure: Locator, until: str) -> int:
    """Count the dark cells of a picture, frame by frame, until it is as it should be."""
    count: int = figure.locator("canvas").evaluate(
        """async canvas => {
            for (;;) {
                const { width, height } = canvas;
                const copy = new OffscreenCanvas(width, height);
                const context = copy.getContext("2d", { willReadFrequently: true });
                context.drawImage(canvas, 0, 0);
                const { data } = context.getImageData(0, 0, width, height);
                const dark = data.filter((value, i) => i % 4 === 0 && value < 128).length;
                UNTIL;
                await new Promise(requestAnimationFrame);
            }
        }""".replace("UNTIL", until)
    )
    return count


def test_the_drawing_comes_along_from_the_page_draw(page: Page, site: str) -> None:
    open_draw_page(page, site)
    draw(page, SEVEN)
    drawn = kept_strokes(page)
    course = Course(page)
    course.open(site)
    expect(page.locator("#paper").get_by_role("status")).to_contain_text("This is a 7")
    page.get_by_role("button", name="Use a ready-made 5").click()
    expect(page.locator("#paper").get_by_role("status")).to_contain_text("This is a 5")
    assert kept_strokes(page) == drawn, "the ready-made digit takes nobody's drawing away"


def test_a_server_away_is_said_and_made_up_for(page: Page, own_server: LiveServer) -> None:
    course = Course(page)
    course.open(own_server.url)
    course.step("convolution").scroll_into_view_if_needed()
    expect(course.part("convolution", "value")).to_have_text("3")
    own_server.stop()
    course.step("convolution").get_by_role("button", name="Flip all signs").click()
    problem = course.step("convolution").locator(".step-problem")
    expect(problem).to_contain_text("The server cannot be reached")
    expect(course.part("convolution", "value")).to_have_text("3")
    own_server.start()
    expect(problem).to_be_hidden(timeout=30_000)
    expect(course.part("convolution", "value")).to_have_text("−3")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_nothing_sticks_out(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    complaints = collect_complaints(page)
    course = Course(page)
    course.open(site)
    for name in STEPS:
        course.step(name).scroll_into_view_if_needed()
    expect(course.part("stride", "words")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(course.part("stride", "walk")).to_be_hidden()
    assert complaints == []
    context.close()
