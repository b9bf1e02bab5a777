"""Room for large pictures: never more than fits, in order, and small ones pass."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from app.errors import BusyError
from app.services.room import WorkRoom
from cnn.errors import PictureError
from cnn.vision.decode import memory_needed
from tests.app.pictures import encode


@pytest.fixture
def large():
    """A picture that needs half of a room of 100 million bytes."""
    picture = encode(Image.new("RGB", (1600, 1500)))
    assert memory_needed(picture) < 20_000_000
    return picture


def room(**options):
    return WorkRoom(100_000_000, small=1_000_000, **options)


def test_no_more_go_in_than_there_is_room_for(large):
    place = room(patience=60)
    inside, most, lock = set(), [], threading.Lock()

    def work(number):
        with place.open_for(large):
            with lock:
                inside.add(number)
                most.append(len(inside))
            with lock:
                inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert len(most) == 40
    assert max(most) <= 2


def test_small_pictures_pass_large_ones_that_wait(large, seven):
    place = room(patience=0)
    with place.open_for(large), place.open_for(large):
        with pytest.raises(BusyError, match="pictures waiting"), place.open_for(large):
            pass
        with place.open_for(seven):
            pass
    with place.open_for(large):
        pass


def test_the_largest_goes_in_alone(large):
    place = WorkRoom(1000, small=10, patience=0)
    with place.open_for(large), pytest.raises(BusyError), place.open_for(large):
        pass


def test_memory_is_handed_back_after_large_pictures_even_if_they_fail(large, seven):
    calls = []
    place = room(tidy=lambda: calls.append(1))
    with place.open_for(seven):
        pass
    assert not calls
    with pytest.raises(KeyError), place.open_for(large):
        raise KeyError
    assert calls == [1]
    with place.open_for(large), place.open_for(large):
        pass


def test_what_is_no_picture_is_not_let_in():
    with pytest.raises(PictureError), room().open_for(b"nothing"):
        pass
