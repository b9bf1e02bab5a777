"""Jobs as rows: taken once, gone on with after a kill, cancelled, and fenced."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from app.services.jobs import JobCancelled, JobHalted, JobLost, Jobs
from app.storage.database import utc_now
from app.storage.models import Job, User
from tests.app.database import writing
from tests.app.stock import add_person


class Clock:
    def __init__(self):
        self.now = utc_now()

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def jobs(services, clock):
    return Jobs(services.database, lambda: None, clock)


def test_a_job_is_taken_in_order_done_and_found(jobs, services, clock):
    first = jobs.start("count", {"to": 3})
    clock.now += timedelta(seconds=1)
    jobs.start("count", {"to": 4})
    assert jobs.counts() == {"queued": 2, "running": 0}
    job = jobs.take("count", worker=uuid4())
    assert job.view.id == first
    assert job.view.arguments == {"to": 3}
    job.advance(done=1, total=3)
    assert (jobs.find(first).done, jobs.find(first).total) == (1, 3)
    with services.database.writing() as session:
        job.finish(session, {"counted": 3})
    assert jobs.find(first).state == "finished"
    assert jobs.find(first).result == {"counted": 3}
    assert jobs.counts() == {"queued": 1, "running": 0}


def test_other_kinds_of_jobs_stay(jobs):
    jobs.start("count", {})
    assert jobs.take("other", worker=uuid4()) is None


def test_many_workers_take_each_job_once(jobs):
    for number in range(20):
        jobs.start("count", {"number": number})

    def work(_):
        worker, taken = uuid4(), []
        for _ in range(20):
            job = jobs.take("count", worker=worker)
            taken += [] if job is None else [job.view.id]
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [job for found in pool.map(work, range(4)) for job in found]
    assert len(taken) == len(set(taken)) == 20


class TestAKilledWorker:
    def test_its_job_goes_on_where_it_was(self, jobs, clock):
        job_id = jobs.start("count", {})
        jobs.take("count", worker=uuid4()).advance(done=7)
        assert jobs.recover() == 0
        clock.now += timedelta(seconds=16)
        assert jobs.recover() == 1
        again = jobs.take("count", worker=uuid4())
        assert again.view.id == job_id
        assert again.view.done == 7

    def test_its_job_goes_on_at_once_where_its_death_is_known(self, jobs):
        job_id, dead = jobs.start("count", {}), uuid4()
        jobs.take("count", worker=dead)
        assert jobs.recover(dead_worker=uuid4()) == 0
        assert jobs.recover(dead_worker=dead) == 1
        assert jobs.take("count", worker=uuid4()).view.id == job_id

    def test_a_job_that_kills_every_worker_at_once_is_given_up(self, jobs):
        job_id = jobs.start("count", {})
        for _ in range(3):
            worker = uuid4()
            assert jobs.take("count", worker=worker) is not None
            jobs.recover(dead_worker=worker)
        assert jobs.find(job_id).state == "failed"

    def test_a_heartbeat_keeps_it(self, jobs, clock):
        jobs.start("count", {})
        worker = uuid4()
        jobs.take("count", worker=worker)
        clock.now += timedelta(seconds=12)
        jobs.beat(worker)
        clock.now += timedelta(seconds=12)
        assert jobs.recover() == 0

    def test_one_that_was_only_slow_changes_nothing_more(self, jobs, clock, services):
        jobs.start("count", {})
        slow = jobs.take("count", worker=uuid4())
        clock.now += timedelta(seconds=16)
        jobs.recover()
        other = jobs.take("count", worker=uuid4())
        with pytest.raises(JobLost):
            slow.advance(done=1)
        with pytest.raises(JobLost):
            slow.check()
        with pytest.raises(JobLost), services.database.writing() as session:
            slow.finish(session, {})
        other.advance(done=2)

    def test_a_job_that_kills_every_worker_is_given_up(self, jobs, clock):
        job_id = jobs.start("count", {})
        for _ in range(3):
            assert jobs.take("count", worker=uuid4()) is not None
            clock.now += timedelta(seconds=16)
            jobs.recover()
        assert jobs.take("count", worker=uuid4()) is None
        found = jobs.find(job_id)
        assert (found.state, found.message) == ("failed", "job_interrupted")

    def test_one_that_comes_forward_is_not(self, jobs, clock):
        jobs.start("count", {})
        for done in range(5):
            jobs.take("count", worker=uuid4()).advance(done=done)
            clock.now += timedelta(seconds=16)
            assert jobs.recover() == 1


class TestCancelling:
    def test_a_waiting_job_ends_at_once(self, jobs):
        job_id = jobs.start("count", {})
        assert jobs.cancel(job_id)
        assert jobs.find(job_id).state == "cancelled"
        assert jobs.take("count", worker=uuid4()) is None
        assert not jobs.cancel(job_id)

    def test_a_running_job_hears_of_it_and_keeps_nothing_more(self, jobs, services):
        job_id = jobs.start("count", {})
        job = jobs.take("count", worker=uuid4())
        assert jobs.cancel(job_id)
        with pytest.raises(JobCancelled):
            job.check()
        with pytest.raises(JobCancelled), services.database.writing() as session:
            job.report(session, done=5)
        assert jobs.find(job_id).done == 0
        job.cancel()
        assert jobs.find(job_id).state == "cancelled"

    def test_a_dead_worker_s_job_is_cancelled_too(self, jobs, clock):
        job_id = jobs.start("count", {})
        jobs.take("count", worker=uuid4())
        jobs.cancel(job_id)
        clock.now += timedelta(seconds=16)
        jobs.recover()
        assert jobs.find(job_id).state == "cancelled"


def test_a_worker_that_ends_gives_its_job_back(jobs):
    job_id = jobs.start("count", {})
    halted = threading.Event()
    job = jobs.take("count", worker=uuid4(), halted=halted)
    halted.set()
    with pytest.raises(JobHalted):
        job.advance(done=1)
    job.release()
    assert jobs.take("count", worker=uuid4()).view.id == job_id


def test_a_job_ends_with_its_owner(jobs):
    ann = add_person("ann")
    job_id = jobs.start("count", {}, owner_id=ann)
    job = jobs.take("count", worker=uuid4())
    with writing() as session:
        session.execute(delete(User).where(User.id == ann))
    assert jobs.find(job_id) is None
    with pytest.raises(JobLost):
        job.advance(done=1)


def test_ended_jobs_are_forgotten_after_a_month(jobs, clock):
    old = jobs.start("count", {})
    jobs.cancel(old)
    clock.now += timedelta(days=29)
    jobs.recover()
    assert jobs.find(old) is not None
    clock.now += timedelta(days=2)
    jobs.recover()
    assert jobs.find(old) is None


def test_the_status_names_jobs(services, ann, jobs):
    jobs.start("count", {})
    assert ann.get("/status").get_json()["jobs"] == {"queued": 1, "running": 0}


def test_a_failed_job_says_why(jobs):
    job_id = jobs.start("count", {})
    jobs.take("count", worker=uuid4()).fail("label_limit", {"count": 3})
    found = jobs.find(job_id)
    assert (found.state, found.message, found.result) == ("failed", "label_limit", {"count": 3})


def test_a_failing_database_is_tried_again_but_not_for_ever(jobs, services):
    job_id = jobs.start("count", {})
    for _ in range(3):
        assert jobs.find(job_id).state == "queued"
        jobs.take("count", worker=uuid4()).retry()
    assert jobs.find(job_id).state == "failed"
    with services.database.reading() as session:
        assert session.get(Job, job_id).ended_at is not None
