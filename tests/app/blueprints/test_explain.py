import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import cnn
from app import create_app
from benchmarks.attack.hostile import sevens
from cnn.explanation.explain import explain_digit, explain_picture
from cnn.layers import BatchNorm, Conv2D, Dense, Flatten, MaxPool2D, Softmax
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL
from tests.app.pictures import encode, photograph_of
from tests.app.verdicts import TOUCHING


def numbers(described):
    """Decode what app.web.encoding wrote."""
    data = base64.b64decode(described["data"])
    return np.frombuffer(data, "<f4").reshape(described["shape"])


def ask(client, picture, **query):
    return client.post("/explain", data=picture, content_type="image/png", query_string=query)


def test_the_whole_is_the_models_own(client, seven):
    answer = ask(client, seven).get_json()
    found = explain_digit(cnn.load_model(), seven)
    assert answer["digit"] == 7
    assert answer["refusal"] is None
    np.testing.assert_allclose(answer["probabilities"], found.probabilities, atol=1e-6)
    np.testing.assert_allclose(answer["scores"], found.scores, atol=1e-5)
    np.testing.assert_array_equal(numbers(answer["pixels"]), found.pixels)
    assert answer["stages"][0]["name"] == "picture"
    assert all(stage["image"].startswith("data:image/") for stage in answer["stages"])
    assert [layer["kind"] for layer in answer["layers"]] == [b.kind for b in found.blocks]
    assert answer["winner"]["digit"] == 7
    np.testing.assert_allclose(
        numbers(answer["winner"]["occlusion"]), found.evidence[0].occlusion, atol=1e-5
    )
    assert answer["runner_up"]["digit"] != 7


def test_what_it_resembles(client, seven):
    neighbours = ask(client, seven).get_json()["neighbours"]
    nearest, other = neighbours["nearest"], neighbours["other"]
    assert len(nearest) == 8
    assert [near["label"] for near in nearest].count(7) >= 6
    assert len(other) == 4
    assert all(near["label"] != 7 for near in other)
    distances = [near["distance"] for near in nearest]
    assert distances == sorted(distances)
    kind, data = nearest[0]["image"].split(";base64,")
    assert kind == "data:image/webp"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (28, 28)


def test_another_model_has_no_neighbours(settings, tmp_path, seven):
    cnn.save_model(cnn.zoo.reference_digits(), tmp_path / "other.dnm")
    app = create_app(replace(settings, model=tmp_path / "other.dnm"))
    assert ask(app.test_client(), seven).get_json()["neighbours"] is None


def test_it_stays_small_even_for_a_photograph(client):
    rng = np.random.default_rng(0)
    noise = rng.integers(150, 255, (1200, 1600, 3)).astype(np.uint8)
    noise[300:900, 700:800] = 20
    response = ask(client, encode(Image.fromarray(noise), "JPEG"))
    assert response.status_code == 200
    assert len(response.data) < 300_000


def test_a_layers_numbers(client, seven):
    found = explain_digit(cnn.load_model(), seven)
    for index in (0, 1, 5, len(found.blocks)):
        answer = ask(client, seven, layer=index).get_json()
        np.testing.assert_allclose(numbers(answer["maps"]), found.maps_of(index), atol=1e-5)
    conv = ask(client, seven, layer=3).get_json()
    params = found.blocks[2].layer.params
    np.testing.assert_array_equal(numbers(conv["params"]["weight"]), params["weight"])
    np.testing.assert_array_equal(numbers(conv["params"]["bias"]), params["bias"])
    np.testing.assert_allclose(numbers(conv["input"]), found.maps_of(2), atol=1e-5)


def test_a_layer_as_a_picture(client, seven):
    answer = ask(client, seven, layer=5, format="png").get_json()
    height, width, count = answer["shape"]
    data = answer["sprite"]["image"].removeprefix("data:image/png;base64,")
    sheet = Image.open(io.BytesIO(base64.b64decode(data)))
    columns = answer["sprite"]["columns"]
    assert sheet.size == (columns * width, -(-count // columns) * height)
    low, high = answer["sprite"]["range"]
    assert low <= high
    assert ask(client, seven, layer=5, format="gif").status_code == 400


def test_a_blank_page_is_explained_and_refused(client):
    answer = ask(client, encode(Image.new("L", (100, 100), "white"))).get_json()
    assert answer["refusal"]["code"] == "blank"
    assert not numbers(answer["pixels"]).any()
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "query", [{"layer": 99}, {"layer": "x"}, {"layer": -1}, {"digit": 5}, {"digit": "²"}]
)
def test_what_is_not_there_is_said(client, seven, query):
    response = ask(client, seven, **query)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"


def test_digits_that_touch_are_explained_apart(client, seven):
    alone = ask(client, seven).get_json()
    assert (alone["joined"], alone["text"], alone["unfinished"]) == (False, "7", None)
    page = Image.open(io.BytesIO(sevens(30, 60))).convert("L")
    for picture in (encode(TOUCHING), encode(page)):
        answer = ask(client, picture).get_json()
        read = client.post("/predict", data=picture, content_type="image/png").get_json()
        assert answer["joined"]
        assert len(answer["text"]) > 1
        assert answer["digits"][0]["box"] == read["digits"][0]["box"] == answer["box"]
    assert answer["unfinished"]["code"] == "runs_together"


def test_stages_can_be_left_out(client, seven):
    whole = ask(client, seven).get_json()
    names = [switch["name"] for switch in whole["switches"]]
    assert names == ["ink", "cut out", "centred"]
    less = ask(client, seven, without=["cut out", "centred"]).get_json()
    assert not np.allclose(numbers(less["pixels"]), numbers(whole["pixels"]))
    assert ask(client, seven, without="nothing").status_code == 400


def test_pixels_are_explained_as_they_are(client):
    pixels = np.random.default_rng(1).random(784).tolist()
    answer = client.post("/explain", json={"pixels": pixels}).get_json()
    np.testing.assert_allclose(numbers(answer["pixels"]).ravel(), pixels, atol=1e-6)


PICTURE = np.random.default_rng(2).random((9, 7)).round(3)


def apply(client, **content):
    content.setdefault("picture", PICTURE.tolist())
    return client.post("/explain/apply", json=content)


def test_a_readers_own_kernel(client):
    kernel = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    answer = apply(
        client, operation="convolution", kernel=kernel, bias=0.5, stride=2, padding=1
    ).get_json()
    layer = Conv2D(1, 3, stride=2, padding=1)
    layer.build((9, 7, 1), rng=np.random.default_rng(0), dtype=np.float32)
    layer.params["weight"][:, :, 0, 0] = kernel
    layer.params["bias"][:] = 0.5
    expected = layer.forward(PICTURE[None, :, :, None].astype(np.float32))[0][0, :, :, 0]
    np.testing.assert_allclose(numbers(answer["result"]), expected, atol=1e-6)


def test_a_kernel_of_a_colour_picture_has_a_slice_for_each_channel(client):
    rng = np.random.default_rng(0)
    picture, kernel = rng.random((32, 32, 3)), rng.normal(size=(3, 3, 3))
    answer = apply(
        client,
        picture=picture.tolist(),
        operation="convolution",
        kernel=kernel.tolist(),
        bias=-0.5,
        padding=1,
    ).get_json()
    result = numbers(answer["result"])
    assert result.shape == (32, 32)
    around = np.pad(picture, ((1, 1), (1, 1), (0, 0)))[20:23, 7:10]
    sums = (around * kernel).sum(axis=(0, 1))
    assert result[20, 7] == pytest.approx(sums.sum() - 0.5, abs=1e-5)


def test_other_operations_keep_the_channels_apart(client):
    picture = np.random.default_rng(0).random((6, 4, 3))
    pooled = numbers(apply(client, picture=picture.tolist(), operation="max").get_json()["result"])
    expected = picture.reshape(3, 2, 2, 2, 3).max(axis=(1, 3))
    np.testing.assert_allclose(pooled, expected, atol=1e-6)


def test_pooling_and_activations(client):
    pool = MaxPool2D(2)
    pool.build((9, 7, 1), rng=np.random.default_rng(0), dtype=np.float32)
    expected = pool.forward(PICTURE[None, :, :, None].astype(np.float32))[0][0, :, :, 0]
    answer = apply(client, operation="max", size=2).get_json()
    np.testing.assert_array_equal(numbers(answer["result"]), expected)
    assert numbers(apply(client, operation="min").get_json()["result"]).shape == (4, 3)
    assert numbers(apply(client, operation="average", stride=1).get_json()["result"]).shape == (
        8,
        6,
    )
    tanh = apply(client, operation="tanh").get_json()
    np.testing.assert_allclose(numbers(tanh["result"]), np.tanh(PICTURE), atol=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        {"operation": "sharpen"},
        {"operation": ["max"]},
        {"operation": "convolution"},
        {"operation": "convolution", "kernel": [[1, 2], [3]]},
        {"operation": "convolution", "kernel": [[1] * 8] * 8},
        {"operation": "convolution", "kernel": [[1e30]]},
        {"operation": "convolution", "kernel": [[1]], "bias": "x"},
        {"operation": "convolution", "kernel": [[1]], "stride": 0},
        {"operation": "max", "size": 9},
        {"operation": "max", "size": 2, "padding": 2},
        {"operation": "max", "size": True},
        {"operation": "relu", "picture": [[1] * 33]},
        {"operation": "relu", "picture": [[[1] * 5]]},
        {"operation": "relu", "picture": [[[]]]},
        {"operation": "relu", "picture": [[[1, 0], [1]]]},
        {"operation": "relu", "picture": [[[[1]]]]},
        {"operation": "convolution", "picture": [[[1, 0, 1]]], "kernel": [[1]]},
        {"operation": "convolution", "picture": [[[1, 0, 1]]], "kernel": [[[1, 1]]]},
        {"operation": "convolution", "kernel": [[[1, 1, 1]]]},
        {"operation": "relu", "picture": "x"},
        {"operation": "relu", "picture": [[None]]},
        {"operation": "relu", "picture": []},
        {"operation": "max", "size": 7, "picture": [[1]]},
    ],
)
def test_what_cannot_be_applied_is_said(client, content):
    response = apply(client, **content)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert client.post("/explain/apply", data=b"x").status_code == 400


def test_a_fault_of_the_program_is_not_the_visitors(client, seven, monkeypatch):
    def fail(*_, **__):
        raise ValueError("the shapes (1, 28, 28) and (1, 14, 14) do not fit")

    monkeypatch.setattr("app.services.explainer.explain", fail)
    answer = ask(client, seven)
    assert answer.status_code == 500
    assert "shapes" not in answer.text


def test_a_fault_of_a_layer_is_not_the_visitors(client, monkeypatch):
    def fail(*_, **__):
        raise ValueError("the shapes (1, 28, 28) and (1, 14, 14) do not fit")

    monkeypatch.setattr(Conv2D, "forward", fail)
    content = {"picture": [[0, 1], [1, 0]], "operation": "convolution", "kernel": [[1]]}
    answer = client.post("/explain/apply", json=content)
    assert answer.status_code == 500
    assert "shapes" not in answer.text


@pytest.fixture(scope="module")
def photograph():
    return photograph_of("cat")


def test_another_models_picture_is_explained_as_a_whole(client, photograph):
    answer = ask(client, photograph, model="cats-dogs").get_json()
    found = explain_picture(cnn.load_model(CATS_DOGS_MODEL), photograph)
    assert answer["classes"] == ["cats", "dogs"]
    assert answer["class"] == found.found.name == "cats"
    np.testing.assert_allclose(answer["probabilities"], found.probabilities, atol=1e-6)
    np.testing.assert_allclose(answer["scores"], found.scores, atol=1e-5)
    assert numbers(answer["pixels"]).shape == (32, 32, 3)
    assert [stage["name"] for stage in answer["stages"]] == ["picture", "square", "small"]
    assert [layer["kind"] for layer in answer["layers"]][-2:] == ["Dense", "Sigmoid"]
    assert {answer["winner"]["class"], answer["runner_up"]["class"]} == {"cats", "dogs"}
    occlusion = numbers(answer["winner"]["occlusion"])
    np.testing.assert_allclose(occlusion, found.evidence[0].occlusion, atol=1e-4)
    layer = ask(client, photograph, model="cats-dogs", layer=1).get_json()
    assert numbers(layer["maps"]).shape == (32, 32, 32)
    assert numbers(layer["params"]["weight"]).shape == (3, 3, 3, 32)
    assert "sprite" in ask(client, photograph, model="cats-dogs", layer=0, format="png").get_json()


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"model": "birds"}, 404, "There is no model 'birds'"),
        ({"digit": 1}, 400, "looks at a picture as a whole"),
        ({"without": "ink"}, 400, "looks at a picture as a whole"),
        ({"layer": 99}, 400, "There are the layers 0 to"),
    ],
)
def test_what_another_model_cannot_explain_is_said(client, photograph, query, status, words):
    answer = ask(client, photograph, **{"model": "cats-dogs"} | query)
    assert answer.status_code == status
    assert words in answer.get_json()["detail"]


def test_pixels_are_explained_for_digits_alone(client):
    answer = client.post("/explain?model=cats-dogs", json={"pixels": [0] * 784})
    assert answer.status_code == 400
    assert "takes pictures, no pixels" in answer.get_json()["detail"]


def test_what_the_page_needs_of_any_network_is_in_numbers(app, client, photograph, tmp_path):
    layers = [Conv2D(2, 3, padding="same", stride=2), MaxPool2D(2), BatchNorm(), Flatten()]
    network = cnn.Sequential([*layers, Dense(3), Softmax()], input_shape=(3, 9, 11))
    network.layers[2].buffers["mean"][:] = 0.25
    model = Model(network, classes=("tit", "jay", "owl"), metadata={"name": "birds-1"})
    cnn.save_model(model, tmp_path / "birds.dnm")
    with app.app_context():
        app.extensions["services"].publisher.add(tmp_path / "birds.dnm")
    answer = ask(client, photograph, model="birds").get_json()
    assert answer["classes"] == ["tit", "jay", "owl"]
    assert len(answer["scores"]) == 3
    assert answer["layers"][0]["options"]["padding"] == [1, 1]
    assert numbers(answer["winner"]["occlusion"]).shape == (9, 11)
    params = ask(client, photograph, model="birds", layer=3).get_json()["params"]
    assert set(params) == {"scale", "shift", "mean", "variance"}
    np.testing.assert_array_equal(numbers(params["mean"]), [0.25, 0.25])


def test_the_page_is_that_of_the_model(client):
    page = client.get("/explain?model=cats-dogs").text
    assert "From the picture to 32&nbsp;×&nbsp;32" in page
    assert 'href="/models/cats-dogs"' in page
    assert 'id="pad"' not in page
    assert 'id="pad"' in client.get("/explain").text
    assert client.get("/explain?model=digits").status_code == 200
    missing = client.get("/explain?model=birds", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "there are digits, cats-dogs" in missing.text
