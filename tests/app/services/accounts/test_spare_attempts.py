"""A database that cannot be written to: logging in and out goes on, and guessing stays slow."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.services.accounts.attempts import Counter, Throttle, Throttled
from app.services.accounts.spare_attempts import SpareAttempts
from app.web.extensions import db
from app.web.services import get_services
from tests.app.clock import stop_attempts_clock
from tests.app.visitor import Visitor, error_in

SLOW = Throttle("test", free=2, first=4, most=60, memory=900)


@pytest.fixture
def own(tmp_path, database_url, open_app):
    """A site that no other test uses: it remembers attempts."""
    return open_app(Settings(instance_path=tmp_path / "instance", database_url=database_url))


@pytest.fixture
def context(own):
    with own.app_context():
        yield


@pytest.fixture
def ann(own):
    return Visitor(own).sign_up("ann")


@contextmanager
def full_disk():
    def fail(connection, cursor, text, parameters, context, executemany):
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", text):
            raise OperationalError(text, parameters, Exception("database or disk is full"))

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)


def test_log_out_works_on_a_full_disk(ann, context, caplog):
    token = ann.token()
    with full_disk():
        answer = ann.send("POST", "/logout", data={"csrf_token": token})
        assert answer.status_code == 302
        assert not ann.is_logged_in()
    assert "could not be ended" in caplog.text
    assert "the server could not note it" in ann.get("/").text


def test_a_wrong_password_is_told_on_a_full_disk_and_guessing_slowed_down(
    own, ann, context, monkeypatch
):
    stop_attempts_clock(own, monkeypatch)
    guesser = Visitor(own)
    with full_disk():
        answers = [guesser.log_in("ann", f"guess number {n}") for n in range(8)]
        assert {answer.status_code for answer in answers[:5]} == {400}
        assert "Wrong user name or password" in error_in(answers[0])
        assert {answer.status_code for answer in answers[5:]} == {429}


def test_the_right_password_logs_in_on_a_full_disk(own, ann, context):
    with full_disk():
        visitor = Visitor(own)
        visitor.log_in("ann", "wrong, surely")
        assert visitor.log_in("ann").status_code == 302
        assert visitor.is_logged_in()


@pytest.fixture
def clock():
    class Clock:
        now = datetime(2030, 1, 1, tzinfo=UTC)

        def __call__(self):
            return self.now

    return Clock()


def fails(attempts, key="ann"):
    """Make an attempt that fails; return how long it would have had to wait, or 0."""
    counter = Counter(SLOW, (key,))
    try:
        with attempts.trying(counter) as trial:
            trial.count(counter)
    except Throttled as error:
        return error.seconds
    return 0


def test_delays_grow_and_end(context, clock):
    attempts = SpareAttempts(get_services().database, clock)
    with full_disk():
        assert [fails(attempts) for _ in range(3)] == [0, 0, 4]
        assert fails(attempts, "bob") == 0
        clock.now += timedelta(seconds=4)
        assert [fails(attempts) for _ in range(2)] == [0, 8]
        clock.now += timedelta(seconds=8)
        counter = Counter(SLOW, ("ann",))
        with attempts.trying(counter) as trial:
            assert fails(attempts) == 8  # one at a time
            trial.clear(counter)
        assert fails(attempts) == 0


def test_what_was_slowed_down_before_the_disk_was_full_stays_so(context, clock):
    attempts = SpareAttempts(get_services().database, clock)
    assert [fails(attempts) for _ in range(3)] == [0, 0, 4]
    with full_disk():
        clock.now += timedelta(seconds=4)
        assert [fails(attempts) for _ in range(3)] == [0, 0, 4]
