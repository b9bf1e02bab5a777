"""Whoever is asked says the same of a picture: site, gallery, command line, native door."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

import cnn
from cnn.cli import main
from tests.app.native.peer import Peer
from tests.app.pictures import encode
from tests.app.verdicts import PICTURES
from tests.app.visitor import Visitor


def grey_of(url):
    data = base64.b64decode(url.partition(";base64,")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), int)


@pytest.mark.parametrize("name", PICTURES)
def test_all_say_the_same(client, serve, tmp_path, capsys, name):
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
        for key in ("text", "digits", "refusal", "unfinished", "left_out"):
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

    with Peer(serve(answer=60).port) as peer:
        code, digit, confidence = peer.ask("RIPP", "picture.png", picture)
    assert code == "RIPR"
    if site["digits"]:
        largest = max(site["digits"], key=lambda d: d["box"][2] * d["box"][3])
        assert int(digit) == largest["digit"]
        assert float(confidence) == pytest.approx(largest["confidence"], abs=1e-6)
    else:
        # Old clients show a digit whatever comes: the best guess, as sure as one in ten.
        assert int(digit) == (0 if read.guess is None else read.guess.digit)
        assert float(confidence) == 0.1


@pytest.mark.parametrize("name", PICTURES)
def test_the_gallery_says_what_the_reader_said(app, name):
    ann, picture = Visitor(app).sign_up("ann"), encode(PICTURES[name])
    site = ann.predict(picture).get_json()
    code = site["refusal"] and site["refusal"]["code"]
    is_one = len(site["digits"]) == 1 and site["unfinished"] is None
    assert (site["image_id"] is not None) == is_one
    # With its writer's label, what was refused is kept too, unless nothing is there.
    labelled = ann.predict(picture, "store=1&label=none").get_json()
    assert (labelled["image_id"] is not None) == (is_one or (code or "blank") != "blank")
    if labelled["image_id"] is None:
        return
    page = ann.get(f"/gallery/{labelled['image_id']}").text
    [tile] = re.findall(r'<li class="tile[ "][^>]*>', ann.get("/gallery/").text)
    if is_one:
        found = site["digits"][0]
        assert f"The network read a {found['digit']}" in page
        assert f'data-digit="{found["digit"]}"' in tile
        [sure] = re.findall(r'data-sure="(?:&gt;)?([\d.]+)', tile)
        assert float(sure) == pytest.approx(100 * found["confidence"], abs=0.11)
    else:
        assert "The network saw no digit." in page
        assert 'data-sure=""' in tile
    # What is stored is smaller, and still explained as what was read.
    stored = ann.get(f"/gallery/{labelled['image_id']}.png").data
    told = ann.send("POST", "/explain", data=stored, content_type="image/png").get_json()
    assert told["text"] == site["text"]
    assert (told["refusal"] and told["refusal"]["code"]) == code


@pytest.mark.parametrize("name", ["a letter", "a triangle"])
def test_why_it_is_no_digit_is_told_in_numbers(client, name):
    picture = encode(PICTURES[name])
    doubt = client.post("/explain", data=picture, content_type="image/png").get_json()["doubt"]
    assert doubt["reason"] == "something_else"
    assert doubt["likeness"] < doubt["least_likeness"]
