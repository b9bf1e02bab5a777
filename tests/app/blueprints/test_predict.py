import base64
import io
import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app import create_app
from app.config import Settings
from app.services.pictures.images import encode_for_store
from cnn.data.formats import FORMAT_NAMES
from tests.app.pictures import draw, encode, png_bomb

KEYS = [
    "digit",
    "confidence",
    "probabilities",
    "refusal",
    "unfinished",
    "left_out",
    "digits",
    "text",
    "model",
    "elapsed_ms",
    "image_id",
    "kept",
]


MULTIPART = "multipart/form-data; boundary=line"


def ask(client, data, kind="image/png", **options):
    return client.post("/predict", data=data, content_type=kind, **options)


def multipart(body):
    head = b'--line\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    return head + body + b"\r\n--line--\r\n"


def test_what_was_left_out_is_listed_and_signs_stand_in_the_text_if_asked_for(client):
    page = Image.new("L", (500, 200), 255)
    for left in (40, 230):
        pen = ImageDraw.Draw(page)
        pen.line([(left, 50), (left + 80, 50), (left + 35, 150)], fill=0, width=12, joint="curve")
    ImageDraw.Draw(page).circle((170, 145), 8, fill=0)
    plain = ask(client, encode(page)).get_json()
    assert plain["text"] == "77"
    [point] = plain["left_out"]
    assert list(point) == ["box", "why"]
    assert point["why"] == "point"
    left, top, width, height = point["box"]
    assert left < 170 < left + width
    assert top < 145 < top + height
    assert plain["unfinished"] is None
    signed = ask(client, encode(page), query_string={"signs": 1}).get_json()
    assert signed["text"] == "7.7"
    for key in ("digits", "left_out"):
        assert signed[key] == plain[key]
    assert ask(client, encode(page), query_string={"signs": "x"}).status_code == 400


def test_answer_has_the_documented_form(client, seven):
    response = ask(client, seven)
    answer = response.get_json()
    assert response.status_code == 200
    assert list(answer) == KEYS
    assert answer["digit"] == 7
    assert answer["text"] == "7"
    assert answer["refusal"] is None
    assert answer["image_id"] is None
    assert answer["confidence"] == max(answer["probabilities"]) > 0.5
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    (only,) = answer["digits"]
    assert list(only) == [
        "digit",
        "confidence",
        "probabilities",
        "alternatives",
        "because",
        "box",
    ]
    left, top, width, height = only["box"]
    assert left == pytest.approx(50, abs=12)
    assert top == pytest.approx(50, abs=12)
    assert width == pytest.approx(170, abs=20)
    assert height == pytest.approx(190, abs=20)


def test_every_form_of_request_gives_the_same_answer(client, seven):
    text = base64.b64encode(seven).decode()
    answers = [
        ask(client, seven),
        client.post("/predict", data={"image": (io.BytesIO(seven), "seven.png")}),
        client.post("/predict", json={"image": f"data:image/png;base64,{text}"}),
    ]
    digits = [answer.get_json()["digits"] for answer in answers]
    assert digits[0]
    assert digits[0] == digits[1] == digits[2]


def test_normalised_picture_can_be_sent_back_as_pixels(client, seven):
    answer = ask(client, seven, query_string={"normalised": "1"}).get_json()
    url = answer["digits"][0]["normalised"]
    picture = Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,"))))
    assert picture.size == (28, 28)
    pixels = np.asarray(picture).ravel().tolist()
    forms = [pixels, [p / 255 for p in pixels], ",".join(map(str, pixels))]
    for form in forms:
        again = client.post("/predict", json={"pixels": form}).get_json()
        assert again["digit"] == 7
        assert again["confidence"] == pytest.approx(answer["confidence"], abs=0.01)
        assert again["digits"][0]["box"] == [0, 0, 28, 28]


def test_several_digits_are_spelt_in_reading_order(client):
    page = Image.new("RGB", (600, 620), "white")
    one, seven = draw([(140, 50), (140, 230)]), draw([(60, 60), (210, 60), (110, 230)])
    for place, picture in (((0, 0), one), ((300, 0), seven), ((0, 320), seven), ((300, 320), one)):
        page.paste(picture, place)
    answer = ask(client, encode(page)).get_json()
    assert answer["text"] == "17\n71"
    assert [digit["digit"] for digit in answer["digits"]] == [1, 7, 7, 1]
    assert answer["digit"] is answer["confidence"] is answer["probabilities"] is None


@pytest.mark.parametrize("colour", ["white", "black", "grey"])
def test_a_blank_page_is_never_a_digit(client, colour):
    answer = ask(client, encode(Image.new("RGB", (280, 280), colour))).get_json()
    assert answer["digit"] is None
    assert answer["digits"] == []
    assert answer["text"] == ""
    assert answer["refusal"]["code"] == "blank"
    assert "blank" in answer["refusal"]["message"]


@pytest.mark.parametrize("value", [0, 1, 255, 0.5])
def test_blank_pixels_are_never_a_digit(client, value):
    answer = client.post("/predict", json={"pixels": [value] * 784}).get_json()
    assert answer["digit"] is None
    assert answer["refusal"]["code"] == "blank"


def problem(response, status):
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert len(body["detail"]) > 20
    return body["detail"]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, 400),
        ({"data": {}}, 400),
        ({"data": {"image": "text, not a file"}}, 400),
        ({"data": {"picture": (io.BytesIO(b"x"), "x.png")}}, 400),
        ({"data": b"", "content_type": "image/png"}, 400),
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"json": {}}, 400),
        ({"json": []}, 400),
        ({"json": {"image": 7}}, 400),
        ({"json": {"image": "data:text/plain;base64,AAAA"}}, 400),
        ({"json": {"image": "data:image/png;base64,!!!!"}}, 400),
        ({"json": {"pixels": [0] * 783}}, 400),
        ({"json": {"pixels": None}}, 400),
        ({"json": {"pixels": {"0": 1}}}, 400),
        ({"json": {"pixels": ["x"] * 784}}, 400),
        ({"json": {"pixels": [True] * 784}}, 400),
        ({"json": {"pixels": [-1] + [0] * 783}}, 400),
        ({"json": {"pixels": [256] + [0] * 783}}, 400),
        ({"json": {"pixels": [[0] * 28] * 28}}, 400),
        ({"json": {"pixels": "1,2,3"}}, 400),
        ({"json": {"pixels": [float("nan")] + [0] * 783}}, 400),
        ({"json": {"pixels": [float("inf")] + [0] * 783}}, 400),
        ({"json": {"pixels": [10**400] + [0] * 783}}, 400),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 400),
        ({"data": b"only text", "content_type": "image/png"}, 415),
        ({"data": b"\x89PNG\r\n\x1a\n", "content_type": "image/png"}, 415),
        ({"data": b"GIF89a", "content_type": "image/gif"}, 415),
        ({"data": {"image": (io.BytesIO(b"only text"), "x.png")}}, 415),
        ({"data": b"0" * 4_000_000, "content_type": "image/png"}, 413),
        ({"data": multipart(b"0" * 4_000_000), "content_type": MULTIPART}, 413),
        ({"data": b"0" * 5_000_000, "content_type": "image/png"}, 413),
        ({"data": png_bomb(4096), "content_type": "image/png"}, 413),
        ({"data": png_bomb(20_000), "content_type": "image/png"}, 413),
    ],
)
def test_what_cannot_be_read_gets_a_problem(client, options, status):
    problem(client.post("/predict", **options), status)


def test_base64_of_a_whole_3_mb_picture_is_accepted(client, seven):
    padded = seven + b"\0" * (3_000_000 - len(seven))
    text = base64.b64encode(padded).decode()
    url = f"data:image/png;base64,{text}"
    assert client.post("/predict", json={"image": url}).status_code == 200
    problem(ask(client, padded + b"\0"), 413)


def test_truncated_jpeg(client):
    jpeg = encode(draw([(60, 60), (210, 60), (110, 230)]), "JPEG")
    assert "damaged" in problem(ask(client, jpeg[: len(jpeg) // 2], "image/jpeg"), 415)


@pytest.mark.parametrize("content_type", ["", "application/octet-stream", "image/x-whatever"])
def test_the_bytes_decide_what_a_picture_is(client, seven, content_type):
    assert ask(client, seven, content_type).get_json()["text"] == "7"
    url = f"data:{content_type};base64,{base64.b64encode(seven).decode()}"
    assert client.post("/predict", json={"image": url}).get_json()["text"] == "7"
    detail = problem(ask(client, b"only text", content_type), 415)
    for name in FORMAT_NAMES.split(", "):
        assert name in detail


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_a_phones_photo_is_read_and_stored_by_its_bytes(client, format):
    photo = encode(draw([(60, 60), (210, 60), (110, 230)]), format)
    answer = client.post("/predict", data={"image": (io.BytesIO(photo), "photo")}).get_json()
    assert answer["text"] == "7"
    x, y, width, height = answer["digits"][0]["box"]
    assert np.abs(np.subtract((x, y, x + width, y + height), (60, 50, 221, 236))).max() < 4
    assert encode_for_store(photo).startswith(b"\x89PNG")


def test_other_formats_than_the_named_are_refused(client):
    problem(ask(client, encode(Image.new("RGB", (50, 50)), "ICO"), "image/x-icon"), 415)
    problem(ask(client, encode(Image.new("L", (50, 50)), "PPM"), "image/png"), 415)


def test_more_than_20_a_second_are_slowed_except_from_this_machine(settings):
    limited = create_app(
        Settings(instance_path=settings.instance_path, predict_limit="2 per minute")
    ).test_client()
    codes = [
        limited.post("/predict", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code
        for _ in range(4)
    ]
    assert codes == [400, 400, 429, 429]
    last = limited.post("/predict", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert "moment" in problem(last, 429)
    assert int(last.headers["Retry-After"]) > 0
    assert limited.post("/predict").status_code == 400


def test_predict_needs_no_csrf_token_and_gives_no_cookie(client, seven):
    assert ask(client, seven).headers.get("Set-Cookie") is None


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html", ""])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_wrong_method_is_explained(client, method, accept):
    response = client.open("/predict", method=method, headers={"Accept": accept})
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.content_type == "application/problem+json"


def test_a_wrong_method_for_a_page_is_answered_by_a_page(client):
    response = client.put("/signup", headers={"Accept": "*/*"})
    assert response.status_code == 405
    assert response.mimetype == "text/html"


def test_all_forms_of_a_picture_are_named_where_there_is_none(client):
    detail = problem(client.post("/predict"), 400)
    for form in ("'image'", "image/…", "application/octet-stream", "of none", '"pixels"'):
        assert form in detail


@pytest.mark.parametrize("name", ["store", "normalised"])
def test_a_switch_is_on_or_off(client, seven, name):
    for wrong in ("banana", "true", "", "01", f"0&{name}=1"):
        detail = problem(client.post(f"/predict?{name}={wrong}", data=seven), 400)
        assert detail == f"The value of {name} must be 0 or 1."
    off = client.post(f"/predict?{name}=0", data=seven)
    assert off.status_code == 200
    assert "normalised" not in off.get_json()["digits"][0]
