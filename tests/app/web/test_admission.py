"""Who is let in, and who must go for it."""

from app.web.admission import Admission


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1
        return self.now


def admission(total=3, per_origin=3):
    return Admission(total=total, per_origin=per_origin, clock=Clock())


def test_there_is_room():
    places = admission()
    assert [places.admit(number, "a") for number in range(3)] == [None] * 3
    assert len(places.connections()) == 3


def test_who_has_been_waited_for_longest_goes():
    places = admission()
    for number in range(3):
        places.admit(number, "a")
    places.wait(0)
    assert places.admit(3, "a") == 1
    assert places.admit(4, "a") == 2


def test_nobody_goes_whom_the_server_works_for():
    places = admission()
    for number in range(3):
        places.admit(number, "a")
        places.work(number)
    assert places.admit(3, "b") == 3
    assert len(places.connections()) == 3


def test_the_most_crowded_origin_makes_room():
    places = admission(total=4, per_origin=4)
    places.admit("first", "visitor")
    for number in range(3):
        places.admit(number, "attacker")
    assert places.admit("second", "visitor") == 0


def test_one_origin_has_its_own_limit():
    places = admission(total=10, per_origin=2)
    places.admit("other", "b")
    for number in range(2):
        places.admit(number, "a")
    assert places.admit(2, "a") == 0
    assert places.admit(3, "a", limited=False) is None


def test_who_left_takes_no_room():
    places = admission(total=2)
    places.admit(0, "a")
    places.leave(0)
    places.leave(0)
    places.work(0)
    assert [places.admit(number, "a") for number in (1, 2)] == [None, None]
    assert len(places.connections()) == 2
