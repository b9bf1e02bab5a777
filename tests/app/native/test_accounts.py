"""Accounts: the site's, with its rules and limits."""

import logging
from uuid import uuid4

import pytest

from app.addresses import THIS_MACHINE
from app.native.server import NativeServer
from app.services.accounts.accounts import _SIGN_UP, _TAKEN
from app.services.accounts.attempts import Counter
from app.services.clients import ConnectedClient, Listening
from app.web.services import get_services
from tests.app.clock import stop_attempts_clock
from tests.app.native.peer import Peer
from tests.app.native.threads import native_threads
from tests.app.visitor import PASSWORD, Visitor
from tests.app.waiting import eventually


def test_an_account_made_here_logs_in_on_the_site(app, peer):
    assert peer.ask("CRSU", "Zoë", PASSWORD) == ("CRSA",)
    assert Visitor(app).log_in("zoë").status_code == 302


def test_an_account_made_on_the_site_logs_in_here(app, peer):
    Visitor(app).sign_up("Ann Müller")
    assert peer.ask("CRSI", "ann mÜLLER", PASSWORD) == ("CRLA", "Ann Müller".encode())


def test_signing_up_does_not_log_in(app, peer, seven):
    peer.ask("CRSU", "ann", PASSWORD)
    peer.ask("RIPP", "seven.png", seven)
    with app.app_context():
        assert get_services().images.count() == 0


@pytest.mark.parametrize("name", ["ann", "ANN", "ａｎｎ", "аnn"])
def test_a_name_that_is_taken_or_looks_like_one_that_is(peer, name):
    assert peer.ask("CRSU", "Ann", PASSWORD) == ("CRSA",)
    assert peer.ask("CRSU", name, PASSWORD) == ("CRSD",)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", PASSWORD),
        ("x" * 65, PASSWORD),
        (" ann", PASSWORD),
        ("ann ", PASSWORD),
        ("an\nn", PASSWORD),
        ("an\0n", PASSWORD),
        ("ann", ""),
        ("ann", "short"),
        ("ann", "x" * 129),
        ("ann", " long enough"),
        ("ann", "long enough "),
    ],
)
def test_what_the_site_would_refuse_is_an_invalid_request(peer, name, password):
    assert peer.ask("CRSU", name, password) == ("ERRR", b"3")
    assert peer.ask("CRSU", "fine", PASSWORD) == ("CRSA",)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "wrong horse"),
        ("nobody", PASSWORD),
        ("", ""),
        ("ann", ""),
        ("\0", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("ann", "x" * 1_000_000),
        ("ann", "\0"),
    ],
)
def test_a_wrong_log_in_is_denied(peer, name, password):
    peer.ask("CRSU", "ann", PASSWORD)
    assert peer.ask("CRSI", name, password) == ("CRFD",)


def test_a_failed_log_in_keeps_the_earlier_one(app, peer, seven):
    peer.ask("CRSU", "ann", PASSWORD)
    assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
    assert peer.ask("CRSI", "bob", PASSWORD) == ("CRFD",)
    assert peer.ask("CRSI", "ann") == ("ERRR", b"3")
    assert peer.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
    with app.app_context():
        assert get_services().images.count() == 1


def test_another_log_in_takes_the_place_of_the_first(app, peer, seven):
    for name in ("ann", "bob"):
        peer.ask("CRSU", name, PASSWORD)
        assert peer.ask("CRSI", name, PASSWORD)[0] == "CRLA"
    peer.ask("RIPP", "seven.png", seven)
    bob = Visitor(app)
    bob.log_in("bob")
    assert len(bob.gallery("mine=1")) == 1


def test_a_throttled_log_in_is_denied_here_and_on_the_site(app, peer, monkeypatch):
    clock = stop_attempts_clock(app, monkeypatch)
    peer.ask("CRSU", "ann", PASSWORD)
    for _ in range(8):
        assert peer.ask("CRSI", "ann", "wrong horse") == ("CRFD",)
    # Even the right password, until the wait is over.
    assert peer.ask("CRSI", "ann", PASSWORD) == ("CRFD",)
    assert Visitor(app).log_in("ann").status_code == 429
    assert Visitor(app, address="192.0.2.1").log_in("ann").status_code == 302
    clock.wait(7200)
    assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")


def test_a_throttled_sign_up_is_a_general_error(app, peer):
    counter = Counter(_SIGN_UP, (THIS_MACHINE,))
    with app.app_context():
        for _ in range(_SIGN_UP.free):
            with get_attempts(app).trying(counter) as trial:
                trial.count(counter)
    assert peer.ask("CRSU", "ann", PASSWORD) == ("ERRR", b"4")
    assert peer.ask("CRSU", "ann", "short") == ("ERRR", b"3")


def test_whoever_asks_for_taken_names_again_and_again_learns_nothing_more(app, peer):
    peer.ask("CRSU", "ann", PASSWORD)
    answers = [peer.ask("CRSU", "ann", PASSWORD) for _ in range(_TAKEN.free + 1)]
    assert answers == [("CRSD",)] * _TAKEN.free + [("ERRR", b"4")]
    # Taken or not.
    assert peer.ask("CRSU", "nobody", PASSWORD) == ("ERRR", b"4")


def get_attempts(app):
    return app.extensions["services"].accounts._attempts


class TestEndOfLogIn:
    @pytest.fixture
    def ann(self, app):
        return Visitor(app).sign_up("ann")

    @pytest.fixture
    def peers(self, ann, port):
        """Two connections of Ann's, and one of nobody's."""
        peers = [Peer(port) for _ in range(3)]
        for peer in peers[:2]:
            assert peer.ask("CRSI", "ann", PASSWORD) == ("CRLA", b"ann")
        yield peers
        for peer in peers:
            peer.close()

    def test_a_changed_password_closes_its_connections(self, ann, peers, port):
        new = "another horse"
        answer = ann.post("/account/password", old=PASSWORD, new=new, again=new)
        assert answer.status_code == 302
        for peer in peers[:2]:
            assert peer.last_words() == b""
        assert peers[2].ask("CRSI", "ann", PASSWORD) == ("CRFD",)
        assert peers[2].ask("CRSI", "ann", new) == ("CRLA", b"ann")

    def test_the_end_of_an_account_closes_its_connections(self, ann, peers, caplog, monkeypatch):
        caplog.set_level(logging.INFO)
        looked, look = [], NativeServer._end_revoked

        def count(server):
            look(server)
            looked.append(server)

        monkeypatch.setattr(NativeServer, "_end_revoked", count)
        assert ann.post("/account/delete", password=PASSWORD).status_code == 302
        for peer in peers[:2]:
            assert peer.last_words() == b""
        eventually(lambda: native_threads() == 1)
        assert "the account was changed or ended" in caplog.text
        already = len(looked)
        eventually(lambda: len(looked) > already + 1)
        assert [r.getMessage() for r in caplog.records if r.levelno > logging.INFO] == []
        assert peers[2].ask("CRSI", "ann", PASSWORD) == ("CRFD",)

    def test_an_account_that_ends_while_its_clients_are_recorded(self, app, ann):
        with app.app_context():
            services = get_services()
            login = services.accounts.log_in("ann", PASSWORD, address=THIS_MACHINE)
            assert ann.post("/account/delete", password=PASSWORD).status_code == 302
            services.clients.publish(
                uuid4(), 7777, [ConnectedClient(uuid4(), "192.0.2.1", login.person.id, since=0.0)]
            )
            assert services.clients.status() == Listening(True, 7777, connected=1)

    def test_logging_out_of_the_site_leaves_them(self, ann, peers):
        ann.log_out()
        assert peers[0].ask("RIHP")[0] == "RIHL"

    def test_even_after_the_database_was_away_for_a_moment(self, app, ann, peers, monkeypatch):
        accounts = app.extensions["services"].accounts
        credentials = type(accounts).credentials
        failed: list[object] = []

        def fail(self, people):
            if not failed:
                failed.append(people)
                raise RuntimeError("not a kind of error that was thought of")
            return credentials(self, people)

        monkeypatch.setattr(type(accounts), "credentials", fail)
        eventually(lambda: failed)
        assert ann.post("/account/delete", password=PASSWORD).status_code == 302
        assert peers[0].last_words() == b""


def test_logs_tell_who_came_and_went_and_no_secret(port, seven, caplog):
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "app")
    secret = "hunter2 hunter2"
    with Peer(port) as peer:
        peer.ask("CRSU", "ann", secret)
        peer.ask("CRSI", "ann", "no " + secret)
        peer.ask("CRSI", "ann", secret)
        peer.ask("CRSI", "ann", b"\xff" + secret.encode())
        peer.ask("RIPP", "seven.png", seven)
        peer.socket.sendall(b"0000032" + bytes(32))
        peer.last_words()
        keys = (peer.key.hex(), repr(peer.key))
    eventually(lambda: native_threads() == 0)
    lines = [r.getMessage() for r in caplog.records if r.name.startswith("app.native")]
    assert lines == [
        "127.0.0.1: connected",
        "127.0.0.1: logged in as 'ann'",
        "127.0.0.1: disconnected: the text is no message",
    ]
    for hidden in ("hunter2", *keys, "IHDR"):
        assert hidden not in caplog.text


def test_status_counts_clients_with_shaken_hands(app, serve, client):
    def status():
        return client.get("/status").get_json()["native"]

    assert status() == {"listening": False, "port": None, "connected": 0}
    server = serve()
    assert status() == {"listening": True, "port": server.port, "connected": 0}
    with Peer(server.port) as peer, Peer(server.port, shake=False):
        eventually(lambda: status()["connected"] == 1)
        peer.ask("CRSU", "ann", PASSWORD)
        peer.ask("CRSI", "ann", PASSWORD)
        eventually(lambda: status()["connected"] == 1)
    eventually(lambda: status()["connected"] == 0)
    server.stop()
    assert status() == {"listening": False, "port": None, "connected": 0}
