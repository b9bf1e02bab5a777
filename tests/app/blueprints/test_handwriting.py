"""One's own handwriting: a sheet that is sent, what is written with it, and that it goes again."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select

import cnn
from app.storage.models import HandSample
from app.web.services import services_of
from tests.app.database import reading
from tests.app.pictures import data_url, draw, encode
from tests.app.visitor import Visitor


def detail_of(answer, status=400):
    assert answer.status_code == status, answer.text
    return answer.get_json()["detail"]


def seven(shift):
    strokes = [(60 + shift, 60), (210 + shift, 60), (110 + shift, 230 - 2 * shift)]
    return encode(draw(strokes))


def five(shift):
    """A five whose bar stands apart from it."""
    body = [(90, 70), (85, 140), (180, 150), (190, 220 - shift), (80, 235)]
    return encode(draw(body, [(120 + shift, 70), (200, 66)]))


def sheet_of(make, count=5):
    return [data_url(make(shift)) for shift in range(count)]


def send(visitor, **sheet):
    headers = {"X-CSRFToken": visitor.token()}
    return visitor.send("POST", "/generate/handwriting", json=sheet, headers=headers)


def write(visitor, query="as=png", **order):
    return visitor.send("POST", f"/generate?{query}", json={"style": "mine", **order})


def arrays_of(visitor, digits, **order):
    answer = write(visitor, "as=npz", digits=digits, **order)
    assert answer.status_code == 200, answer.text
    with np.load(io.BytesIO(answer.data)) as arrays:
        return arrays["images"], arrays["labels"]


def count_rows():
    with reading() as session:
        return session.scalar(select(func.count()).select_from(HandSample))


def test_what_surely_reads_as_another_digit_is_told_and_taken_all_the_same(ann):
    sevens, fives = sheet_of(seven), sheet_of(five)
    answer = send(ann, samples={"7": sevens, "5": [*fives[:2], sevens[0], *fives[3:]]}).get_json()
    assert answer["misread"] == [{"digit": 5, "place": 3, "read": 7}]
    assert answer["digits"]["5"] == 5
    assert send(ann, samples={"5": fives}).get_json()["misread"] == []


def test_a_sheet_is_written_with_and_deleted(ann, bob, site):
    answer = send(ann, samples={"7": sheet_of(seven), "5": sheet_of(five, 4)})
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["kept"] == 0
    assert answer.get_json()["digits"] == {
        str(digit): {5: 4, 7: 5}.get(digit, 0) for digit in range(10)
    }
    images, labels = arrays_of(ann, "7777")
    assert labels.tolist() == [7] * 4
    assert (cnn.load_model().predict(images[:, None]).argmax(axis=1) == 7).mean() >= 0.75
    assert "fewer of: 5." in detail_of(write(ann, digits="75"))
    assert "fewer of: 7." in detail_of(write(bob, digits="7"))
    assert ann.gallery() == []
    assert "Your sheet of" in ann.get("/generate").text
    assert 'value="75"' in ann.get("/generate?style=mine&text=75").text
    assert 'value="7x"' in ann.get("/generate?text=7x").text
    assert 'value="31415"' in ann.get("/generate").text
    assert "Your sheet of" not in bob.get("/generate").text
    bob.post("/generate/handwriting/delete")
    assert write(ann, digits="7").status_code == 200
    assert ann.post("/generate/handwriting/delete").location.endswith("/generate#own")
    assert "fewer of: 7." in detail_of(write(ann, digits="7"))
    with site.app_context():
        assert count_rows() == 0


def test_a_digit_that_is_sent_again_replaces_what_was_there(ann):
    assert send(ann, samples={"7": sheet_of(seven), "5": sheet_of(five)}).status_code == 200
    before, _ = arrays_of(ann, "5", spread=0)
    answer = send(ann, samples={"5": sheet_of(five, 3)})
    assert answer.get_json()["digits"]["5"] == 3
    assert answer.get_json()["digits"]["7"] == 5
    assert send(ann, samples={"5": sheet_of(seven)}).status_code == 200
    after, _ = arrays_of(ann, "5", spread=0)
    assert not np.array_equal(before, after)


def test_what_is_kept_is_a_labelled_picture_too(ann, bob):
    answer = send(ann, samples={"7": sheet_of(seven, 3), "5": sheet_of(five, 1)}, keep=True)
    assert (answer.get_json()["kept"], answer.get_json()["not_kept"]) == (4, None)
    mine = ann.gallery("mine=1&digit=7")
    assert len(mine) == 3
    assert "Drawn on this site" in ann.get(f"/gallery/{mine[0]}").text
    # Those that are on the sheet and kept count once.
    assert "fewer of: 7." in detail_of(write(ann, digits="7"))
    for shift in (30, 35):
        ann.label(ann.keep(seven(shift)), "7")
    assert write(ann, digits="7").status_code == 200
    ann.post("/generate/handwriting/delete")
    assert sorted(ann.gallery("mine=1&digit=7"))[0] in bob.gallery("digit=7")


def test_a_sheet_counts_though_no_more_labels_are_allowed(ann, site, monkeypatch):
    labels = site.extensions["services"].images._labels
    monkeypatch.setattr(site.extensions["services"].images, "_labels", replace(labels, limit=2))
    answer = send(ann, samples={"7": sheet_of(seven)}, keep=True).get_json()
    assert (answer["digits"]["7"], answer["kept"]) == (5, 2)
    assert answer["not_kept"].startswith("You have labelled 2 pictures, the most for one person.")
    assert len(ann.gallery("mine=1&digit=7")) == 2
    assert write(ann, digits="7").status_code == 200


def test_the_sheet_goes_with_the_account(ann, site):
    send(ann, samples={"7": sheet_of(seven)})
    with site.app_context():
        assert count_rows() == 5
    assert ann.post("/account/delete", password="correct horse").status_code == 302
    with site.app_context():
        assert count_rows() == 0


def test_nothing_is_taken_of_a_sheet_with_a_fault(ann, site):
    blank = data_url(encode(Image.new("L", (280, 280), 255)))
    words = detail_of(send(ann, samples={"7": [*sheet_of(seven, 2), blank]}))
    assert words.startswith("In box 3 of the digit 7 nothing is written.")
    tiny = data_url(encode(Image.new("L", (1, 2), 255)))
    assert "nothing is written" in detail_of(send(ann, samples={"7": [tiny]}))
    broken = data_url(seven(0)[:200])
    assert "incomplete or damaged" in detail_of(send(ann, samples={"7": [broken]}), 415)
    huge = data_url(encode(Image.new("L", (5000, 4000), 255)))
    assert "megapixels" in detail_of(send(ann, samples={"7": [huge]}), 413)
    with site.app_context():
        assert count_rows() == 0


@pytest.mark.parametrize(
    "sheet",
    [
        {},
        {"samples": {}},
        {"samples": []},
        {"samples": {"10": ["data:image/png;base64,"]}},
        {"samples": {"7": []}},
        {"samples": {"7": "data:image/png;base64,"}},
        {"samples": {"7": ["data:image/png;base64,"] * 6}},
        {"samples": {"7": sheet_of(seven, 1)}, "keep": "yes"},
    ],
)
def test_a_sheet_that_is_none_is_explained(ann, sheet):
    assert "must name digits, each with a list of 1 to 5" in detail_of(send(ann, **sheet))


def test_who_may_send_one(ann, site):
    visitor = Visitor(site)
    assert "Log in first" in detail_of(send(visitor, samples={"7": sheet_of(seven)}), 401)
    assert detail_of(send(ann, samples={"7": ["x"]})).startswith('"samples" must be a data URL')
    assert "none but these in it: keep, samples" in detail_of(send(ann, style="mine"))
    answer = ann.send("POST", "/generate/handwriting", json={"samples": {"7": sheet_of(seven)}})
    assert "reload the page" in detail_of(answer)
    token = services_of(site).tokens.make_for("ann", "program").text
    answer = Visitor(site).send(
        "POST",
        "/generate/handwriting/delete",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
    )
    assert answer.get_json()["digits"]["7"] == 0


def keep_sevens(visitor, count):
    for shift in range(count):
        visitor.label(visitor.keep(seven(shift)), "7")


def test_a_number_in_ones_own_hand(ann, bob, site):
    words = detail_of(write(ann, digits="707"))
    assert "at least 5 of each digit" in words
    assert "fewer of: 0, 7." in words
    keep_sevens(ann, 5)
    assert "fewer of: 0. Write them" in detail_of(write(ann, digits="707"))
    answer = write(ann, digits="77")
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.data)) as line:
        assert (line.mode, line.height) == ("RGBA", 112)
        assert line.info["Source"] == "made"
        ink = np.asarray(line)
    assert ink[:, :, 3].max() > 200
    assert not ink[:, :, :3].any()
    assert not ink[:, :4, 3].any()
    traced = write(ann, "as=svg", digits="77")
    assert traced.mimetype == "image/svg+xml"
    assert b"<title>7 7</title>" in traced.data
    assert "fewer of: 7." in detail_of(write(bob, digits="77"))
    assert write(Visitor(site), digits="77").status_code == 401


def test_what_cannot_be_written_is_said(ann):
    assert "Only the digits 0 to 9 can be made" in detail_of(write(ann))
    assert "has 201 digits; 200 at most" in detail_of(write(ann, digits="7" * 201))
    assert "has 999 digits; 200 at most" in detail_of(write(ann, digits="7", count=999))
