"""Pictures that native clients send, and those that they are sent."""

import io
import threading
import tracemalloc

import pytest
from PIL import Image, ImageDraw

from app.errors import StorageError
from app.native.server import NativeServer
from app.services.pictures.gallery import Filter
from app.web.services import get_services
from tests.app.native.peer import Peer
from tests.app.pictures import draw, encode, noise, pictures
from tests.app.stock import add_person, new_picture, store
from tests.app.visitor import PASSWORD, Visitor

SEVEN = [(60, 60), (210, 60), (110, 230)]
SCRIBBLE = [
    *((843, 197), (765, 279), (733, 242), (810, 77), (576, 100), (645, 272)),
    *((833, 11), (709, 256), (599, 249), (595, 150), (804, 100), (662, 93)),
]


@pytest.fixture
def ann(app):
    return Visitor(app).sign_up("ann")


@pytest.fixture
def logged_in(ann, port):
    with Peer(port) as peer:
        assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
        yield peer


def held(app, user="ann"):
    """Return the ids of what a person holds, newest first."""
    with app.app_context():
        services = get_services()
        login = services.accounts.log_in(user, PASSWORD, address="test")
        return services.gallery.ids(Filter(holder=login.person.id))


def stored(app):
    with app.app_context():
        return get_services().images.count()


class TestSending:
    def test_the_answer_is_the_sites(self, peer, client):
        for number, picture in enumerate(pictures(6)):
            code, digit, confidence = peer.ask("RIPP", f"{number}.png", picture)
            site = client.post("/predict", data=picture, content_type="image/png").get_json()
            assert code == "RIPR"
            best = max(site["digits"], key=lambda d: d["box"][2] * d["box"][3])
            assert int(digit) == best["digit"]
            assert float(confidence) == pytest.approx(best["confidence"], abs=1e-6)

    def test_without_log_in_nothing_is_stored(self, app, peer, seven):
        assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        assert stored(app) == 0

    def test_logged_in_it_shows_in_the_gallery(self, app, ann, logged_in, seven):
        assert logged_in.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        (found,) = ann.gallery("mine=1")
        page = ann.get(f"/gallery/{found}.png")
        assert Image.open(io.BytesIO(page.data)).format == "PNG"
        assert [str(i) for i in held(app)] == [found]
        assert logged_in.browse()[1][0][:2] == (found.encode(), page.data)

    def test_what_its_owner_does_not_want_kept_is_not(self, app, ann, logged_in, seven, one):
        """The choice counts from the moment on which it is made."""
        assert logged_in.ask("RIPP", "one.png", one)[:2] == ("RIPR", b"1")
        ann.post("/account/keeping", keeping="asked")
        assert logged_in.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        assert stored(app) == 1
        ann.post("/account/keeping", keeping="confirmed")
        assert logged_in.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        assert stored(app) == 2

    def test_the_same_picture_is_stored_once(self, app, logged_in, seven):
        answers = {logged_in.ask("RIPP", name, seven) for name in ("a.png", "b.png")}
        assert len(answers) == 1
        assert stored(app) == 1

    def test_the_log_in_belongs_to_the_connection(self, app, port, logged_in, seven, one):
        with Peer(port) as other:
            assert other.ask("RIPP", "one.png", one)[:2] == ("RIPR", b"1")
        assert stored(app) == 0

    def test_the_largest_of_several_digits(self, app, logged_in):
        image = draw(SEVEN, size=(700, 300))
        image.paste(draw([(140, 50), (140, 230)]).resize((200, 200)), (450, 50))
        assert logged_in.ask("RIPP", "both.png", encode(image))[:2] == ("RIPR", b"7")
        assert stored(app) == 0

    def test_a_digit_beside_something_larger(self, app, ann, logged_in):
        """The answer is the digit's that is stored, not the larger thing's."""
        image = draw(SEVEN, size=(900, 320))
        ImageDraw.Draw(image).line(SCRIBBLE, fill="black", width=10, joint="curve")
        picture = encode(image)
        assert ann.predict(picture, "").get_json()["digit"] == 7
        code, digit, confidence = logged_in.ask("RIPP", "both.png", picture)
        assert (code, digit) == ("RIPR", b"7")
        assert float(confidence) > 0.5
        assert [fields[2] for fields in logged_in.browse()[1]] == [b"7"]

    @pytest.mark.parametrize(
        "picture",
        [
            encode(draw()),
            encode(draw(paper="black")),
            encode(draw(size=(2, 40))),
            encode(draw([(140, 140), (141, 141)], width=3)),
        ],
        ids=["blank", "black", "too small", "a dot"],
    )
    def test_what_is_no_digit_gets_an_answer_of_low_confidence(self, app, ann, logged_in, picture):
        assert ann.predict(picture).get_json()["refusal"]
        code, digit, confidence = logged_in.ask("RIPP", "none.png", picture)
        assert code == "RIPR"
        assert digit in [b"%d" % n for n in range(10)]
        assert 0 <= float(confidence) < 0.5
        assert stored(app) == 0

    def test_storing_fails(self, app, logged_in, seven, one, monkeypatch):
        def fail(*_, **__):
            raise StorageError("database_full")

        images = app.extensions["services"].images
        with monkeypatch.context() as patch:
            patch.setattr(images, "keep_labelled", fail)
            assert logged_in.ask("RIPP", "seven.png", seven) == ("ERRR", b"4")
        assert stored(app) == 0
        assert logged_in.ask("RIPP", "one.png", one)[:2] == ("RIPR", b"1")
        assert stored(app) == 1

    def test_the_account_has_ended(self, app, ann, serve, seven, caplog, monkeypatch):
        """Until the server looks whose accounts have ended, and closes their connections."""
        looking, look = threading.Lock(), NativeServer._end_revoked

        def look_when_told(server):
            with looking:
                look(server)

        monkeypatch.setattr(NativeServer, "_end_revoked", look_when_told)
        with Peer(serve().port) as peer:
            assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
            with looking:
                ann.post("/account/delete", password=PASSWORD)
                assert peer.ask("RIPP", "seven.png", seven) == ("ERRR", b"4")
            assert peer.last_words() == b""
        assert stored(app) == 0
        assert [record for record in caplog.records if record.exc_info] == []


class TestBrowsing:
    def test_newest_first_and_at_most_the_limit(self, app, serve):
        ids = store(app, pictures(12))
        with Peer(serve(listed=10).port) as peer:
            count, found = peer.browse()
            assert count == 10
            assert [fields[0].decode() for fields in found] == [str(i) for i in ids[:10]]

    def test_the_default_limit_is_a_hundred(self, app, peer):
        ids = store(app, [encode(Image.new("RGB", (8, n + 1))) for n in range(105)])
        count, found = peer.browse()
        assert (count, len(found)) == (100, 100)
        assert [fields[0].decode() for fields in found] == [str(i) for i in ids[:100]]

    def test_nothing_is_stored(self, peer):
        assert peer.browse() == (0, [])
        assert peer.browse("RIHD", "3") == (0, [])

    def test_a_limit_of_nothing(self, app, serve):
        store(app, pictures(1))
        with Peer(serve(listed=0).port) as peer:
            assert peer.browse() == (0, [])

    def test_what_is_sent_of_a_picture(self, app, peer):
        (png,) = pictures(1)
        (stored_id,) = store(app, [png], digit=4)
        assert peer.browse() == (1, [(str(stored_id).encode(), png, b"4", b"0.750000")])

    def test_one_that_the_site_stored_comes_back(self, ann, peer, seven):
        found = ann.keep(seven)
        count, ((name, png, digit, confidence),) = peer.browse("RIHD", "7")
        assert (count, name, digit) == (1, found.encode(), b"7")
        assert png == ann.get(f"/gallery/{found}.png").data
        assert 0.5 < float(confidence) <= 1

    def test_the_digit_is_a_persons_with_the_networks_probability_of_it(self, ann, peer, seven):
        read = ann.predict(seven).get_json()
        ann.label(read["image_id"], "1")
        assert peer.browse("RIHD", "7") == (0, [])
        expected = (b"1", f"{read['probabilities'][1]:.6f}".encode())
        for question in (("RIHD", "1"), ("RIHP",)):
            assert [fields[2:] for fields in peer.browse(*question)[1]] == [expected]

    def test_where_the_network_said_nothing_of_the_digit_its_probability_is_zero(self, app, peer):
        """An imported picture has no other probability than that of its own digit."""
        with app.app_context():
            person = add_person()
        store(app, pictures(1), digit=4, user_id=person, label="9")
        assert [fields[2:] for fields in peer.browse("RIHD", "9")[1]] == [(b"9", b"0.000000")]

    def test_what_a_person_called_no_digit_is_left_out(self, ann, peer, seven, one):
        ann.label(ann.keep(seven), "none")
        kept = ann.keep(one)
        assert peer.browse("RIHD", "7") == (0, [])
        count, found = peer.browse()
        assert (count, [fields[0].decode() for fields in found]) == (1, [kept])

    def test_what_the_network_refused_is_sent_with_the_persons_digit(self, app, peer):
        with app.app_context():
            person = add_person()
        tenths = (0.1,) * 10
        with app.app_context():
            images = get_services().images
            for number, label in ((1, "5"), (2, None), (3, "none")):
                new = new_picture(number, digit=None, confidence=None, probabilities=tenths)
                images.keep_labelled(person, new, label)
        assert [fields[2:] for fields in peer.browse()[1]] == [(b"5", b"0.100000")]
        assert [fields[2] for fields in peer.browse("RIHD", "5")[1]] == [b"5"]

    def test_what_becomes_no_digit_while_the_list_is_sent_is_left_out(self, app, peer, monkeypatch):
        with app.app_context():
            person = add_person()
        first, second = store(app, pictures(2), user_id=person)
        services = app.extensions["services"]
        gallery, each = services.gallery, services.gallery.each

        def relabelled(ids):
            services.images.label(first, "none", by=person)
            return each(ids)

        with monkeypatch.context() as patch:
            patch.setattr(gallery, "each", relabelled, raising=False)
            count, found = peer.browse()
        assert (count, [fields[0].decode() for fields in found]) == (2, [str(second)])

    def test_a_vanished_file_is_left_out(self, app, peer):
        ids = store(app, pictures(4))
        with app.app_context():
            for gone in (0, 2):
                get_services().images.files.path(ids[gone]).unlink()
        count, found = peer.browse()
        assert count == 4
        assert [fields[0].decode() for fields in found] == [str(ids[1]), str(ids[3])]

    def test_a_damaged_file_is_left_out(self, app, peer):
        ids = store(app, pictures(2))
        with app.app_context():
            path = get_services().images.files.path(ids[0])
            path.write_bytes(path.read_bytes()[:-5])
        assert [fields[0].decode() for fields in peer.browse()[1]] == [str(ids[1])]

    def test_all_files_have_vanished(self, app, peer):
        ids = store(app, pictures(3))
        with app.app_context():
            for gone in ids:
                get_services().images.files.path(gone).unlink()
        assert peer.browse() == (3, [])

    def test_the_database_fails_in_the_middle(self, app, peer, monkeypatch):
        store(app, pictures(3))
        gallery = app.extensions["services"].gallery
        each = gallery.each

        def fail(ids):
            yield next(each(ids))
            raise StorageError("database_unreachable")

        with monkeypatch.context() as patch:
            patch.setattr(gallery, "each", fail, raising=False)
            count, found = peer.browse()
        assert (count, len(found)) == (3, 1)
        assert len(peer.browse()[1]) == 3

    def test_pictures_are_sent_one_at_a_time(self, app, serve):
        """A client that reads slowly costs the server one picture, not a hundred."""
        pngs = noise(60)
        total = sum(map(len, pngs))
        store(app, pngs)
        port = serve().port
        del pngs
        with Peer(port) as peer:
            peer.browse()
            tracemalloc.start()
            try:
                peer.send("RIHP")
                assert peer.receive() == ("RIHL", b"60")
                tracemalloc.reset_peak()
                before = tracemalloc.get_traced_memory()[0]
                for _ in range(60):
                    assert peer.receive()[0] == "RILF"
                peak = tracemalloc.get_traced_memory()[1] - before
            finally:
                tracemalloc.stop()
            assert peer.receive() == ("RIHE",)
        assert peak < total / 4

    @pytest.mark.parametrize(
        ("host", "allowed", "answer"),
        [
            ("127.0.0.1", False, ("RIHL", b"0")),
            ("0.0.0.0", False, ("ERRR", b"3")),
            ("0.0.0.0", True, ("RIHL", b"0")),
        ],
    )
    def test_browsing_without_log_in(self, ann, serve, host, allowed, answer):
        with Peer(serve(host=host, anonymous_browse=allowed).port) as peer:
            for words in (("RIHP",), ("RIHD", "7")):
                assert peer.ask(*words) == answer
                assert answer[0] == "ERRR" or peer.receive() == ("RIHE",)
            peer.ask("CRSI", "ann", PASSWORD)
            assert peer.browse() == (0, [])

    def test_ipv6_loopback(self, serve):
        with Peer(serve(host="::1").port, host="::1") as peer:
            assert peer.browse() == (0, [])
