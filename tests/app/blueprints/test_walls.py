"""Walls over HTTP: made with an account, joined without, seen by who made them."""

import base64
import re
from dataclasses import replace

import numpy as np
import pytest

from app.services.walls import MOST_PARTICIPANTS, MOST_WALLS
from app.storage.models import Picture
from tests.app.clock import stop_streams_clock
from tests.app.database import reading
from tests.app.pictures import draw, encode
from tests.app.visitor import Visitor

JSON = {"Accept": "application/json"}
PNG = encode(draw([(60, 60), (210, 60), (110, 230)]))
LETTER = encode(draw([(60, 230), (140, 40), (220, 230)], [(90, 160), (190, 160)]))


@pytest.fixture
def site(app):
    """A site of this test's own: who takes part is in memory, for seconds."""
    return app


@pytest.fixture
def make(ann):
    def one(**given):
        answer = ann.post("/walls", title="Class 5b", **given)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    return one


def join(site, wall, name="Mia", address="127.0.0.1", **given):
    """Let somebody without an account join a wall; return them, and their key."""
    visitor = Visitor(site, address=address)
    answer = visitor.post(f"{wall}/join", name=name, **given)
    assert answer.status_code == 302, answer.text
    page = visitor.get(answer.headers["Location"]).text
    (key,) = re.findall(r'data-key="([^"]+)"', page)
    return visitor, key


def send(visitor, key, picture=PNG, **query):
    return visitor.send(
        "POST",
        "/predict",
        query_string={"stream": key, **query},
        data=picture,
        content_type="image/png",
    )


def look(who, wall, **query):
    answer = who.get(wall, headers=JSON, query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def change(who, wall, changes):
    headers = {"X-CSRFToken": who.token(), **JSON}
    return who.send("POST", wall, json=changes, headers=headers)


def test_the_wall_shows_what_everybody_wrote(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    leo, other = join(site, wall, "Leo", camera="1")
    assert look(ann, wall)["participants"] == []
    mia.send("POST", "/walls/alive", query_string={"stream": key})
    (waiting,) = look(ann, wall)["participants"]
    assert (waiting["name"], waiting["text"], waiting["ink"]) == ("Mia", None, None)
    send(mia, key)
    send(leo, other, LETTER)
    shown = look(ann, wall)
    first, second = shown["participants"]
    assert (first["name"], first["text"]) == ("Mia", "7")
    assert (second["name"], second["text"], second["confidence"]) == ("Leo", "", None)
    for one in (first, second):
        ink = np.frombuffer(base64.b64decode(one["ink"]), np.uint8)
        assert ink.shape == (784,)
        assert ink.max() > 200
    again = look(ann, wall, since=shown["now"] + 1000)
    assert [one["ink"] for one in again["participants"]] == [None, None]


def test_a_reload_finds_back_and_who_leaves_is_a_visitor_again(site, make):
    wall = make()
    mia, key = join(site, wall)
    for page in ("/", "/live"):
        assert f'data-key="{key}"' in mia.get(page).text
    assert "You are on this wall as Mia." in mia.get(wall).text
    assert mia.post("/walls/leave").status_code == 302
    assert "data-key" not in mia.get("/").text
    assert "Your name on the wall" in mia.get(wall).text


def test_who_logs_in_on_a_walls_page_stays_on_the_wall(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    for page in (wall, f"{wall}/join"):
        assert f'href="/login?next={page}"' in mia.get(page).text
        assert f'href="/signup?next={page}"' in mia.get(page).text
    assert 'href="/login"' in mia.get("/").text
    Visitor(site).sign_up("mia")
    assert mia.log_in("mia", next=wall).headers["Location"] == wall
    assert mia.is_logged_in()
    assert f'data-key="{key}"' in mia.get("/").text
    assert "You are on this wall as Mia." in mia.get(wall).text
    mia.log_out()
    assert "data-key" not in mia.get("/").text
    teacher = Visitor(site)
    assert "Your name on the wall" in teacher.get(wall).text
    teacher.log_in("ann", next=wall)
    assert "Everybody write a" in teacher.get(wall).text


def test_who_made_the_wall_takes_part_as_well(ann, make):
    wall = make()
    assert f'href="{wall}/join"' in ann.get(wall).text
    assert "Your name on the wall" in ann.get(f"{wall}/join").text
    assert ann.post(f"{wall}/join", name="Ms Ann").headers["Location"] == "/"
    (key,) = re.findall(r'data-key="([^"]+)"', ann.get("/").text)
    send(ann, key)
    assert [(one["name"], one["text"]) for one in look(ann, wall)["participants"]] == [
        ("Ms Ann", "7")
    ]
    assert "You are on this wall as Ms Ann." in ann.get(f"{wall}/join").text
    assert ann.get("/walls/AAAAAA/join").status_code == 404


def test_a_paused_wall_stays_as_it_is(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    assert change(ann, wall, {"is_paused": True}).json["is_paused"] is True
    assert send(mia, key, LETTER).json["text"] == ""
    assert look(ann, wall)["participants"][0]["text"] == "7"
    alive = mia.send("POST", "/walls/alive", query_string={"stream": key})
    assert alive.json["paused"] is True
    change(ann, wall, {"is_paused": False})
    send(mia, key, LETTER)
    assert look(ann, wall)["participants"][0]["text"] == ""


def test_a_wall_without_names_tells_none(site, ann, make):
    wall = make()
    send(*join(site, wall))
    assert change(ann, wall, {"is_anonymous": True, "expected": "7"}).json["expected"] == "7"
    answer = ann.get(wall, headers=JSON)
    assert "Mia" not in answer.text
    assert answer.json["participants"][0]["name"] is None
    assert change(ann, wall, {"expected": None}).json["expected"] is None


def test_a_closed_wall_is_gone_for_all(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    assert ann.post(f"{wall}/close").status_code == 302
    assert ann.get(wall).status_code == 404
    for answer in (
        send(mia, key),
        mia.send("POST", "/walls/alive", query_string={"stream": key}),
    ):
        assert answer.status_code == 410
        assert "closed" in answer.json["detail"]
    assert "data-key" not in mia.get("/").text


@pytest.mark.parametrize("who", ["nobody", "bob", "Mia"])
def test_only_who_made_it_sees_and_changes_it(site, ann, bob, make, who):
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    other = {"nobody": Visitor(site), "bob": bob, "Mia": mia}[who]
    refused = 403 if who == "bob" else 401
    assert other.get(wall, headers=JSON).status_code == refused
    assert change(other, wall, {"is_paused": True}).status_code == refused
    assert "Class 5b" in other.get(wall).text
    assert "participants" not in other.get(wall).text
    other.post(f"{wall}/close")
    assert look(ann, wall)["wall"]["is_paused"] is False


def test_who_made_the_wall_watches_its_cameras_and_no_others(site, ann, bob, make):
    stranger = Visitor(site)
    alone = stranger.send("POST", "/streams").json
    send(stranger, alone["key"])
    assert ann.get("/streams", headers=JSON).status_code == 403
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    streams = ann.get("/streams?frames_since=0", headers=JSON).json["streams"]
    assert [one["name"] for one in streams] == ["Mia"]
    assert send(mia, key).json["watched"] is True
    assert send(stranger, alone["key"]).json["watched"] is False
    assert ann.get(f"/video_feed/{alone['id']}", headers=JSON).status_code == 404
    assert bob.get("/streams", headers=JSON).status_code == 403
    disconnected = ann.send(
        "POST",
        f"/streams/{streams[0]['id']}/disconnect",
        headers={"X-CSRFToken": ann.token(), **JSON},
    )
    assert disconnected.status_code == 200
    assert send(mia, key).status_code == 410


@pytest.mark.parametrize(
    ("asked", "agreed", "kept"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_corrections_are_kept_only_if_both_want_it(site, ann, make, asked, agreed, kept):
    wall = make(**({"collects": "on"} if asked else {}))
    mia, key = join(site, wall, **({"agrees": "on"} if agreed else {}))
    page = mia.get("/").text
    assert ("participant-correct" in page) is bool(kept)
    assert ("Nothing that you draw or send is stored" in page) is (not kept)
    answer = send(mia, key, label="4")
    assert answer.status_code == (200 if kept else 400)
    assert len(ann.gallery("mine=1")) == kept
    if kept:
        with site.app_context(), reading() as session:
            (picture,) = session.query(Picture).all()
        assert (picture.label, str(picture.id)) == ("4", answer.json["image_id"])
        change(ann, wall, {"collects": False})
        assert send(mia, key, label="4").status_code == 400


def test_a_code_is_found_however_it_is_written(site, make):
    wall = make()
    code = wall.rpartition("/")[2]
    spaced = f" {code[:3].lower()} {code[3:]} "
    answer = Visitor(site).get("/walls", query_string={"code": spaced})
    assert answer.headers["Location"] == wall
    for nonsense in ("NOSUCH", "%00", "A%00", "%F0%9F%98%80"):
        wrong = Visitor(site).get(f"/walls?code={nonsense}")
        assert wrong.status_code == 404
        assert "no wall with this code" in wrong.text


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\nb"])
def test_a_name_that_cannot_be_is_refused(site, make, name):
    answer = Visitor(site).post(f"{make()}/join", name=name)
    assert answer.status_code == 422
    assert "Say a name" in answer.text


@pytest.mark.parametrize("title", ["", "x" * 81, "a\nb"])
def test_a_title_that_cannot_be_is_refused(ann, title):
    answer = ann.post("/walls", title=title)
    assert answer.status_code == 422
    assert "A title has 1 to 80 characters" in answer.text


@pytest.mark.parametrize(
    "changes",
    [[], None, {"expected": 7}, {"expected": "77"}, {"is_paused": "yes"}, {"title": "x"}],
)
def test_changes_that_cannot_be_are_refused(ann, make, changes):
    answer = change(ann, make(), changes)
    assert answer.status_code == 400
    assert answer.json["detail"]


def test_there_are_bounds(site, ann, make, monkeypatch):
    stop_streams_clock(site, monkeypatch)
    walls = [make() for _ in range(MOST_WALLS)]
    refused = ann.post("/walls", title="one more")
    assert refused.status_code == 422
    assert "may have 10 walls" in refused.text
    for number in range(MOST_PARTICIPANTS):
        visitor, key = join(site, walls[0], f"Pupil {number}")
        visitor.send("POST", "/walls/alive", query_string={"stream": key})
    full = Visitor(site).post(f"{walls[0]}/join", name="one more")
    assert full.status_code == 409
    assert "room for: 60" in full.text
    assert send(visitor, key).status_code == 200


def test_a_wall_that_is_full_takes_nobody_who_joined_before(site, make, monkeypatch):
    stop_streams_clock(site, monkeypatch)
    wall = make()
    joined = [join(site, wall, f"Pupil {number}") for number in range(MOST_PARTICIPANTS + 1)]
    query = [{"query_string": {"stream": key}} for _, key in joined]
    for (visitor, _), given in zip(joined[1:], query[1:], strict=True):
        assert visitor.send("POST", "/walls/alive", **given).status_code == 200
    late, key = joined[0]
    assert late.send("POST", "/walls/alive", **query[0]).status_code == 409
    assert send(late, key).status_code == 409


def test_the_monitor_shows_no_names_of_a_wall_without_names(site, ann, make):
    wall = make()
    mia, key = join(site, wall, "Mia Meier")
    mia.send("POST", "/walls/alive", query_string={"stream": key})
    change(ann, wall, {"is_anonymous": True})
    answer = ann.get("/streams", headers=JSON, query_string={"frames_since": 0})
    (shown,) = answer.json["streams"]
    assert "Mia" not in answer.text
    assert shown["name"] == f"Camera {shown['id'][:4]}"
    headers = {"X-CSRFToken": ann.token(), **JSON}
    path = f"/streams/{shown['id']}/name"
    refused = ann.send("POST", path, json={"name": "x"}, headers=headers)
    assert refused.status_code == 409
    assert "shows no names" in refused.json["detail"]


def test_who_was_disconnected_may_join_anew(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    (shown,) = look(ann, wall)["participants"]
    headers = {"X-CSRFToken": ann.token(), **JSON}
    path = f"/streams/{shown['id']}/disconnect"
    assert ann.send("POST", path, json={}, headers=headers).status_code == 200
    assert send(mia, key).status_code == 410
    assert key not in mia.get("/").text
    assert "Your name on the wall" in mia.get(wall).text


def test_a_picture_without_ink_takes_the_place_of_the_digit_before(site, ann, make):
    wall = make()
    mia, key = join(site, wall)
    send(mia, key)
    send(mia, key, encode(draw()))
    (shown,) = look(ann, wall)["participants"]
    assert (shown["text"], shown["ink"]) == ("", "")


def test_a_class_that_shares_an_address_is_limited_one_by_one(open_app, settings):
    site = open_app(replace(settings, predict_limit="2 per minute"))
    wall = Visitor(site).sign_up("ann").post("/walls", title="Class 5b").headers["Location"]
    school = "198.51.100.7"
    for visitor, key in (join(site, wall, name, school) for name in ("Mia", "Leo", "Ada")):
        assert [send(visitor, key).status_code for _ in range(3)] == [200, 200, 429]
    stranger = Visitor(site, address=school)
    alone = stranger.send("POST", "/streams").json["key"]
    assert [send(stranger, alone).status_code for _ in range(3)] == [200, 200, 429]


def test_a_screen_elsewhere_follows_its_wall_for_as_long_as_it_likes(site):
    teacher = Visitor(site, address="198.51.100.7").sign_up("ann")
    wall = teacher.post("/walls", title="Class 5b").headers["Location"]
    for _ in range(70):  # four times a second
        look(teacher, wall, since=0)


@pytest.mark.parametrize("path", ["/walls/AAAAA{}", "/walls?code=AAAAA{}"])
def test_nobody_guesses_codes_without_end(site, path):
    stranger = Visitor(site, address="198.51.100.7")
    answers = [stranger.get(path.format(number)).status_code for number in range(61)]
    assert answers == [404] * 60 + [429]


def test_nobody_keeps_alive_without_end(site, make):
    mia, key = join(site, make(), address="198.51.100.7")
    said = {"query_string": {"stream": key}}
    answers = [mia.send("POST", "/walls/alive", **said).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_a_key_that_takes_part_in_nothing_keeps_nothing_alive(site):
    visitor = Visitor(site)
    key = visitor.send("POST", "/streams").json["key"]
    for query in ({}, {"stream": key}):
        answer = visitor.send("POST", "/walls/alive", query_string=query)
        assert answer.status_code == 400
