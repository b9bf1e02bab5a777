"""The worker: it does what waits, notes how it ended, and stops when it is told to."""

import threading
from uuid import uuid4

import pytest

from app.config import Settings
from app.errors import CodedError, StorageError
from app.jobs import worker as worker_module
from app.jobs.queue import Queue
from app.jobs.worker import Worker
from app.services.jobs import Jobs
from tests.app.jobs.test_queue import redis_or_skip
from tests.app.waiting import eventually


@pytest.fixture(params=["file", "redis"])
def queue(request, tmp_path):
    url = redis_or_skip() if request.param == "redis" else None
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    return Queue(Settings(instance_path=folder, redis_url=url))


@pytest.fixture
def jobs(services, queue):
    return Jobs(services.database, queue.wake)


@pytest.fixture
def run(services, jobs, queue):
    """Run a worker with these handlers in a thread; it is halted at the end."""
    started = []

    def one(*, after=None, **handlers):
        work = Worker(jobs, queue, handlers, after=after)
        thread = threading.Thread(target=work.run)
        thread.start()
        started.append((work, thread))
        return work, thread

    yield one
    for work, thread in started:
        work.halt()
        thread.join(60)
        assert not thread.is_alive()


def finisher(services):
    def finish(job):
        with services.database.writing() as session:
            job.finish(session, {"to": job.view.arguments["to"]})

    return finish


def test_it_does_not_wait_for_the_heartbeat_of_one_that_is_known_to_be_dead(services, jobs, run):
    job_id, dead = jobs.start("count", {"to": 3}), uuid4()
    assert jobs.take("count", worker=dead) is not None
    run(after=dead, count=finisher(services))
    eventually(lambda: jobs.find(job_id).state == "finished", seconds=10)


def test_jobs_are_done_when_they_come(services, jobs, run):
    run(count=finisher(services))
    ids = [jobs.start("count", {"to": number}) for number in range(5)]
    eventually(lambda: all(jobs.find(one).state == "finished" for one in ids))
    assert [jobs.find(one).result["to"] for one in ids] == list(range(5))


def test_a_long_job_holds_up_no_other_kind(services, jobs, run):
    def wait(job):
        while True:
            job.check()

    run(wait=wait, count=finisher(services))
    long, short = jobs.start("wait", {}), jobs.start("count", {"to": 1})
    eventually(lambda: jobs.find(short).state == "finished")
    eventually(lambda: jobs.find(long).state == "running")
    jobs.cancel(long)
    eventually(lambda: jobs.find(long).state == "cancelled")


def test_a_halted_worker_gives_its_job_back(jobs, run):
    def wait(job):
        while True:
            job.check()

    job_id = jobs.start("wait", {})
    work, thread = run(wait=wait)
    eventually(lambda: jobs.find(job_id).state == "running")
    work.halt()
    thread.join(60)
    assert jobs.find(job_id).state == "queued"


@pytest.mark.parametrize(
    ("error", "message"),
    [(CodedError("label_limit", count=3), "label_limit"), (ValueError("odd"), "job_failed")],
)
def test_an_error_ends_the_job_and_not_the_worker(services, jobs, run, error, message):
    def fail(job):
        raise error

    run(fail=fail, count=finisher(services))
    failed = jobs.start("fail", {})
    eventually(lambda: jobs.find(failed).state == "failed")
    assert jobs.find(failed).message == message
    after = jobs.start("count", {"to": 1})
    eventually(lambda: jobs.find(after).state == "finished")


def test_a_database_that_fails_once_costs_nothing(services, jobs, run, monkeypatch):
    monkeypatch.setattr(worker_module, "_RETRY", 0)
    failures = [StorageError("database_busy")]
    finish = finisher(services)

    def fail_once(job):
        if failures:
            raise failures.pop()
        finish(job)

    run(count=fail_once)
    job_id = jobs.start("count", {"to": 2})
    eventually(lambda: jobs.find(job_id).state == "finished")
