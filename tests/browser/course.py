"""The course in a browser: its parts, the numbers in them, and the network's own layers."""

from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, Page, expect

from cnn.layers import Conv2D, Layer

Array = npt.NDArray[Any]


class Course:
    """The open page, and the pictures that it had computed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[dict[str, Any]] = []
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if request.url.endswith("/explain/apply"):
            self.sent.append(request.post_data_json)

    def open(self, site: str) -> None:
        self.page.goto(f"{site}/explain/course")
        expect(self.part("numbers", "value")).not_to_be_empty()

    def step(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    def part(self, step: str, name: str) -> Locator:
        return self.step(step).locator(f'[data-part="{name}"]')

    def numbers(self, step: str, name: str) -> Array:
        """Return the numbers written in a grid."""
        return np.array(
            [number(text) for text in self.part(step, name).locator(".cell").all_inner_texts()]
        )

    def picture(self) -> Array:
        """Return the picture that the page works on, once a step has sent it."""
        self.step("pooling").scroll_into_view_if_needed()
        expect(self.part("pooling", "value")).not_to_be_empty()
        sent = next(each for each in reversed(self.sent) if each["operation"] == "max")
        return np.array(sent["picture"], np.float32)

    def hover(self, step: str, name: str, row: int, column: int, shape: tuple[int, int]) -> None:
        frame = self.part(step, name).locator(".map-frame")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        place = ((column + 0.5) / shape[1] * box["width"], (row + 0.5) / shape[0] * box["height"])
        frame.hover(position={"x": place[0], "y": place[1]})

    def slide(self, step: str, name: str, value: float) -> None:
        self.part(step, name).fill(str(value))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("\u00a0%", "") or "nan")


def expect_number(locator: Locator, value: float) -> None:
    """Expect a number, written with at most three decimals and without idle zeros."""
    text = np.format_float_positional(round(float(value), 3) + 0.0, trim="-")
    expect(locator).to_have_text(text.replace("-", "−"))


def apply(layer: Layer, picture: Array) -> Array:
    layer.build((*picture.shape, 1), rng=np.random.default_rng(0), dtype=np.float32)
    result: Array = layer.forward(picture[None, :, :, None])[0][0, :, :, 0]
    return result


def convolve(
    picture: Array, kernel: Array, bias: float = 0, *, stride: int = 1, padding: int = 0
) -> Array:
    layer = Conv2D(1, (len(kernel), len(kernel)), stride=stride, padding=padding)
    layer.build((*picture.shape, 1), rng=np.random.default_rng(0), dtype=np.float32)
    layer.params = {"weight": kernel[:, :, None, None], "bias": np.array([bias], np.float32)}
    result: Array = layer.forward(picture[None, :, :, None])[0][0, :, :, 0]
    return result
