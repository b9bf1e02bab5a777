"""Snapshots: made once for all who watch the same, and forgotten when nobody does."""

import threading

import pytest

from app.services.streams import Part, Snapshot, Snapshots


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class Maker:
    """Makes snapshots, each with the time of the clock, and takes so many seconds of a thread."""

    def __init__(self, clock, takes=0.001):
        self.clock, self.takes = clock, takes
        self.worked, self.count = 0.0, 0

    def thread_time(self):
        return self.worked

    def __call__(self):
        self.worked += self.takes
        self.count += 1
        return Snapshot(round(1000 * self.clock.now), ())


def test_parts_are_whole_for_whom_they_are_new():
    parts = (Part(5000, b"A+", b"A"), Part(9000, b"B+", b"B"), Part(None, b"C", b"C"))
    snapshot = Snapshot(10_000, parts)
    assert snapshot.since(0) == snapshot.since(0) == b"A+,B+,C"
    assert snapshot.since(7000) == b"A,B+,C"
    assert snapshot.since(9050) == b"A,B+,C"  # another process may have been writing it
    assert snapshot.since(9500) == b"A,B,C"
    assert Snapshot(10_000, ()).since(0) == b""


def test_who_comes_meanwhile_gets_the_same_and_nobody_gets_it_twice(clock):
    make = Maker(clock)
    snapshots = Snapshots(clock, make.thread_time)
    first = snapshots.get("all", 0, make)
    clock.now += 0.24
    assert snapshots.get("all", first.now - 1, make) is first
    assert snapshots.get("wall", 0, make) is not first
    assert snapshots.get("all", first.now, make) is not first
    clock.now += 0.26
    assert snapshots.get("all", 0, make).now == round(1000 * clock.now)


def test_what_takes_long_to_make_serves_longer(clock):
    make = Maker(clock, takes=0.01)
    snapshots = Snapshots(clock, make.thread_time)
    for _ in range(1000):
        snapshots.get("all", 0, make)
        clock.now += 0.01
    assert make.worked <= 0.025 * 10
    make.takes = 10
    snapshots.forget()
    first = snapshots.get("all", 0, make)
    clock.now += 1.01
    assert snapshots.get("all", 0, make) is not first


def test_what_was_changed_is_made_anew_and_what_nobody_asks_for_is_forgotten(clock):
    make = Maker(clock)
    snapshots = Snapshots(clock, make.thread_time)
    first = snapshots.get("all", 0, make)
    snapshots.forget()
    assert snapshots.get("all", 0, make) is not first
    clock.now += 3
    snapshots.get("wall", 0, make)
    clock.now += 3
    snapshots.tidy()
    assert len(snapshots) == 1
    clock.now += 3
    snapshots.tidy()
    assert len(snapshots) == 0


def test_who_comes_while_one_is_made_waits_for_it_and_a_failure_is_not_kept(clock):
    make, begun, may_end = Maker(clock), threading.Event(), threading.Event()
    snapshots = Snapshots(clock, make.thread_time)

    def make_slowly():
        begun.set()
        assert may_end.wait(10)
        return make()

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(snapshots.get("all", 0, make_slowly)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    may_end.set()
    for thread in threads:
        thread.join()
    assert make.count == 1
    assert len(found) == 8

    def fail():
        raise OSError("no Redis")

    snapshots.forget()
    with pytest.raises(OSError, match="no Redis"):
        snapshots.get("all", 0, fail)
    assert snapshots.get("all", 0, make)
