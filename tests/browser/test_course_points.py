"""The course's step on a network that answers for every point of a page."""

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, Response, expect

import cnn
from cnn.explanation.page_map import PageExplanation, explain_page

from .course import Course
from .live_server import LiveServer

POINTS = ("paper", "digit", "other", "outside")
LIGHTNESS = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, i) => i % 4 === 1);
}"""


class PointsStep(Course):
    """The step, and what was answered to it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.answers: list[Response] = []
        page.on("response", self._note_answer)

    def _note_answer(self, response: Response) -> None:
        if response.url.endswith("/explain/map"):
            self.answers.append(response)

    @property
    def seen(self) -> Image.Image:
        """What the network was given last."""
        data = self.answers[-1].json()["picture"].partition(";base64,")[2]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")

    def show(self) -> None:
        self.step("points").scroll_into_view_if_needed()
        expect(self.part("points", "place")).not_to_be_empty()

    def explained(self) -> PageExplanation:
        return explain_page(cnn.load_model(), self.seen)

    def shares(self) -> list[str]:
        return [self.part("points", f"share-{name}").inner_text() for name in POINTS]


@pytest.fixture
def points(page: Page, site: str) -> PointsStep:
    step = PointsStep(page)
    step.open(site)
    return step


def wide_page() -> FilePayload:
    image = Image.new("L", (300, 200), "white")
    ImageDraw.Draw(image).line([(20, 160), (280, 160)], fill=0, width=3)
    file = io.BytesIO()
    image.save(file, "PNG")
    return {"name": "page.png", "mimeType": "image/png", "buffer": file.getvalue()}


def ink_at_the_left(picture: Image.Image) -> int:
    """Count the dark pixels in the lower left corner."""
    return int((np.asarray(picture.convert("L"))[-80:, :20] < 128).sum())


def test_each_point_has_the_networks_probabilities(points: PointsStep) -> None:
    points.show()
    found = points.explained().probabilities
    assert found.shape == (4, 128, 128)
    for row, column in [(0, 0), (64, 30), (40, 90), (100, 60)]:
        points.hover("points", "map", row, column, (128, 128))
        expect(points.part("points", "place")).to_contain_text(
            f"Row {row + 1}, column {column + 1}: most likely"
        )
        shares = [float(text.replace("\u00a0%", "")) for text in points.shares()]
        np.testing.assert_allclose(shares, found[:, row, column] * 100, atol=0.4)
        best = POINTS[found[:, row, column].argmax()]
        expect(points.part("points", f"line-{best}")).to_have_class("is-winner")


def test_the_ready_made_page_has_paper_digits_and_other_ink(points: PointsStep) -> None:
    points.show()
    kinds = points.explained().probabilities.argmax(axis=0)
    assert {0, 1, 2} <= set(np.unique(kinds))


def test_every_size_is_shown_and_the_point_marked_on_it(points: PointsStep) -> None:
    points.show()
    points.hover("points", "map", 96, 32, (128, 128))
    for place, side in enumerate((128, 64, 32, 16, 8, 16, 32, 64, 128)):
        level = points.part("points", f"level-{place}")
        expect(level.locator(".map-size")).to_have_text(f"{side} × {side}")
        top = level.locator(".map-mark").evaluate("mark => parseFloat(mark.style.top)")
        assert top == pytest.approx(75, abs=0.01)
    maps = [points.part("points", f"channels-{place}").inner_text() for place in range(9)]
    assert maps[:5] == ["16 maps", "24 maps", "48 maps", "64 maps", "64 maps"]


def test_the_map_is_walked_over_by_arrow_keys(points: PointsStep) -> None:
    points.show()
    figure = points.part("points", "map")
    figure.locator(".map-frame").focus()
    points.page.keyboard.press("Control+Home")
    points.page.keyboard.press("ArrowDown")
    expect(figure.locator(".map-spoken")).to_contain_text("Row 2, column 1: most likely")


def test_one_kind_of_point_is_shown_alone(points: PointsStep) -> None:
    points.show()
    canvas = points.part("points", "map").locator("canvas")
    digit = points.explained().probabilities[1]
    points.step("points").get_by_role("button", name="Digit’s ink").click()
    expect(canvas).to_have_attribute("width", "128")
    levels = np.array(canvas.evaluate(LIGHTNESS)).reshape(128, 128)
    # Where it is likeliest, the colour is darkest.
    assert np.corrcoef(levels.ravel(), digit.ravel())[0, 1] < -0.9
    points.step("points").get_by_role("button", name="The likeliest").click()
    expect(canvas).to_have_attribute("width", "512")


def test_the_patterns_are_told_apart_without_colour(points: PointsStep) -> None:
    points.show()
    levels = {
        name: np.array(points.part("points", f"key-{name}").evaluate(LIGHTNESS)).reshape(16, 28)
        for name in POINTS
    }
    assert np.ptp(levels["paper"]) == 0
    assert np.ptp(levels["digit"]) == 0
    assert levels["paper"].max() - levels["digit"].max() > 150
    for name in ("other", "outside"):
        assert np.ptp(levels[name]) > 60
    # Stripes cross every row, dots leave rows without any.
    assert (np.ptp(levels["other"], axis=1) > 0).all()
    assert (np.ptp(levels["outside"], axis=1) == 0).any()


def test_what_is_drawn_is_mapped_and_survives_a_reload(points: PointsStep) -> None:
    points.show()
    empty = ink_at_the_left(points.seen)
    box = points.step("points").locator(".pad").bounding_box()
    assert box is not None
    with points.page.expect_response("**/explain/map"):
        points.page.mouse.move(box["x"] + 10, box["y"] + 200)
        points.page.mouse.down()
        points.page.mouse.move(box["x"] + 12, box["y"] + 240, steps=5)
        points.page.mouse.up()
    drawn = ink_at_the_left(points.seen)
    assert drawn > empty + 50
    count = len(points.answers)
    points.page.reload()
    points.show()
    assert len(points.answers) > count
    assert ink_at_the_left(points.seen) == pytest.approx(drawn, rel=0.05)


def test_a_picture_is_mapped_in_its_own_shape(points: PointsStep) -> None:
    points.show()
    points.page.locator("#choose-page").set_input_files(wide_page())
    size = points.part("points", "map").locator(".map-size")
    expect(size).to_have_text("85 × 128")
    points.hover("points", "map", 68, 60, (85, 128))
    expect(points.part("points", "line-other")).to_have_class("is-winner")
    # The digit on the paper is as it was.
    expect(points.page.locator("#paper").get_by_role("status")).to_contain_text("This is a 5")
    points.step("points").get_by_role("button", name="Use the ready-made page").click()
    expect(size).to_have_text("128 × 128")


def test_what_is_no_picture_is_said(points: PointsStep) -> None:
    points.show()
    broken: FilePayload = {"name": "x.tif", "mimeType": "image/tiff", "buffer": b"II*\0nothing"}
    points.page.locator("#choose-page").set_input_files(broken)
    expect(points.step("points").locator(".step-problem")).to_contain_text("picture")


def test_it_waits_for_a_server_that_is_away(page: Page, own_server: LiveServer) -> None:
    step = PointsStep(page)
    step.open(own_server.url)
    step.show()
    own_server.stop()
    step.step("points").get_by_role("button", name="Clear").click()
    expect(step.step("points").locator(".step-problem")).to_contain_text("cannot be reached")
    own_server.start()
    expect(step.step("points").locator(".step-problem")).to_be_hidden(timeout=30_000)
