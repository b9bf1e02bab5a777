"""Streams over HTTP: cameras send frames with a key, administrators alone watch."""

import base64
import io
import time

import pytest
from PIL import Image

from app.config import Settings
from app.services.streams import MOST_FEEDS, Seen, Stream
from tests.app.pictures import draw, encode, photograph_of
from tests.app.visitor import PASSWORD, Visitor

JSON = {"Accept": "application/json"}
JPEG = encode(draw([(60, 60), (210, 60), (110, 230)]), "JPEG")


@pytest.fixture
def site(app):
    """A site of this test's own: streams are in memory, for seconds."""
    return app


@pytest.fixture
def admin(ann, services):
    services.accounts.make_admin("ann")
    return ann


@pytest.fixture
def visitor(site):
    return Visitor(site)


def join(visitor):
    answer = visitor.send("POST", "/streams")
    assert answer.status_code == 201, answer.json
    return answer.json


def send(visitor, camera, picture=JPEG, **query):
    query = {"stream": camera["key"], **query}
    return visitor.send(
        "POST", "/predict", query_string=query, data=picture, content_type="image/jpeg"
    )


def look(admin, since=None):
    query = {} if since is None else {"frames_since": since}
    answer = admin.get("/streams", query_string=query, headers=JSON)
    assert answer.status_code == 200, answer.json
    return answer.json


def ask(visitor, path, given=None):
    headers = {"X-CSRFToken": visitor.token(), **JSON}
    return visitor.send("POST", path, json=given, headers=headers)


def test_a_camera_of_a_visitor_is_seen_by_an_administrator(admin, visitor):
    camera = join(visitor)
    answer = send(visitor, camera).json
    assert (answer["text"], answer["watched"]) == ("7", False)
    assert camera["name"] == f"Camera {camera['id'][:4]}"
    first = look(admin, since=0)
    assert first["again_ms"] >= 250
    (seen,) = first["streams"]
    assert (seen["id"], seen["name"], seen["kind"]) == (camera["id"], camera["name"], "browser")
    assert (seen["text"], seen["frame"], seen["latency_ms"]) == ("7", None, None)
    assert seen["confidence"] > 0.9
    assert send(visitor, camera, latency_ms=81, dropped=2).json["watched"] is True
    second = look(admin, since=first["now"])
    (seen,) = second["streams"]
    assert (seen["latency_ms"], seen["dropped"]) == (81, 2)
    kind, _, data = seen["frame"].partition(",")
    assert kind == "data:image/jpeg;base64"
    assert base64.b64decode(data) == JPEG
    assert look(admin, since=second["now"] + 1000)["streams"][0]["frame"] is None


def test_all_who_watch_get_the_same_which_is_made_once(admin, bob, visitor, services, monkeypatch):
    services.accounts.make_admin("bob")
    looks = []
    look_once = services.streams.look

    def counted(**how):
        looks.append(how)
        return look_once(**how)

    monkeypatch.setattr(services.streams, "look", counted)
    camera = join(visitor)
    send(visitor, camera)
    first = look(admin, since=0)
    others = [look(bob, since=0), look(admin, since=first["now"] - 10_000)]
    assert [answer["now"] for answer in others] == [first["now"]] * 2
    assert [answer["streams"] for answer in others] == [first["streams"]] * 2
    assert len(looks) == 1
    assert look(admin, since=first["now"])["now"] > first["now"]  # nobody gets one twice
    assert ask(bob, f"/streams/{camera['id']}/name", {"name": "Table 4"}).status_code == 200
    assert look(admin, since=0)["streams"][0]["name"] == "Table 4"  # what was changed is seen
    pauses = [look(bob, since=0)["again_ms"] for _ in range(40)]
    assert pauses[0] < pauses[-1] <= 5000


def test_who_watches_a_wall_gets_nothing_that_was_made_for_others(admin, bob, visitor, site):
    wall = bob.post("/walls", title="Class 5b").headers["Location"]
    send(visitor, join(visitor))
    assert len(look(admin, since=0)["streams"]) == 1
    assert look(bob, since=0)["streams"] == []
    assert bob.get(wall, headers=JSON, query_string={"since": 0}).json["participants"] == []


def test_frames_are_not_packed_once_more(admin):
    headers = {**JSON, "Accept-Encoding": "gzip"}
    for _ in range(12):  # enough that it would be worthwhile
        send(admin, join(admin))
    answer = admin.get("/streams?frames_since=0", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store, no-transform"


def test_a_person_is_named_and_other_models_and_pixels_are_frames_too(admin, bob):
    camera = join(bob)
    assert camera["name"] == "bob"
    send(bob, camera, photograph_of("cat"), model="cats-dogs")
    assert look(admin)["streams"][0]["text"] == "cats"
    blank = bob.send(
        "POST", "/predict", query_string={"stream": camera["key"]}, json={"pixels": [0] * 784}
    )
    assert blank.status_code == 200
    (seen,) = look(admin, since=0)["streams"]
    assert (seen["text"], seen["confidence"], seen["frame"]) == ("", None, None)


def test_the_answer_is_that_of_a_single_picture(admin, visitor):
    camera = join(visitor)
    of_stream = send(visitor, camera).json
    alone = visitor.send("POST", "/predict", data=JPEG, content_type="image/jpeg").json
    assert not {"watched", "again_ms"} & alone.keys()
    for answer in (of_stream, alone):
        answer.pop("elapsed_ms")
        answer.pop("watched", None)
        answer.pop("again_ms", None)
    assert of_stream == alone


def test_cameras_are_told_when_to_send_the_next_frame_and_drawings_are_not(visitor, services):
    camera = join(visitor)
    send(visitor, camera)
    for _ in range(100):  # other cameras
        services.pace.again_ms()
    assert 300 < send(visitor, camera).json["again_ms"] <= 3000
    blank = {"pixels": [0] * 784}
    drawn = visitor.send(
        "POST", "/predict", query_string={"stream": camera["key"], "normalised": 1}, json=blank
    )
    assert (drawn.json["watched"], "again_ms" in drawn.json) == (False, False)


def test_a_frame_that_waited_too_long_is_dropped_and_said_to_be(visitor):
    camera = join(visitor)
    arrived = {"digitnet.arrived": time.monotonic() - 1}
    send(visitor, camera)
    query = {"stream": camera["key"]}
    options = {"data": JPEG, "content_type": "image/jpeg"}
    answer = visitor.send(
        "POST", "/predict", query_string=query, environ_overrides=arrived, **options
    )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert "left out" in answer.json["detail"]
    alone = visitor.send("POST", "/predict", environ_overrides=arrived, **options)
    assert alone.status_code == 200


def test_the_status_counts_streams(visitor):
    assert visitor.get("/status").json["streams"] == 0
    send(visitor, join(visitor))
    assert visitor.get("/status").json["streams"] == 1


@pytest.mark.parametrize("who", ["visitor", "bob"])
def test_nobody_else_sees_or_does_anything(admin, visitor, bob, who):
    other = visitor if who == "visitor" else bob
    camera = join(admin)
    send(admin, camera)
    refused = 401 if who == "visitor" else 403
    assert other.get("/streams", headers=JSON).status_code == refused
    assert other.get(f"/video_feed/{camera['id']}", headers=JSON).status_code == refused
    for action in ("name", "disconnect"):
        answer = ask(other, f"/streams/{camera['id']}/{action}", {"name": "x"})
        assert answer.status_code == refused
    assert look(admin)["streams"][0]["name"] == "ann"


def test_a_page_that_is_not_ones_own_says_so(bob, visitor):
    assert "Only administrators" in bob.get("/streams").text
    assert visitor.get("/streams").status_code == 302


def test_another_name_and_a_disconnection(admin, visitor):
    camera = join(visitor)
    send(visitor, camera)
    path = f"/streams/{camera['id']}"
    assert ask(admin, f"{path}/name", {"name": " Table 4 "}).json["name"] == "Table 4"
    send(visitor, camera)
    assert look(admin)["streams"][0]["name"] == "Table 4"
    for wrong in ("", "a\nb", "x" * 41, 4, None):
        assert ask(admin, f"{path}/name", {"name": wrong}).status_code == 400
    assert ask(admin, f"{path}/disconnect").status_code == 200
    assert look(admin)["streams"] == []
    answer = send(visitor, camera)
    assert answer.status_code == 410
    assert "disconnected" in answer.json["detail"]
    assert ask(admin, f"{path}/disconnect").status_code == 404
    assert send(visitor, join(visitor)).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"stream": "none"}, "key"),
        ({"latency_ms": "-1"}, "latency_ms"),
        ({"dropped": "many"}, "dropped"),
        ({"dropped": "1" * 400}, "dropped"),
        ({"dropped": "1000001"}, "dropped"),
    ],
)
def test_what_cannot_be_is_refused(visitor, query, words):
    answer = send(visitor, join(visitor), **query)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_a_key_of_another_site_is_none_of_this_one(open_app, tmp_path, visitor):
    other = Visitor(open_app(Settings(instance_path=tmp_path / "other")))
    assert send(visitor, join(other)).status_code == 400


def test_nobody_begins_streams_without_end(site):
    visitor = Visitor(site, address="198.51.100.7")
    answers = [visitor.send("POST", "/streams").status_code for _ in range(61)]
    assert answers == [201] * 60 + [429]


def parts_of(feed):
    """Yield the pictures of a feed."""
    data = b""
    for piece in feed:
        data += piece
        while (start := data.find(b"\r\n\r\n")) >= 0:
            head = data[:start]
            length = int(head.rpartition(b"Content-Length: ")[2])
            if len(data) < start + 4 + length:
                break
            yield Image.open(io.BytesIO(data[start + 4 :][:length]))
            data = data[start + 4 + length + 2 :]


def test_a_feed_is_mjpeg_with_the_answers_drawn_in(admin, visitor):
    camera = join(visitor)
    look(admin, since=0)
    send(visitor, camera)
    with admin.send("GET", f"/video_feed/{camera['id']}", buffered=False) as answer:
        assert answer.mimetype == "multipart/x-mixed-replace"
        assert answer.mimetype_params == {"boundary": "frame"}
        pictures = parts_of(answer.response)
        assert next(pictures).size == (280, 280)
        send(visitor, camera)
        assert next(pictures).format == "JPEG"
    for _ in range(2 * MOST_FEEDS):  # those that were closed make room
        admin.send("GET", f"/video_feed/{camera['id']}", buffered=False).close()


def test_a_feed_ends_when_its_viewer_logs_out(admin, visitor, monkeypatch):
    monkeypatch.setattr("app.blueprints.streams.views._ASKED_EVERY", 0.0)
    camera = join(visitor)
    look(admin, since=0)
    send(visitor, camera)
    with admin.send("GET", f"/video_feed/{camera['id']}", buffered=False) as answer:
        pictures = parts_of(answer.response)
        assert next(pictures)
        send(visitor, camera)
        assert next(pictures)
        admin.post("/logout")
        send(visitor, camera)
        assert list(pictures) == []


def test_a_feed_ends_when_the_token_that_opened_it_is_revoked(
    site, admin, visitor, services, monkeypatch
):
    monkeypatch.setattr("app.blueprints.streams.views._ASKED_EVERY", 0.0)
    owner = services.accounts.log_in("ann", PASSWORD, address="").person.id
    one, other = (services.tokens.make(owner, name) for name in ("one", "other"))
    camera = join(visitor)
    look(admin, since=0)
    send(visitor, camera)
    program, options = Visitor(site), {"buffered": False}
    path = f"/video_feed/{camera['id']}"
    feeds = [
        program.send("GET", path, headers={"Authorization": f"Bearer {token.text}"}, **options)
        for token in (one, other)
    ]
    pictures = [parts_of(feed.response) for feed in feeds]
    assert all(map(next, pictures))
    assert services.tokens.revoke(owner, one.token.id)
    admin.post("/logout", everywhere="1")  # which ends sessions, and no tokens
    send(visitor, camera)
    assert list(pictures[0]) == []
    assert next(pictures[1])
    for feed in feeds:
        feed.close()


def test_beyond_the_cap_of_viewers_the_answer_is_503(admin, visitor):
    camera = join(visitor)
    look(admin, since=0)
    send(visitor, camera)
    path = f"/video_feed/{camera['id']}"
    opened = [admin.send("GET", path, buffered=False) for _ in range(MOST_FEEDS)]
    refused = admin.get(path, headers=JSON)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "at most 8" in refused.json["detail"]
    for answer in opened:
        answer.close()


def test_native_frames_are_not_shown_unless_that_is_allowed(admin, services):
    native = Stream("6f0c37c5-6b7e-4d5e-8d5a-3d6f4f0e7f01", "127.0.0.1", "native", time.time())
    first = look(admin, since=0)
    for _ in range(2):
        services.streams.finish(services.streams.begin(native), Seen("7", 0.9), JPEG)
    (seen,) = look(admin, since=first["now"])["streams"]
    assert (seen["text"], seen["frame"], seen["shows_frames"]) == ("7", None, False)
    answer = admin.get(f"/video_feed/{native.id}", headers=JSON)
    assert answer.status_code == 403
    assert "DIGITNET_STREAM_NATIVE_FRAMES" in answer.json["detail"]
