"""Many threads at once, and processes killed at any moment: files and rows never part."""

import multiprocessing
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, make_url, select

from app.errors import PersonGone
from app.services.maintenance.sweep import Sweeper
from app.services.pictures.images import ImageStore, Limits
from app.storage.database import utc_now
from app.storage.models import Holding, Picture, User
from tests.app.database import reading, writing
from tests.app.pictures import draw, encode
from tests.app.stock import add_person, assert_in_step, files, held, new_picture, rows
from tests.app.storing import store_until_killed
from tests.app.visitor import Visitor

THREADS = 8
SENT = 2000
DISTINCT = 500


def in_two_hours():
    return utc_now() + timedelta(hours=2)


def crowd(site, work, numbers):
    """Do something with each number, in eight threads."""

    def one(number):
        with site.app_context():
            return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, numbers))


def shuffled(count, distinct):
    numbers = [n % distinct for n in range(count)]
    random.Random(1).shuffle(numbers)
    return numbers


def test_eight_threads_store_each_picture_once(site, services):
    store = ImageStore(services.database, services.images.files, Limits(10**6, 10**6))
    people = [add_person(f"person {n}") for n in range(3)]
    numbers = shuffled(SENT, DISTINCT)
    ids = crowd(site, lambda n: store.keep(people[n % 3], new_picture(n)), numbers)
    assert len(rows()) == DISTINCT
    assert set(ids) == rows()
    by_number = dict(zip(numbers, ids, strict=True))
    assert all(by_number[n] == picture_id for n, picture_id in zip(numbers, ids, strict=True))
    assert set.union(*(held(person) for person in people)) == rows()
    assert_in_step(store)


def test_eight_threads_and_a_history_that_overflows(site, services):
    store = ImageStore(services.database, services.images.files, Limits(100, 10))
    people = [add_person(f"person {n}") for n in range(2)]
    numbers = shuffled(SENT, DISTINCT)
    crowd(site, lambda n: store.keep(people[n % 2], new_picture(n)), numbers)
    assert_in_step(store)
    assert all(len(held(person)) == 100 for person in people)
    assert held(people[0]) | held(people[1]) == rows()


def test_eight_threads_that_store_label_and_delete(site, services):
    store = ImageStore(services.database, services.images.files, Limits(10, 10**6))
    people = [add_person(f"person {n}") for n in range(2)]

    def work(step):
        kind, number, person = step
        kept = store.keep(person, new_picture(number))
        if kind == 1:
            store.label(kept, str(number % 10), by=person)
        elif kind == 2:
            store.label(kept, None, by=person)
        elif kind == 3:
            store.let_go(person, kept)
        elif kind == 4:
            store.files.delete(kept)
            store.keep(person, new_picture(number))

    dice = random.Random(2)
    steps = [(dice.randrange(5), dice.randrange(30), dice.choice(people)) for _ in range(300)]
    crowd(site, work, steps)
    with reading() as session:
        orphans = session.scalars(
            select(Picture.id).where(
                Picture.label.is_(None), Picture.id.not_in(select(Holding.picture_id))
            )
        ).all()
    assert orphans == []
    assert files(store) <= {f"{picture_id}.png" for picture_id in rows()}


def test_many_send_over_http_at_once(site):
    visitor = Visitor(site).sign_up("ann")
    token, cookie = visitor.token(), visitor.client.get_cookie("session").value
    pictures = [encode(draw([(140 + n, 50), (140 + n, 230)])) for n in range(8)]

    def send(number):
        other = Visitor(site)
        other.client.set_cookie("session", cookie)
        return other.send(
            "POST",
            "/predict?store=1",
            data=pictures[number],
            content_type="image/png",
            headers={"X-CSRFToken": token},
        )

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(send, shuffled(48, 8)))
    assert {answer.status_code for answer in answers} == {200}
    ids = {answer.get_json()["image_id"] for answer in answers}
    assert len(ids) == 8
    assert set(visitor.gallery("mine=1")) == ids


@pytest.fixture
def run_and_kill(site, services, tmp_path):
    """Let a process store pictures, kill it, and return what it had acknowledged by then.

    Processes are forked from one that has imported everything already.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.app.storing"])
    folder, diary = services.images.files.folder, tmp_path / "diary"
    url = make_url(site.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=False)

    def run(person, start, limit, seconds):
        diary.write_bytes(b"")
        arguments = (folder, url, person, start, limit, diary)
        process = context.Process(target=store_until_killed, args=arguments)
        process.start()
        while process.is_alive() and not diary.stat().st_size:
            time.sleep(0.005)
        time.sleep(seconds)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        process.close()
        return dict(line.split() for line in diary.read_text().splitlines())

    return run


def test_killed_at_any_moment_nothing_acknowledged_is_lost(services, run_and_kill):
    """Kill a storing process again and again.

    DIGITNET_TEST_KILLS says how often (30 unless told; 100 is thorough).
    """
    kills = int(os.environ.get("DIGITNET_TEST_KILLS", "30"))
    dice = random.Random(3)
    store, person = services.images, add_person("ann")
    for kill in range(kills):
        said = run_and_kill(person, kill * 1000 + 1, 10**6, dice.uniform(0, 0.15))
        Sweeper(services.database, store, clock=in_two_hours).sweep()
        kept = {answer: int(number) for number, answer in said.items() if answer != "goes"}
        assert said
        assert kept.keys() <= {str(picture_id) for picture_id in rows()}
        for picture_id, number in kept.items():
            assert store.files.path(picture_id).read_bytes() == new_picture(number).png
        assert_in_step(store)
        empty(store)


def empty(store):
    for picture_id in rows():
        store.files.delete(picture_id)
    with writing() as session:
        session.execute(delete(Holding))
        session.execute(delete(Picture))


def test_killed_while_a_history_overflows(services, run_and_kill):
    dice = random.Random(4)
    store, person = services.images, add_person("ann")
    for kill in range(5):
        run_and_kill(person, kill * 1000 + 1, 5, dice.uniform(0.1, 0.2))
        Sweeper(services.database, store, clock=in_two_hours).sweep()
        assert_in_step(store)
        assert 0 < len(held(person)) <= 6


def test_what_is_kept_for_somebody_who_has_left_leaves_no_file(services):
    store = services.images
    person = add_person("ann")
    with writing() as session:
        session.execute(delete(User))
    with pytest.raises(PersonGone):
        store.keep(person, new_picture(1))
    assert files(store) == set()
    assert rows() == set()
