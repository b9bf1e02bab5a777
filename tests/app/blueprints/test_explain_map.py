import base64
import io

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.explanation.page_map import explain_page
from tests.app.pictures import encode


def picture_of(described):
    data = described.partition(";base64,")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def ask(client, picture, **query):
    return client.post("/explain/map", data=picture, content_type="image/png", query_string=query)


def test_the_map_is_the_page_networks(client, seven):
    response = ask(client, seven)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    answer = response.get_json()
    found = explain_page(cnn.load_model(), seven)
    assert answer["points"] == ["paper", "digit", "other", "outside"]
    count, height, width = answer["map"]["shape"]
    levels = picture_of(answer["map"]["image"]).reshape(count, height, width)
    np.testing.assert_allclose(levels / 255, found.probabilities, atol=0.003)
    np.testing.assert_array_equal(picture_of(answer["picture"])[..., :3], found.pixels)
    for described, level in zip(answer["levels"], found.levels, strict=True):
        assert described["channels"] == level.channels
        low, high = described["range"]
        numbers = picture_of(described["image"]) / 255 * (high - low) + low
        np.testing.assert_allclose(numbers, level.strongest, atol=0.003 * (high - low) + 1e-4)


def test_it_is_had_for_a_blank_page_and_a_photograph_and_stays_small(client):
    assert ask(client, encode(Image.new("L", (100, 100), "white"))).status_code == 200
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1600, 3)).astype(np.uint8)
    response = ask(client, encode(Image.fromarray(noise), "JPEG"))
    assert response.status_code == 200
    assert len(response.data) < 500_000


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ({"json": {"pixels": [0] * 784}}, 400, "send a picture, no pixels"),
        ({"json": {}}, 400, "There is no picture in the request"),
        ({"data": b"none", "content_type": "image/png"}, 415, "picture"),
        ({"data": b"", "content_type": "image/png"}, 400, "There is no picture in the request"),
    ],
)
def test_what_is_no_page_is_refused_with_a_sentence(client, request_, status, words):
    response = client.post("/explain/map", **request_)
    assert response.status_code == status
    assert words in response.get_json()["detail"]


def test_models_without_a_page_network_are_refused(client, seven):
    response = ask(client, seven, model="cats-dogs")
    assert response.status_code == 400
    assert "no network that looks at whole pages" in response.get_json()["detail"]
    assert ask(client, seven, model="nobody").status_code == 404
