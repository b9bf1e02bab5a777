"""The course's steps about photographs: channels, two classes, augmentation, learning curves."""

import io
import math
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from app.config import ROOT
from cnn.data.augment_pictures import PictureAugment, PictureChanges
from cnn.layers import Conv2D
from cnn.layers.functional import sigmoid, softmax
from cnn.recipes.digits import DIGITS
from cnn.recipes.pictures import choose_recipe

from .course import Array, Course, expect_number, number

CHANNELS = ("red", "green", "blue")
CAT = ROOT / "static" / "photographs" / "cat.png"
PIXELS = """canvas => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return [...data].filter((_, i) => i % 4 < 3);
}"""


@pytest.fixture
def course(page: Page, site: str) -> Course:
    course = Course(page)
    course.open(site)
    return course


def cat() -> Array:
    """Return the cat as the course computes with it, (32, 32, 3) in hundredths."""
    with Image.open(CAT) as image:
        return (np.asarray(image, np.float64) / 255).round(2)


def shown(course: Course, step: str, name: str) -> Array:
    """Return the colours of a picture on the page, 0 to 1, (32, 32, 3)."""
    pixels = course.part(step, name).locator("canvas").evaluate(PIXELS)
    return np.array(pixels).reshape(32, 32, 3) / 255


def png(picture: Array) -> FilePayload:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}


def open_colour(course: Course) -> None:
    course.step("colour").scroll_into_view_if_needed()
    expect(course.part("colour", "value")).not_to_be_empty()


def test_a_photograph_is_its_three_channels(course: Course) -> None:
    open_colour(course)
    np.testing.assert_allclose(shown(course, "colour", "picture"), cat(), atol=0.003)
    course.hover("colour", "picture", 20, 15, (32, 32))
    red, green, blue = (f"{value:g}" for value in cat()[20, 15])
    expect(course.part("colour", "place")).to_have_text(
        f"Photograph, row 21, column 16: red {red}, green {green}, blue {blue}"
    )
    for i, channel in enumerate(CHANNELS):
        around = cat()[19:22, 14:17, i].ravel()
        np.testing.assert_allclose(course.numbers("colour", f"patch-{channel}"), around)


@pytest.mark.parametrize("name", ["Vertical edges", "Red against blue", "Shades of grey", None])
def test_the_slices_of_a_filter_add_up_to_the_networks_number(
    course: Course, name: str | None
) -> None:
    open_colour(course)
    if name is not None:
        course.step("colour").get_by_role("button", name=name).click()
    else:
        for i, channel in enumerate(CHANNELS):
            for j, cell in enumerate(
                course.part("colour", f"slice-{channel}").locator("input").all()
            ):
                cell.fill(f"{((5 * i + 3 * j) % 7 - 3) / 2:.1f}")
        expect(course.part("colour", "own")).to_be_visible()
    cells = [course.part("colour", f"slice-{channel}").locator("input") for channel in CHANNELS]
    kernel = np.array([[float(cell.input_value()) for cell in each.all()] for each in cells])
    layer = Conv2D(1, 3)
    layer.build((32, 32, 3), rng=np.random.default_rng(0), dtype=np.float64)
    layer.params["weight"] = kernel.T.reshape(3, 3, 3, 1)
    result = layer.forward(cat()[None])[0][0, :, :, 0]
    for row, column in [(0, 0), (12, 20), (29, 29)]:
        course.hover("colour", "result", row, column, result.shape)
        expect_number(course.part("colour", "value"), result[row, column])
        sums = [
            number(course.part("colour", f"sum-{channel}").inner_text()) for channel in CHANNELS
        ]
        assert sum(sums) == pytest.approx(result[row, column], abs=2e-3)
        window = cat()[row : row + 3, column : column + 3, 0].ravel()
        assert sums[0] == pytest.approx((window * kernel[0]).sum(), abs=1e-3)
    if name is None:
        return
    expect(course.step("colour").get_by_role("button", name=name)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_maps_are_walked_over_by_arrow_keys(course: Course) -> None:
    open_colour(course)
    for name in ("picture", *CHANNELS, "result"):
        figure = course.part("colour", name)
        figure.locator(".map-frame").focus()
        course.page.keyboard.press("Control+Home")
        spoken = figure.locator(".map-spoken")
        expect(spoken).to_contain_text("Photograph, row 2, column 2: red")
        for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight"):
            course.page.keyboard.press(key)
        # The window stays on the photograph, whose outermost cells are never its middle.
        at = 4 if name == "result" else 3
        expect(spoken).to_contain_text(f"row {at}, column {at}: red")
        expect(spoken).to_contain_text("the three slices give")


def test_the_answer_about_green_is_right(course: Course) -> None:
    open_colour(course)
    course.step("colour").get_by_role("button", name="Red against blue").click()
    for channel, weight in zip(CHANNELS, ("-0.5", "1", "-0.5"), strict=True):
        course.part("colour", f"slice-{channel}").locator("input").nth(4).fill(weight)
    # An eye of the cat is the greenest place.
    course.hover("colour", "picture", 13, 8, (32, 32))
    eye = cat()[13, 8]
    expect_number(course.part("colour", "value"), eye[1] - (eye[0] + eye[2]) / 2)
    green = cat()[..., 1] - cat()[..., [0, 2]].mean(axis=2)
    assert np.unravel_index(green.argmax(), green.shape) == (13, 8)


def test_a_picture_of_ones_own_is_cut_square_and_shown_in_both_steps(course: Course) -> None:
    open_colour(course)
    wide = np.zeros((64, 128, 3), np.uint8)
    wide[:, 32:64] = (255, 0, 0)
    wide[:, 64:96] = (0, 0, 255)
    wide[:, 96:] = (0, 255, 0)
    course.page.locator("#choose-photograph").set_input_files(png(wide))
    expect(course.part("colour", "picture").locator("canvas")).to_be_visible()
    course.hover("colour", "picture", 16, 4, (32, 32))
    expect(course.part("colour", "place")).to_contain_text("red 1, green 0, blue 0")
    course.hover("colour", "picture", 16, 28, (32, 32))
    expect(course.part("colour", "place")).to_contain_text("red 0, green 0, blue 1")
    course.step("augmentation").scroll_into_view_if_needed()
    before = shown(course, "augmentation", "before")
    assert before[16, 4].tolist() == [1, 0, 0]
    # The digit on the paper is as it was.
    expect(course.page.locator("#paper").get_by_role("status")).to_contain_text("This is a 5")
    course.step("augmentation").get_by_role("button", name="Use the cat").click()
    np.testing.assert_allclose(shown(course, "augmentation", "before"), cat(), atol=0.003)


def test_a_picture_that_the_browser_cannot_open_is_said(course: Course) -> None:
    open_colour(course)
    broken: FilePayload = {"name": "x.tif", "mimeType": "image/tiff", "buffer": b"II*\0nothing"}
    course.page.locator("#choose-photograph").set_input_files(broken)
    expect(course.page.get_by_text("This browser cannot open the picture")).to_be_visible()
    np.testing.assert_allclose(shown(course, "colour", "picture"), cat(), atol=0.003)


def test_what_is_dropped_goes_to_the_step_under_it(course: Course) -> None:
    open_colour(course)
    red = png(np.full((40, 40, 3), (255, 0, 0), np.uint8))
    course.part("augmentation", "after").evaluate(
        """(element, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "red.png", { type: "image/png" }));
            element.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }""",
        list(red["buffer"]),
    )
    course.hover("colour", "picture", 3, 3, (32, 32))
    expect(course.part("colour", "place")).to_contain_text("red 1, green 0, blue 0")


def percents(course: Course, way: str, classes: tuple[str, ...]) -> list[float]:
    texts = [course.part("classes", f"share-{way}-{name}").inner_text() for name in classes]
    return [number(text) for text in texts]


def test_one_score_and_two_give_the_same_answer(course: Course) -> None:
    step = course.step("classes")
    course.slide("classes", "z", 2.3)
    course.slide("classes", "cat", 1)
    course.slide("classes", "dog", -0.4)
    dog = sigmoid(np.array([2.3]))[0]
    assert percents(course, "one", ("cat", "dog")) == [
        round(100 * (1 - dog), 1),
        round(100 * dog, 1),
    ]
    shares = softmax(np.array([[1, -0.4]]))[0]
    assert percents(course, "each", ("cat", "dog")) == [round(100 * share, 1) for share in shares]
    expect(course.part("classes", "each-loss")).to_have_text(f"{-math.log(shares[1]):.3f}")
    step.get_by_role("button", name="cat", exact=True).click()
    expect(course.part("classes", "each-loss")).to_have_text(f"{-math.log(shares[0]):.3f}")
    expect(course.part("classes", "one-loss")).to_have_text(f"{-math.log(1 - dog):.3f}")
    step.get_by_role("button", name="Use 0 and the sigmoid").click()
    expect(course.part("classes", "words")).to_contain_text("softmax of 0 and 2.3")
    pair = ("cat", "dog")
    assert percents(course, "each", pair) == percents(course, "one", pair)
    # Another pair that differs by as much.
    course.slide("classes", "cat", -1.3)
    course.slide("classes", "dog", 1)
    expect(course.part("classes", "words")).to_contain_text("both ways give the dog")
    assert percents(course, "each", pair) == percents(course, "one", pair)


def test_a_third_class_takes_from_both_in_proportion(course: Course) -> None:
    step = course.step("classes")
    expect(course.part("classes", "share-each-rabbit")).to_be_hidden()
    step.get_by_role("button", name="A third class").click()
    expect(course.part("classes", "share-each-rabbit")).to_be_visible()
    course.slide("classes", "rabbit", 1.5)
    shares = softmax(np.array([[-0.5, 1.5, 1.5]]))[0]
    assert percents(course, "each", ("cat", "dog", "rabbit")) == [
        round(100 * share, 1) for share in shares
    ]
    expect(course.part("classes", "words")).to_contain_text("A third class takes its share")
    step.get_by_role("button", name="A third class").click()
    expect(course.part("classes", "share-each-rabbit")).to_be_hidden()


def test_sliders_change_a_photograph_as_training_does(course: Course) -> None:
    course.step("augmentation").scroll_into_view_if_needed()
    step = course.step("augmentation")
    step.get_by_role("button", name="No change").click()
    expect(course.part("augmentation", "words")).to_have_text("Nothing is changed.")
    np.testing.assert_allclose(shown(course, "augmentation", "after"), cat(), atol=0.003)
    amounts = {"rotate": 20, "shear": -0.2, "zoom": 0.3, "brightness": 1.4, "cutout": 0.3}
    for name, value in amounts.items():
        course.slide("augmentation", name, value)
    course.slide("augmentation", "across", 0.1)
    course.slide("augmentation", "down", -0.2)
    step.get_by_role("button", name="Flip left and right").click()
    changes = PictureChanges(flip=True, across=-0.1, down=0.2, **amounts)
    expected = changes(cat().transpose(2, 0, 1)[None].astype(np.float32))[0].transpose(1, 2, 0)
    np.testing.assert_allclose(shown(course, "augmentation", "after"), expected, atol=0.003)
    expect(course.part("augmentation", "words")).to_contain_text(
        "flipped, rotated by 20°, sheared by −0.2, zoomed ×1.3, shifted to the right by 10\u00a0%"
    )


def test_random_changes_are_drawn_as_in_training_and_shown_by_the_sliders(course: Course) -> None:
    course.step("augmentation").scroll_into_view_if_needed()
    widget = course.part("augmentation", "widget")
    drawn = PictureAugment.parse(widget.get_attribute("data-photograph") or "")
    assert drawn == choose_recipe(500, 2).augment
    digit = PictureAugment.parse(widget.get_attribute("data-digit") or "")
    # What the network for digits is trained with, in shares of the side instead of pixels.
    assert not digit.flip
    trained = DIGITS.augment
    assert (digit.rotate, digit.zoom) == (trained.rotation, trained.scale)
    assert math.tan(digit.shear) == pytest.approx(trained.shear, abs=0.005)
    assert digit.shift * 28 == pytest.approx(trained.shift, abs=0.05)
    seen = set()
    flips = 0
    for _ in range(12):
        course.step("augmentation").get_by_role("button", name="Another random one").click()
        values = {
            name: float(course.part("augmentation", name).input_value())
            for name in ("rotate", "shear", "zoom", "across", "down", "brightness", "cutout")
        }
        assert abs(values["rotate"]) <= drawn.rotate
        assert abs(values["zoom"]) <= drawn.zoom
        assert max(abs(values["across"]), abs(values["down"])) <= drawn.shift
        assert values["cutout"] == drawn.cutout
        seen.add(values["rotate"])
        flips += course.part("augmentation", "flip").get_attribute("aria-pressed") == "true"
    assert len(seen) > 2
    assert 0 < flips < 12


def test_a_digit_is_never_flipped_by_chance(course: Course) -> None:
    step = course.step("augmentation")
    step.scroll_into_view_if_needed()
    step.get_by_role("button", name="Your digit").click()
    expect(course.part("augmentation", "before").locator("canvas")).to_have_attribute("width", "28")
    for _ in range(8):
        step.get_by_role("button", name="Another random one").click()
        expect(course.part("augmentation", "flip")).to_have_attribute("aria-pressed", "false")
    assert course.part("augmentation", "variants").locator("canvas").count() == 6


def test_curves_are_read_epoch_by_epoch(course: Course) -> None:
    course.step("overfitting").scroll_into_view_if_needed()
    slider = course.part("overfitting", "epoch")
    words = course.part("overfitting", "words")
    expect(words).to_contain_text("is at its lowest")
    first = int(slider.input_value())
    last = int(slider.get_attribute("max") or "0")
    assert 1 < first < last / 4

    def now(name: str) -> float:
        return number(course.part("overfitting", f"plain-{name}-now").inner_text())

    lowest = now("val_loss")
    slider.focus()
    slider.press("End")
    expect(slider).to_have_value(str(last))
    expect(words).to_contain_text(re.compile(r"learns by heart"))
    assert now("val_loss") > lowest
    assert now("accuracy") > 99
    course.step("overfitting").get_by_text("The curves as a table").click()
    rows = course.part("overfitting", "all").locator("tr")
    expect(rows.last.locator("th")).to_have_text(str(last))
    assert number(rows.last.locator("td").nth(3).inner_text()) == now("val_accuracy")


def test_every_line_of_the_charts_is_drawn(course: Course) -> None:
    for run in ("plain", "augmented"):
        for quantity in ("loss", "accuracy"):
            chart = course.part("overfitting", f"{run}-{quantity}")
            for line in ("training", "validation"):
                path = chart.locator(f".chart-{line}").get_attribute("d") or ""
                assert path.count("L") > 50
                assert "NaN" not in path


def test_in_forced_colours_the_lines_can_be_told_apart(browser: Browser, site: str) -> None:
    context = browser.new_context(forced_colors="active")
    course = Course(context.new_page())
    course.open(site)
    chart = course.part("overfitting", "plain-loss")
    colours = [
        chart.locator(f".chart-{line}").evaluate("line => getComputedStyle(line).stroke")
        for line in ("training", "validation")
    ]
    assert len(set(colours)) == 2
    context.close()
