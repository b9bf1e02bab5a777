"""Whoever is asked says the same of a picture: site, explanation, command line, native door."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import cnn
from benchmarks.attack.hostile import sevens
from cnn.cli import main
from tests.app.pictures import draw, encode

ONE, SEVEN = [(140, 50), (140, 230)], [(60, 60), (210, 60), (110, 230)]
FOUR = [(170, 230), (170, 50), (60, 170), (220, 170)]


def written(text):
    image = Image.new("RGB", (280, 280), "white")
    font = ImageFont.load_default(200)
    ImageDraw.Draw(image).text((140, 140), text, "black", font, anchor="mm")
    return image


def dots(count):
    image, random = draw(), np.random.default_rng(1)
    for x, y in random.uniform(20, 260, (count, 2)):
        ImageDraw.Draw(image).circle((x, y), 8, "black")
    return image


def beside(*images):
    page = Image.new("RGB", (280 * len(images), 280), "white")
    for number, image in enumerate(images):
        page.paste(image, (280 * number, 0))
    return page


def grey_of(url):
    data = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), int)


PICTURES = {
    "a seven": draw(SEVEN),
    "a letter": written("A"),
    "another letter": written("W"),
    "a triangle": draw([(60, 220), (140, 60), (220, 220), (60, 220)]),
    "a dot": dots(1),
    "twenty dots": dots(20),
    "nothing": draw(),
    "noise": Image.fromarray(np.random.default_rng(2).integers(0, 256, (90, 90), np.uint8)),
    "three digits": beside(draw(FOUR), draw(ONE), draw(SEVEN)),
    "digits that touch": Image.open(io.BytesIO(sevens(30, 60))).convert("L").crop((0, 0, 49, 24)),
    "more than is read": Image.open(io.BytesIO(sevens(30, 60))).convert("L"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_all_say_the_same(client, peer, tmp_path, capsys, name):
    picture = encode(PICTURES[name])

    def ask(route, **query):
        answer = client.post(route, data=picture, content_type="image/png", query_string=query)
        return answer.get_json()

    read = cnn.read(cnn.load_model(), picture)
    site = ask("/predict", normalised=1)
    assert site["text"] == read.text
    assert site["refusal"] is None or not site["digits"]

    for number in {0, len(site["digits"]) // 2, max(1, len(site["digits"])) - 1}:
        answer = ask("/explain", digit=number)
        for key in ("text", "digits", "refusal", "left_out"):
            assert answer[key] == site[key]
        if site["digits"]:
            one = site["digits"][number]
            assert answer["digit"] == one["digit"] == answer["winner"]["digit"]
            assert answer["confidence"] == pytest.approx(one["confidence"], abs=1e-5)
            assert answer["box"] == one["box"]
            seen, shown = map(grey_of, (one["normalised"], answer["stages"][-1]["image"]))
            np.testing.assert_allclose(seen, shown, atol=1)  # rounded, down or to even
        else:
            assert answer["digit"] is answer["confidence"] is None
            assert answer["doubt"]["reason"]

    path = tmp_path / "picture.png"
    path.write_bytes(picture)
    assert main(["predict", "--json", str(path)]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["text"] == site["text"]
    assert [d["digit"] for d in line["digits"]] == [d["digit"] for d in site["digits"]]

    code, digit, confidence = peer.ask("RIPP", "picture.png", picture)
    assert code == "RIPR"
    if site["digits"]:
        largest = max(site["digits"], key=lambda d: d["box"][2] * d["box"][3])
        assert int(digit) == largest["digit"]
        assert float(confidence) == pytest.approx(largest["confidence"], abs=1e-6)
    else:
        assert float(confidence) == 0.1


@pytest.mark.parametrize("name", ["a letter", "a triangle"])
def test_why_it_is_no_digit_is_told_in_numbers(client, name):
    picture = encode(PICTURES[name])
    doubt = client.post("/explain", data=picture, content_type="image/png").get_json()["doubt"]
    assert doubt["reason"] == "something_else"
    assert doubt["likeness"] < doubt["least_likeness"]
