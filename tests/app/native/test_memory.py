"""Shares of the memory: whole, in turn, and never more than there is."""

import threading
from uuid import uuid4

from app.native.memory import Memory
from tests.app.waiting import eventually


class Claimant:
    """Somebody who wants a share, in a thread of their own."""

    def __init__(self, memory, size, network="a", seconds=60):
        self.id, self.result, self.over = uuid4(), None, False
        self._thread = threading.Thread(
            target=self._take, args=(memory, network, size, seconds), daemon=True
        )
        self._thread.start()
        eventually(lambda: self.result is not None or self._is_waiting(memory))

    def _take(self, memory, network, size, seconds):
        self.result = memory.take(
            self.id, network, size, seconds=seconds, is_over=lambda: self.over
        )

    def _is_waiting(self, memory):
        return any(claim.owner == self.id for claim in memory._waiting)

    def get(self):
        self._thread.join(10)
        return self.result


def test_what_is_given_back_goes_to_the_one_who_wants_least_then_who_came_first():
    memory = Memory(100)
    holder = Claimant(memory, 100)
    assert holder.get()
    large, early, late = (Claimant(memory, size) for size in (90, 60, 60))
    assert large.result is early.result is late.result is None
    memory.give_back(holder.id)
    assert early.get()
    assert large.result is late.result is None
    memory.give_back(early.id)
    assert late.get()
    memory.give_back(late.id)
    assert large.get()


def test_the_network_that_holds_least_is_next():
    memory = Memory(100)
    first, second = Claimant(memory, 50, "a"), Claimant(memory, 50, "a")
    small, other = Claimant(memory, 10, "a"), Claimant(memory, 50, "b")
    memory.give_back(first.id)
    assert other.get()
    assert small.result is None
    memory.give_back(second.id)
    assert small.get()


def test_nobody_overtakes_the_one_whose_turn_it_is():
    memory = Memory(100)
    holder = Claimant(memory, 60, "a")
    large = Claimant(memory, 100, "b")
    small = Claimant(memory, 10, "a")
    assert large.result is small.result is None
    memory.give_back(holder.id)
    assert small.get()
    memory.give_back(small.id)
    assert large.get()


def test_who_is_over_or_has_waited_long_enough_gets_none_and_holds_up_nobody():
    memory = Memory(100)
    holder = Claimant(memory, 50, "a")
    impatient, gone = Claimant(memory, 100, "b", seconds=0), Claimant(memory, 100, "b")
    gone.over = True
    assert impatient.get() is gone.get() is False
    next_one = Claimant(memory, 50, "b")
    assert next_one.get()
    memory.give_back(impatient.id)
    memory.give_back(holder.id)


def test_a_share_is_overdue_only_while_others_wait():
    now = [0.0]
    memory = Memory(100, clock=lambda: now[0])
    slow = Claimant(memory, 100)
    now[0] = 60
    assert memory.overdue() == []
    waiting = Claimant(memory, 100, seconds=10**6)
    assert memory.overdue() == [slow.id]
    memory.give_back(slow.id)
    assert waiting.get()
    last = Claimant(memory, 100, seconds=10**6)
    assert memory.overdue() == []
    now[0] = 66
    assert memory.overdue() == [waiting.id]
    memory.give_back(waiting.id)
    assert last.get()


def test_many_at_once_never_hold_more_than_there_is():
    memory, lock, held, most = Memory(100), threading.Lock(), [0], [0]

    def work(number):
        mine, size = uuid4(), 30 + number % 50
        assert memory.take(mine, str(number % 3), size, seconds=60, is_over=lambda: False)
        with lock:
            held[0] += size
            most[0] = max(most[0], held[0])
        with lock:
            held[0] -= size
        memory.give_back(mine)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert 0 < most[0] <= 100
    assert Claimant(memory, 100).get()
