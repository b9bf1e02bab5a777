"""What an explanation shows is what the network computed."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import cnn
from cnn.explanation.blocks import make_blocks
from cnn.explanation.explain import SWITCHES, explain_digit, explain_pixels
from cnn.explanation.poster import draw_poster, signed_colours
from cnn.explanation.sprite import sprite
from cnn.layers import Dense, Flatten, Softmax


@pytest.fixture(scope="module")
def model():
    return cnn.load_model()


def drawing(*strokes):
    image = Image.new("L", (280, 280), 255)
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, fill=0, width=22, joint="curve")
    return image


SEVEN = [(60, 60), (210, 60), (110, 230)]


def test_the_last_map_is_the_models_own_answer(model):
    found = explain_digit(model, drawing(SEVEN))
    expected = model.predict(found.pixels[None, None])[0]
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    assert found.probabilities.argmax() == 7
    assert found.evidence[0].index == 7
    assert found.evidence[1].index == np.argsort(-found.scores)[1]
    assert found.refusal is None


@pytest.mark.parametrize("network", [cnn.zoo.reference_digits(), cnn.load_model()])
def test_every_map_follows_from_the_one_before(network):
    rng = np.random.default_rng(0)
    found = explain_pixels(network, rng.random((28, 28), np.float32))
    assert [block.index for block in found.blocks] == list(range(1, len(found.blocks) + 1))
    for block in found.blocks:
        before = found.maps_of(block.index - 1)
        assert before.shape == block.input_shape
        assert found.maps_of(block.index).shape == block.shape
        y, _ = block.layer.forward(before[None])
        np.testing.assert_allclose(y[0], found.maps_of(block.index), atol=1e-6)


def test_a_convolutions_number_is_its_patch_times_its_kernel_plus_its_bias(model):
    found = explain_digit(model, drawing(SEVEN))
    block = found.blocks[2]
    weight, bias = block.layer.params["weight"], block.layer.params["bias"]
    padded = np.pad(found.maps_of(2), ((1, 1), (1, 1), (0, 0)))
    row, column, chosen = 13, 9, 5
    patch = padded[row : row + 3, column : column + 3]
    expected = (patch * weight[..., chosen]).sum() + bias[chosen]
    assert found.maps_of(3)[row, column, chosen] == pytest.approx(expected, abs=1e-4)


def test_parameters_are_counted_as_in_the_network(model):
    counted = sum(block.parameters for block in make_blocks(model.network))
    assert counted == sum(array.size for array in model.network.parameters().values())
    assert "BatchNorm" not in {block.kind for block in make_blocks(model.network)}


def test_covering_the_ink_costs_the_digit_its_score(model):
    found = explain_digit(model, drawing(SEVEN))
    winner, _ = found.evidence
    assert winner.occlusion.shape == winner.gradient.shape == (28, 28)
    ink = found.pixels > 0.5
    assert winner.occlusion[ink].mean() > winner.occlusion[~ink].mean()
    assert winner.occlusion[0, 0] == 0


def test_occlusion_is_what_covering_does(model):
    pixels = np.zeros((28, 28), np.float32)
    pixels[12:16, 12:16] = 1
    found = explain_pixels(model, pixels)
    winner, _ = found.evidence

    def fall(row, column):
        covered = pixels.copy()
        covered[row : row + 4, column : column + 4] = 0
        score = model.network.forward(covered[None, None], depth=-1)[0][0, winner.index]
        return found.scores[winner.index] - score

    # Pixel (12, 12) was covered from the four corners 10 and 12.
    expected = np.mean([fall(row, column) for row in (10, 12) for column in (10, 12)])
    assert winner.occlusion[12, 12] == pytest.approx(expected, abs=1e-3)


def test_the_gradient_is_the_slope_of_the_score(model):
    found = explain_digit(model, drawing(SEVEN))
    winner, _ = found.evidence
    # On bare paper the largest numbers of a pooling tie, and the score has a kink.
    steep = np.where(found.pixels > 0.2, np.abs(winner.gradient), 0)
    row, column = np.unravel_index(steep.argmax(), (28, 28))
    step = 1e-2

    def score(change):
        pixels = found.pixels.copy()
        pixels[row, column] += change
        return model.network.forward(pixels[None, None], depth=-1)[0][0, winner.index]

    slope = (score(step) - score(-step)) / (2 * step)
    assert winner.gradient[row, column] == pytest.approx(slope, rel=0.15, abs=0.02)


def test_a_blank_page_is_explained_too(model):
    found = explain_digit(model, Image.new("L", (280, 280), 255))
    assert found.refusal.code == "blank"
    assert not found.pixels.any()
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert not found.evidence[0].occlusion.any()


def test_one_of_several_digits_is_chosen(model):
    page = Image.new("L", (560, 280), 255)
    page.paste(drawing([(140, 50), (140, 230)]), (0, 0))
    page.paste(drawing(SEVEN), (280, 0))
    assert explain_digit(model, page).probabilities.argmax() == 1
    assert explain_digit(model, page, digit=1).probabilities.argmax() == 7
    with pytest.raises(ValueError, match="which has 2"):
        explain_digit(model, page, digit=2)


@pytest.mark.parametrize("without", [{"ink"}, {"cut out"}, {"centred"}, set(SWITCHES)])
def test_a_stage_that_is_left_out_changes_what_the_network_sees(model, without):
    small = drawing([(60, 160), (110, 160), (80, 220)])
    whole = explain_digit(model, small)
    less = explain_digit(model, small, without=without)
    assert less.pixels.shape == (28, 28)
    assert 0 <= less.pixels.min() <= less.pixels.max() <= 1
    assert not np.allclose(less.pixels, whole.pixels)
    np.testing.assert_allclose(less.maps_of(0)[:, :, 0], less.pixels)
    if without == {"cut out"}:
        assert less.pixels[:14].sum() == 0  # small, in the lower half, as on the page
    if without == {"centred"}:
        assert less.pixels[0].any()
        assert less.pixels[:, 0].any()
    if without == {"ink"}:
        assert less.pixels[whole.pixels > 0.95].mean() < 0.3  # dark on light, as on paper


def test_only_stages_that_exist_can_be_left_out(model):
    with pytest.raises(ValueError, match="left out"):
        explain_digit(model, drawing(SEVEN), without=["colour"])
    blank = explain_digit(model, Image.new("L", (100, 100), 255), without=["ink"])
    assert not blank.pixels.any()


def test_the_network_must_end_in_softmax():
    network = cnn.Sequential([cnn.layers.Flatten(), Dense(10)], input_shape=(1, 28, 28))
    with pytest.raises(ValueError, match="Softmax"):
        explain_pixels(network, np.zeros((28, 28), np.float32))


def test_only_layers_in_a_row_are_explained():
    layers = {"a": (Flatten(), "input"), "b": (Dense(10), "a"), "c": (Softmax(), "b")}
    with pytest.raises(ValueError, match="not a Graph"):
        explain_pixels(cnn.Graph(layers, input_shape=(1, 28, 28)), np.zeros((28, 28), np.float32))


def test_the_whole_is_one_picture(model, tmp_path):
    poster = draw_poster(explain_digit(model, drawing(SEVEN)))
    assert poster.mode == "RGB"
    assert poster.width == 1400
    assert poster.height > 2000
    poster.save(tmp_path / "poster.png")
    # The winner's bar is long and blue, and no other is.
    blue = np.all(np.asarray(poster) == (29, 91, 191), axis=2)
    assert blue[-300:].sum(axis=1).max() > 700


def test_signed_colours_are_white_at_nought():
    colours = signed_colours(np.array([[-2.0, 0, 1, 2]]))
    assert colours[0, 1].tolist() == [255, 255, 255]
    assert colours[0, 3].tolist() == [29, 91, 191]
    assert colours[0, 0].tolist() == [194, 94, 20]
    assert signed_colours(np.zeros((2, 2))).min() == 255


def test_a_sprite_holds_every_map_in_reading_order():
    maps = np.zeros((3, 4, 10), np.float32)
    for place in range(10):
        maps[1, 2, place] = place + 1
    sheet, columns = sprite(maps)
    assert columns == 8
    assert sheet.shape == (2 * 3, 8 * 4)
    assert sheet[1, 2] == round(255 / 10)
    assert sheet[1, 7 * 4 + 2] == round(8 * 255 / 10)
    assert sheet[3 + 1, 4 + 2] == 255
    vector, _ = sprite(np.array([-1.0, 0, 1], np.float32))
    assert vector.tolist() == [[0, 128, 255]]
    long, columns = sprite(np.arange(1500, dtype=np.float32))
    assert columns == 1024
    assert long.shape == (2, 1024)
    assert long[1, 1499 - 1024] == 255
