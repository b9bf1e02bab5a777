"""Attacks by people with and without an account: labels, guessing, look-alike names."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import MemoryStorage

from app.services.accounts import Accounts, NameTaken, Throttled
from app.services.accounts.attempts import Attempts
from app.services.accounts.passwords import Passwords
from app.web.extensions import limiter
from tests.app.clock import Clock, stop_attempts_clock
from tests.app.visitor import PASSWORD, Visitor, error_in

THIEF = "192.0.2.66"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tried(monkeypatch):
    """The passwords that were really compared; comparing costs nothing here."""
    passwords = []

    def verify(self, kept, password):
        passwords.append(password)
        return kept == password

    monkeypatch.setattr(Passwords, "verify", verify)
    monkeypatch.setattr(Passwords, "hash", lambda self, password: password)
    monkeypatch.setattr(Passwords, "is_outdated", lambda self, kept: False)
    return passwords


@pytest.fixture
def timed(site, services, clock, monkeypatch):
    """The site, with a clock that goes on when it is told to."""
    accounts = Accounts(services.database, Passwords(), Attempts(services.database, clock))
    changed = dataclasses.replace(services, accounts=accounts)
    monkeypatch.setitem(site.extensions, "services", changed)
    return site


@pytest.fixture
def accounts(tried, timed):
    return timed.extensions["services"].accounts


def crowd(site, work, count):
    def one(number):
        with site.app_context():
            return work(number)

    with ThreadPoolExecutor(40) as pool:
        return list(pool.map(one, range(count)))


# Labels


def test_a_second_holder_neither_overrules_the_owner_nor_stands_in_the_way(ann, bob, seven):
    picture = ann.keep(seven)
    assert bob.keep(seven) == picture
    assert bob.label(picture, "1").status_code == 302
    assert ann.label(picture, "7").status_code == 302
    assert ann.gallery("digit=7") == [picture]
    for word in ("1", "none", ""):
        bob.label(picture, word)
        assert ann.gallery("digit=7") == [picture]
    assert (
        b"7-"
        in ann.get(f"/gallery/{picture}.png?download=1").headers["Content-Disposition"].encode()
    )


def test_who_sends_a_picture_again_overrules_nobody_who_holds_it(ann, bob, seven):
    picture = ann.keep(seven)
    ann.label(picture, "7")
    assert bob.keep(bob.get(f"/gallery/{picture}.png").data) == picture
    assert bob.label(picture, "1").status_code == 302
    assert bob.gallery("digit=7") == [picture]


def test_a_label_left_behind_overrules_nobody_who_holds_the_picture(ann, bob, seven):
    picture = ann.keep(seven)
    ann.label(picture, "0")
    ann.post("/account/delete", password=PASSWORD)
    assert bob.keep(seven) == picture
    assert bob.gallery("digit=0") == [picture]
    assert bob.label(picture, "7").status_code == 302
    assert bob.gallery("digit=7") == [picture]


# Guessing


def test_a_whole_ipv6_network_has_the_tries_of_one_address(ann, site, monkeypatch):
    stop_attempts_clock(site, monkeypatch)
    guesses = [
        Visitor(site, f"2001:db8:1:2::{number:x}").log_in("ann", f"wrong {number}").status_code
        for number in range(1, 8)
    ]
    assert guesses == [400] * 5 + [429] * 2
    assert Visitor(site, "2001:db8:1:3::1").log_in("ann").status_code == 302


def test_an_address_has_no_second_set_of_tries_when_written_as_ipv6(ann, site, monkeypatch):
    stop_attempts_clock(site, monkeypatch)
    for number in range(5):
        Visitor(site, THIEF).log_in("ann", f"wrong {number}")
    assert Visitor(site, f"::ffff:{THIEF}").log_in("ann").status_code == 429


def test_forty_guesses_at_once_are_five_tries(site, accounts, tried):
    accounts.sign_up("ann", PASSWORD, address="home")

    def guess(number):
        try:
            return accounts.log_in("ann", f"wrong {number}", address=THIEF)
        except Throttled as refused:
            return refused.seconds

    answers = crowd(site, guess, 40)
    assert len(tried) == 5
    assert sorted(answers, key=str) == [2] * 35 + [None] * 5


def test_forty_guesses_at_once_by_the_real_passwords_are_five_tries(site, ann, services):
    def guess(number):
        try:
            return services.accounts.log_in("ann", f"wrong {number}", address=THIEF)
        except Throttled:
            return "throttled"

    answers = crowd(site, guess, 40)
    assert answers.count(None) == 5
    assert answers.count("throttled") == 35


def test_forty_who_know_the_password_all_get_in_at_once(site, accounts):
    accounts.sign_up("class", PASSWORD, address="home")
    found = crowd(site, lambda _: accounts.log_in("class", PASSWORD, address="school"), 40)
    assert {login.person.username for login in found} == {"class"}


def test_guesses_for_the_present_password_at_once_are_five_tries(site, accounts, tried):
    person = accounts.sign_up("ann", PASSWORD, address="home")

    def guess(number):
        with pytest.raises((Throttled, ValueError)):
            accounts.check(person, f"wrong {number}", address=THIEF)

    crowd(site, guess, 40)
    assert len(tried) == 5


def test_one_password_for_many_names_is_slowed_down(accounts, clock, tried):
    refused = []
    for number in range(400):
        try:
            accounts.log_in(f"pupil {number}", "password", address=THIEF)
        except Throttled as error:
            refused.append(error.seconds)
    assert len(tried) == 200
    assert set(refused) == {1}
    # Whoever goes on for an hour gets no further than a few hundred.
    begun = clock.now
    while (clock.now - begun).total_seconds() < 3600:
        try:
            accounts.log_in(f"pupil {len(tried)}", "password", address=THIEF)
        except Throttled as error:
            clock.wait(error.seconds)
    assert len(tried) <= 200 + 3600 / 30 + 6


def test_a_class_that_mistypes_is_not_slowed_down(accounts, clock):
    for pupil in range(30):
        accounts.sign_up(f"pupil {pupil}", PASSWORD, address="home")
    for _ in range(6):
        for pupil in range(30):
            assert accounts.log_in(f"pupil {pupil}", "mistyped", address="school") is None
            clock.wait(1)
    clock.wait(60)
    for pupil in range(30):
        assert accounts.log_in(f"pupil {pupil}", PASSWORD, address="school")


def test_a_school_that_mistypes_all_morning_is_not_slowed_down(accounts, clock):
    for number in range(3 * 200):
        assert accounts.log_in(f"pupil {number}", "mistyped", address="school") is None
        clock.wait(18)


def test_who_tries_many_names_does_not_shut_out_those_who_are_there_every_day(accounts, clock):
    accounts.sign_up("ann", PASSWORD, address="home")
    accounts.sign_up("bob", PASSWORD, address="home")
    assert accounts.log_in("ann", PASSWORD, address="school")
    clock.wait(86_400)
    for number in range(200):
        accounts.log_in(f"pupil {number}", "password", address="school")
    with pytest.raises(Throttled):
        accounts.log_in("bob", PASSWORD, address="school")
    assert accounts.log_in("ann", PASSWORD, address="school")
    clock.wait(1)
    assert accounts.log_in("bob", PASSWORD, address="school")


def test_asking_who_has_an_account_is_slowed_down(accounts, clock):
    for pupil in range(30):
        accounts.sign_up(f"pupil {pupil}", PASSWORD, address="school")
    for _ in range(120):
        with pytest.raises(NameTaken):
            accounts.sign_up("pupil 1", PASSWORD, address=THIEF)
    with pytest.raises(Throttled) as refused:
        accounts.sign_up("pupil 1", PASSWORD, address=THIEF)
    clock.wait(refused.value.seconds)
    with pytest.raises(NameTaken):
        accounts.sign_up("pupil 1", PASSWORD, address=THIEF)
    accounts.sign_up("somebody", PASSWORD, address="school")


def test_names_asked_for_at_once_are_no_more_than_one_after_the_other(site, accounts):
    accounts.sign_up("ann", PASSWORD, address="home")

    def ask(_):
        try:
            accounts.sign_up("ann", PASSWORD, address=THIEF)
        except NameTaken:
            return "taken"
        except Throttled:
            return "throttled"

    answers = crowd(site, ask, 200)
    assert answers.count("taken") == 120


# Every 429 says how long to wait, and so long is enough


def retry_after(answer):
    assert answer.status_code == 429, answer.status_code
    assert answer.headers["Retry-After"].isdigit()
    assert int(answer.headers["Retry-After"]) >= 1
    return int(answer.headers["Retry-After"])


def test_a_log_in_says_truly_how_long_to_wait(tried, timed, clock):
    Visitor(timed).sign_up("ann")
    thief = Visitor(timed, THIEF)
    for number in range(5):
        thief.log_in("ann", f"wrong {number}")
    for _ in range(4):
        clock.wait(0.4)
        seconds = retry_after(thief.log_in("ann", "wrong"))
        clock.wait(seconds - 1)
        if seconds > 1:
            retry_after(thief.log_in("ann", "wrong"))
        clock.wait(1)
        assert thief.log_in("ann", "wrong").status_code == 400
    clock.wait(retry_after(thief.log_in("ann")))
    assert thief.log_in("ann").status_code == 302


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/delete", {"password": PASSWORD}),
        ("/account/password", {"old": PASSWORD, "new": "new password", "again": "new password"}),
    ],
)
def test_the_account_s_forms_say_truly_how_long_to_wait(tried, timed, clock, path, fields):
    ann = Visitor(timed).sign_up("ann")
    for _ in range(5):
        assert ann.post(path, **{**fields, "password": "no", "old": "no"}).status_code == 400
    answer = ann.post(path, **fields)
    seconds = retry_after(answer)
    assert f"Wait {seconds} seconds" in error_in(answer)
    clock.wait(seconds)
    assert ann.post(path, **fields).status_code == 302


def test_a_sign_up_says_truly_how_long_to_wait(accounts, timed, clock):
    for number in range(60):
        accounts.sign_up(f"pupil {number}", PASSWORD, address=THIEF)
    visitor = Visitor(timed, THIEF)
    form = {"username": "one more", "password": PASSWORD, "again": PASSWORD}
    answer = visitor.post("/signup", **form)
    seconds = retry_after(answer)
    assert f"Wait {seconds} seconds" in error_in(answer)
    clock.wait(seconds)
    assert visitor.post("/signup", **form).status_code == 302


@pytest.mark.parametrize("path", ["/predict", "/explain", "/explain/apply"])
def test_questions_say_truly_how_long_to_wait(app, monkeypatch, path):
    now = 1_900_000_000.6
    monkeypatch.setattr("time.time", lambda: now)
    limiter.reset()
    client = app.test_client()

    def ask(host):
        where = {"REMOTE_ADDR": f"2001:db8:1:2::{host:x}"}
        return client.post(path, environ_base=where)

    assert [ask(host).status_code for host in range(1, 21)] == [400] * 20
    now += 0.3
    seconds = retry_after(ask(21))
    now += seconds
    assert ask(22).status_code == 400


def test_rotating_addresses_leave_nothing_in_memory(app, monkeypatch):
    now = 1_900_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    limiter.reset()
    storage, client = limiter.storage, app.test_client()
    assert isinstance(storage, MemoryStorage)
    for network in range(500):
        client.post("/predict", environ_base={"REMOTE_ADDR": f"2001:db8:{network:x}::1"})
    assert len(storage.storage) == 500
    now += 2
    storage.timer.join()
    client.post("/predict", environ_base={"REMOTE_ADDR": "2001:db8:ffff::1"})
    storage.timer.join()
    assert len(storage.storage) == len(storage.expirations) == 1
    assert len(storage.locks) <= 1


# Names


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("paul", "pauI"),
        ("Bill", "BiIl"),
        ("claire", "cIaire"),
        ("Ian", "lan"),
        ("west", "vvest"),
        ("cloud", "doud"),
        ("CLOUD", "doud"),
        ("ann", "a\u0332nn"),
        ("ann", "ạnn"),
        ("ann", "a\u0320\u0323nn\u0305"),
        ("HELEN", "НЕLЕN"),
        ("tom1", "tomI"),
    ],
)
def test_nobody_is_imitated_by_a_name_that_looks_the_same(tried, site, name, imitation):
    Visitor(site).sign_up(name)
    answer = Visitor(site).post("/signup", username=imitation, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert "looks like one that is" in error_in(answer)


@pytest.mark.parametrize(("one", "other"), [("paul", "pauI"), ("Ian", "lan"), ("west", "vvest")])
def test_of_two_that_look_alike_and_sign_up_at_once_one_gets_the_name(site, accounts, one, other):
    def sign_up(number):
        try:
            return accounts.sign_up((one, other)[number % 2], PASSWORD, address=str(number))
        except NameTaken:
            return None

    assert sum(person is not None for person in crowd(site, sign_up, 8)) == 1
