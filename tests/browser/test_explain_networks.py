"""The explanation of networks of every kind, in a browser: sums give the network's numbers."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import cnn
from cnn.explanation.explain import explain
from cnn.explanation.result import PictureExplanation
from cnn.layers import (
    Add,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    LeakyReLU,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnn.models.model import Model
from tests.app.pictures import photograph_of
from tests.app.programs import ROOT, environment

from .live_server import LiveServer
from .test_explain import chosen_map, number, numbers, open_layer, place_shown, terms
from .test_models import choose

AFTER_PAINTING = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
CLASSES = ("tit", "jay", "owl of the northern forests")


def birds() -> Model:
    layers = [
        Conv2D(6, (3, 5), stride=2, padding="same"), LeakyReLU(slope=0.2),
        AveragePool2D((1, 3)), BatchNorm(), Tanh(), MaxPool2D(2), BatchNorm(),
        Flatten(), Dense(10), BatchNorm(), ReLU(), Dense(7), Sigmoid(), Dense(3), Softmax(),
    ]  # fmt: skip
    network = cnn.Sequential(layers, input_shape=(3, 18, 30), seed=4)
    rng = np.random.default_rng(4)
    for layer in network.layers:
        for store in (layer.params, layer.buffers):
            for name, array in store.items():
                if array.ndim == 1:
                    store[name] = rng.uniform(0.2, 1.2, array.shape).astype(array.dtype)
    return Model(network, classes=CLASSES, metadata={"name": "birds-1"})


def grey() -> Model:
    layers = [Conv2D(2, 3), ReLU(), Flatten(), Dense(1), Sigmoid()]
    network = cnn.Sequential(layers, input_shape=(1, 12, 12), seed=1)
    return Model(network, classes=("dark", "light"), metadata={"name": "lights-1"})


def branching() -> Model:
    network = cnn.Graph(
        {
            "one": (Conv2D(2, 1), "input"),
            "other": (Conv2D(2, 1), "input"),
            "sum": (Add(), ("one", "other")),
            "flat": (Flatten(), "sum"),
            "scores": (Dense(2), "flat"),
            "answers": (Softmax(), "scores"),
        },
        input_shape=(3, 4, 4),
    )
    return Model(network, classes=("yes", "no"), metadata={"name": "branching-1"})


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that serves them."""
    folder: Path = tmp_path_factory.mktemp("networks")
    for model in (birds(), grey(), branching()):
        path = folder / f"{model.name}.dnm"
        cnn.save_model(model, path)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "model", "add", str(path)]
        own = environment(INSTANCE_PATH=folder / "instance")
        subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True)
    server = LiveServer(folder)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def found() -> PictureExplanation:
    explanation = explain(birds(), photograph_of("dog"))
    assert isinstance(explanation, PictureExplanation)
    return explanation


def explain_dog(page: Page, site: str, model: str) -> None:
    page.goto(f"{site}/explain?model={model}")
    choose(page, photograph_of("dog"))
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")


def index_of(found: PictureExplanation, kind: str, *, which: int = 0) -> int:
    return [block.index for block in found.blocks if block.kind == kind][which]


def test_layers_with_maps_are_stepped_through(
    page: Page, networks: str, found: PictureExplanation
) -> None:
    explain_dog(page, networks, "birds")
    for kind in ("Conv2D", "LeakyReLU", "AveragePool2D", "BatchNorm", "Tanh", "MaxPool2D"):
        open_layer(page, index_of(found, kind))
        expect(page.locator("#stepper")).to_be_visible()
        for key in ("Home", "ArrowDown", "ArrowRight"):
            page.locator("#map-out").focus()
            page.keyboard.press(key)
        page.evaluate(AFTER_PAINTING)
        (row, column), chosen = place_shown(page), chosen_map(page)
        own = float(found.maps_of(index_of(found, kind))[row, column, chosen])
        texts = page.locator("#terms .term-value").all_inner_texts()
        shown = [number(text) for text in texts if re.fullmatch(r"−?[\d.]+", text)]
        assert shown[-1] == pytest.approx(own, abs=6e-4), kind
        if kind == "Conv2D":
            red, green, blue, bias, answer = terms(page)
            assert red + green + blue + bias == pytest.approx(answer, abs=3e-3)
            assert len(numbers(page.locator("#sum-kernel .cell"))) == 15


def test_layers_of_single_numbers_are_computed(
    page: Page, networks: str, found: PictureExplanation
) -> None:
    explain_dog(page, networks, "birds")
    for kind, which in (("BatchNorm", 2), ("ReLU", 0), ("Dense", 0), ("Dense", 1), ("Sigmoid", 0)):
        index = index_of(found, kind, which=which)
        open_layer(page, index)
        page.locator("#maps button").nth(4).click()
        expect(page.locator("#vector")).to_be_visible()
        shown = page.locator("#vector .term-value").last.inner_text()
        assert number(shown) == pytest.approx(float(found.maps_of(index)[4]), abs=6e-4), kind
    open_layer(page, index_of(found, "Dense"))
    expect(page.locator("#layer-words")).not_to_contain_text("class")
    # The number that was chosen there stays chosen.
    expect(page.locator("#vector")).to_contain_text("What number 5 is made of")
    products = numbers(page.locator("#vector .weights-product"))
    fifth = float(found.maps_of(index_of(found, "Dense"))[4])
    assert sum(products) == pytest.approx(fifth, abs=0.02)
    page.locator(f"#tab-{index_of(found, 'Flatten')}").click()
    expect(page.locator("#layer-title")).to_have_text("Flattening")
    expect(page.locator("#step")).to_be_hidden()


def test_the_classes_are_named(page: Page, networks: str, found: PictureExplanation) -> None:
    explain_dog(page, networks, "birds")
    assert page.locator(".bar-digit").all_inner_texts() == list(CLASSES)
    winner = int(found.probabilities.argmax())
    expect(page.locator(".bar.is-winner .bar-digit")).to_have_text(CLASSES[winner])
    open_layer(page, len(found.blocks) - 1)
    expect(page.locator("#layer-words")).to_contain_text("3 scores, one for each class")
    owl = page.get_by_role("radio", name=CLASSES[2])
    owl.click()
    expect(page.locator("#vector")).to_contain_text(f"What spoke for {CLASSES[2]}")
    assert terms(page, "#vector") == [pytest.approx(float(found.scores[2]), abs=6e-4)]
    open_layer(page, len(found.blocks))
    expect(page.locator("#layer-words")).to_contain_text("3 scores become 3 probabilities")
    assert page.locator("#vector tbody th").all_inner_texts() == list(CLASSES)
    scores = numbers(page.locator("#vector tbody td:nth-child(2)"))
    assert scores == pytest.approx(found.scores, abs=6e-4)
    first, second = (CLASSES[evidence.index] for evidence in found.evidence)
    expect(page.locator(".why-winner")).to_contain_text(first)
    expect(page.locator(".why-runnerUp")).to_contain_text(second)
    expect(page.locator("#why-mirror")).to_be_hidden()
    canvases = page.locator("#why canvas:visible")
    expect(canvases).to_have_count(4)
    size = canvases.first.evaluate("({ width, height }) => [width, height]")
    assert size == [30, 18]


@pytest.mark.parametrize("width", [360, 1280])
def test_long_names_and_wide_maps_fit(page: Page, networks: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    explain_dog(page, networks, "birds")
    for index in (0, 1, 8, 9, 14, 15):
        page.locator(f"#tab-{index}").click()
        expect(page.locator("#layer")).to_have_attribute("data-state", "shown")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_grey_network_has_one_map_and_no_colours(page: Page, networks: str) -> None:
    explain_dog(page, networks, "lights")
    headings = page.locator(".stage h3").all_inner_texts()
    assert headings == ["The picture", "Cut out", "Scaled"]
    page.locator("#tab-0").click()
    expect(page.locator("#layer-words")).to_contain_text("144 numbers from 0 (black) to 1 (white)")
    expect(page.locator("#terms")).to_contain_text("Light at this pixel")


def test_what_branches_is_said_to_be_beyond_this(page: Page, networks: str) -> None:
    page.goto(f"{networks}/explain?model=branching")
    choose(page, photograph_of("dog"))
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "problem")
    expect(page.locator("#verdict")).to_contain_text("layers of this model's network branch")
    expect(page.locator("#stages")).to_be_hidden()
