"""Signing up, logging in, changing a password, leaving: by the pages and by the service."""

import hashlib
import html
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select, update

from app.errors import PersonGone, StorageError
from app.services.accounts import Accounts, NameTaken, Throttled
from app.services.accounts.attempts import Attempts
from app.services.accounts.passwords import Passwords, original_hash
from app.storage.models import User
from tests.app.applications import QUICK
from tests.app.clock import stop_attempts_clock
from tests.app.database import reading, writing
from tests.app.stock import new_picture
from tests.app.visitor import PASSWORD, Visitor, error_in
from tests.app.waiting import eventually

WRONG = "Wrong user name or password."


@pytest.mark.parametrize("name", ["a", "x" * 64, "Ωμέγα 小林"])
@pytest.mark.parametrize("password", ["8letters", "x" * 128, "пароль 密码", "a\0bcdefgh"])
def test_whoever_signs_up_is_logged_in_and_can_log_in(site, name, password):
    visitor = Visitor(site).sign_up(name, password)
    assert name in html.unescape(visitor.get("/account").text)
    visitor.log_out()
    assert not visitor.is_logged_in()
    assert visitor.log_in(name, password).status_code == 302
    assert visitor.is_logged_in()


@pytest.mark.parametrize("name", ["", "x" * 65, " ann", "ann\t", "a\0b", "a\u202eb", "\u3164"])
def test_a_name_that_cannot_be_is_explained(site, name):
    visitor = Visitor(site)
    answer = visitor.post("/signup", username=name, password=PASSWORD, again=PASSWORD)
    assert answer.status_code in (200, 400)
    assert "name" in error_in(answer)
    assert not visitor.is_logged_in()


@pytest.mark.parametrize("password", ["", "7 chars", "x" * 129, " 8letters", "8letters\n", " " * 9])
def test_a_password_that_cannot_be_is_explained(site, password):
    visitor = Visitor(site)
    answer = visitor.post("/signup", username="ann", password=password, again=password)
    assert answer.status_code in (200, 400)
    assert "password" in error_in(answer)
    assert password not in answer.text or not password.strip()
    assert not visitor.is_logged_in()


def test_all_faults_of_a_sign_up_are_told_at_once(ann, site):
    told = error_in(Visitor(site).post("/signup", username=" x", password="short", again="other"))
    for words in ("begin or end with a space", "8 to 128", "are different"):
        assert words in told
    told = error_in(Visitor(site).post("/signup", username="Ann", password="short", again="short"))
    assert "already taken" in told
    assert "8 to 128" in told
    told = error_in(Visitor(site).post("/signup"))
    assert told == "Type a user name. Type a password."


def test_names_that_are_taken_are_not_told_without_end(ann, site):
    visitor = Visitor(site)
    told = [
        error_in(visitor.post("/signup", username="ann", password="short", again="short"))
        for _ in range(125)
    ]
    assert "already taken" in told[0]
    assert "already taken" not in told[-1]
    assert "8 to 128" in told[-1]


def test_a_password_is_typed_twice(site):
    answer = Visitor(site).post("/signup", username="ann", password=PASSWORD, again="other one")
    assert "are different" in error_in(answer)


@pytest.mark.parametrize("name", ["ann", "ANN", "ａｎｎ", "аnn", "ann\ufe0f"])
def test_a_name_that_looks_taken_is_taken(ann, site, name):
    answer = Visitor(site).post("/signup", username=name, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert "already taken" in error_in(answer)


def test_of_many_who_want_a_name_at_once_one_gets_it(site, services):
    def one(number):
        with site.app_context():
            try:
                return services.accounts.sign_up("Ann", PASSWORD, address=str(number))
            except NameTaken:
                return None

    with ThreadPoolExecutor(6) as pool:
        people = list(pool.map(one, range(6)))
    assert sum(person is not None for person in people) == 1
    assert services.accounts.count() == 1


def test_a_name_may_be_typed_in_any_case_to_log_in(ann, site):
    visitor = Visitor(site)
    assert visitor.log_in(" ANN ").status_code == 302
    assert visitor.is_logged_in()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "wrong password"),
        ("nobody", PASSWORD),
        ("ann", "x"),
        ("ann", "x" * 400_000),
        ("x" * 400_000, PASSWORD),
        ("\0", PASSWORD),
        ("ann\ud800", PASSWORD),
        ("ann", PASSWORD + " "),
        ("ann", PASSWORD.upper()),
    ],
)
def test_every_wrong_combination_has_one_message(ann, site, name, password):
    visitor = Visitor(site)
    answer = visitor.log_in(name.encode("utf-8", "replace"), password)
    assert answer.status_code == 400
    assert error_in(answer) == WRONG
    assert not visitor.is_logged_in()


class NotingHasher(PasswordHasher):
    """The real one, which writes down what each comparison costs."""

    def __init__(self):
        super().__init__(time_cost=2, memory_cost=19456, parallelism=1)
        self.costs = []

    def verify(self, hash, password):
        self.costs.append(extract_parameters(hash))
        return super().verify(hash, password)


def test_a_wrong_name_costs_as_much_as_a_wrong_password(services):
    """benchmarks/log_in.py compares the times."""
    hasher = NotingHasher()
    attempts = Attempts(services.database, lambda: datetime.now(UTC))
    accounts = Accounts(services.database, Passwords(hasher), attempts)
    accounts.sign_up("ann", PASSWORD, address="")
    ours = original_hash(hashlib.sha256(b"old password").hexdigest(), b"")
    with writing() as session:
        session.add(User(username="old", username_key="old", password_hash=ours))
    for name in ("ann", "nobody", "old"):
        assert accounts.log_in(name, "wrong password", address=name) is None
    present, *others = hasher.costs
    assert others == [present] * 2


def test_failures_slow_down_their_address_and_account_alone(ann, site, monkeypatch):
    stop_attempts_clock(site, monkeypatch)
    thief = Visitor(site, "192.0.2.1")
    answers = [thief.log_in("ann", f"wrong {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert "Wait" in error_in(answers[-1])
    assert thief.log_in("ann").status_code == 429
    assert thief.log_in("ANN").status_code == 429
    assert Visitor(site, "192.0.2.2").log_in("ann").status_code == 302
    assert thief.log_in("nobody").status_code == 400
    assert ann.is_logged_in()


def test_a_log_in_that_goes_well_clears_the_failures(ann, site):
    visitor = Visitor(site)
    for _ in range(3):
        for number in range(4):
            assert visitor.log_in("ann", f"wrong {number}").status_code == 400
        assert visitor.log_in("ann").status_code == 302
        visitor.log_out()


def test_many_who_log_in_at_once_with_the_right_password_are_not_slowed_down(ann, site, services):
    def one(_):
        with site.app_context():
            return services.accounts.log_in("ann", PASSWORD, address="192.0.2.1")

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(one, range(24)))


def test_nobody_is_ever_locked_out(services):
    services.accounts.sign_up("ann", PASSWORD, address="here")
    now = datetime(2030, 1, 1, tzinfo=UTC)
    accounts = Accounts(services.database, Passwords(), Attempts(services.database, lambda: now))
    for number in range(1, 16):
        now += timedelta(seconds=60)
        assert accounts.log_in("ann", "wrong password", address="thief") is None
        if number >= 5:
            with pytest.raises(Throttled) as refused:
                accounts.log_in("ann", "wrong password", address="thief")
            assert 1 <= refused.value.seconds <= 60
    now += timedelta(seconds=60)
    assert accounts.log_in("ann", PASSWORD, address="thief").person.username == "ann"


def test_one_address_signs_up_a_class_but_no_multitude(services, monkeypatch):
    monkeypatch.setattr(Passwords, "hash", lambda self, password: "$argon2id$none")
    accounts = services.accounts
    for number in range(60):
        accounts.sign_up(f"pupil {number}", PASSWORD, address="school")
    with pytest.raises(Throttled):
        accounts.sign_up("one more", PASSWORD, address="school")
    accounts.sign_up("somebody else", PASSWORD, address="home")


def test_passwords_are_kept_as_argon2id_with_the_stated_cost(settings, open_app):
    app = open_app(settings, hasher=None)
    Visitor(app).sign_up("ann")
    with app.app_context(), reading() as session:
        kept = session.scalar(select(User.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in kept


def test_an_outdated_hash_is_made_anew_at_log_in(ann, services):
    salt = b"s$lt\0\xff"
    old = original_hash(hashlib.sha256(b"password" + salt).hexdigest(), salt)
    with writing() as session:
        session.execute(update(User).values(password_hash=old))
    assert services.accounts.log_in("ann", "wrong password", address="") is None
    assert services.accounts.log_in("ann", "password", address="").person.username == "ann"
    with reading() as session:
        assert session.scalar(select(User.password_hash)).startswith("$argon2id$")
    assert services.accounts.log_in("ann", "password", address="").person.username == "ann"


def test_no_more_hashes_at_once_than_cores(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    lock, running, most = threading.Lock(), 0, 0
    pair = threading.Barrier(2)

    class Hasher(PasswordHasher):
        def hash(self, password, *, salt=None):
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            pair.wait(60)
            with lock:
                running -= 1
            return ""

        def verify(self, hash, password):
            self.hash(password)
            return True

    ours = Passwords(QUICK)
    monkeypatch.setattr(ours, "_hasher", Hasher())
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: ours.hash("x") if n % 2 else ours.verify("x", "x"), range(24)))
    assert most == 2


def test_a_changed_password_is_the_one_that_counts(ann, site):
    answer = ann.post("/account/password", old=PASSWORD, new="new password", again="new password")
    assert answer.status_code == 302
    assert ann.is_logged_in()
    other = Visitor(site)
    assert other.log_in("ann").status_code == 400
    assert other.log_in("ann", "new password").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong password", "new password", "new password", "current password is wrong"),
        (PASSWORD, "short", "short", "8 to 128"),
        (PASSWORD, "new password", "other password", "are different"),
        ("", "new password", "new password", "current password"),
    ],
)
def test_a_password_is_not_changed_by_mistake(ann, site, old, new, again, words):
    answer = ann.post("/account/password", old=old, new=new, again=again)
    assert answer.status_code == 400
    assert words in error_in(answer)
    assert Visitor(site).log_in("ann").status_code == 302


def test_guessing_the_present_password_is_slowed_down_too(ann):
    for _ in range(5):
        ann.post("/account/delete", password="wrong password")
    answer = ann.post("/account/delete", password=PASSWORD)
    assert "Wait" in error_in(answer)
    assert ann.is_logged_in()


def test_an_account_ends_as_the_page_says(ann, bob, site, seven, one):
    only_mine, shared = ann.keep(seven), ann.keep(one)
    assert bob.keep(one) == shared
    page = ann.get("/account").text
    assert "<strong>1 picture</strong> is deleted" in page
    assert ann.label(only_mine, "7").status_code == 302
    page = ann.get("/account").text
    assert "<strong>1 labelled picture</strong> stays" in page
    assert "Your name, your password and all else on this page are deleted." in page
    assert ann.post("/account/delete", password="wrong password").status_code == 400
    assert ann.is_logged_in()
    assert ann.post("/account/delete", password=PASSWORD).status_code == 302
    assert not ann.is_logged_in()
    assert Visitor(site).log_in("ann").status_code == 400
    assert sorted(bob.gallery()) == sorted([only_mine, shared])
    assert bob.gallery("mine=1") == [shared]
    assert "confirmed" in bob.get(f"/gallery/{only_mine}").text
    Visitor(site).sign_up("ann")


def test_pictures_that_nobody_else_has_go_with_the_account(ann, bob, site, seven):
    picture = ann.keep(seven)
    path = site.extensions["services"].images.files.path(picture)
    assert path.exists()
    ann.post("/account/delete", password=PASSWORD)
    assert not path.exists()
    assert bob.gallery() == []


def test_an_account_that_ends_while_it_stores_leaves_nothing_behind(site, services):
    person = services.accounts.sign_up("ann", PASSWORD, address="")
    stop = threading.Event()

    def store(start):
        with site.app_context():
            for number in range(start, start + 400):
                try:
                    services.images.keep(person.id, new_picture(number))
                except PersonGone:
                    return stop.set()

    threads = [threading.Thread(target=store, args=(1000 * n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    eventually(lambda: services.images.count() >= 20)
    services.endings.end(person.id)
    for thread in threads:
        thread.join()
    assert stop.is_set()
    assert services.images.count() == 0
    assert services.images.files.listed() == {}


def _fail(user_id):
    raise StorageError("database_failing")


def test_an_end_that_was_interrupted_is_forgotten_at_the_next_log_in(services, monkeypatch):
    person = services.accounts.sign_up("ann", PASSWORD, address="")
    kept = services.images.keep(person.id, new_picture(1))
    with monkeypatch.context() as patch:
        patch.setattr(services.images, "let_go_of_all", _fail)
        with pytest.raises(StorageError):
            services.endings.end(person.id)
    with pytest.raises(PersonGone):
        services.images.keep(person.id, new_picture(2))
    with pytest.raises(PersonGone):
        services.images.label(kept, "1", by=person.id)
    assert services.accounts.log_in("ann", PASSWORD, address="") is not None
    services.images.keep(person.id, new_picture(2))
    assert services.images.label(kept, "1", by=person.id)


def test_make_admin(site, ann):
    runner = site.test_cli_runner()
    assert "administrator now" in runner.invoke(args=["make-admin", "ANN"]).output
    assert "You are an administrator" in ann.get("/account").text
    refused = runner.invoke(args=["make-admin", "nobody"])
    assert refused.exit_code == 1
    assert "nobody is called 'nobody'" in refused.output


def test_an_upload_while_the_account_ends_is_not_for_anybody(site, ann, services, seven, caplog):
    keep = type(services.images).keep_labelled

    def too_late(self, user_id, *arguments, **options):
        services.endings.end(user_id)
        return keep(self, user_id, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(services.images), "keep_labelled", too_late)
        answer = ann.predict(seven)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert services.images.count() == 0
    assert list(services.images.files.listed()) == []
    assert [record for record in caplog.records if record.exc_info] == []
