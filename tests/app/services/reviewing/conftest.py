import pytest

from app.services.reviewing import Reviews
from tests.app.clock import Clock
from tests.app.stock import add_person, new_picture


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reviews(services, clock):
    return Reviews(services.database, services.images, clock=clock)


@pytest.fixture
def ann(services):
    return add_person("ann")


@pytest.fixture
def boss(services):
    return add_person("boss")


@pytest.fixture
def keep(services, ann):
    """Store a picture of Ann's that the network read as a 7."""

    def one(number, label=None, *, by=None, **changes):
        new = new_picture(number, **{"digit": 7, "pixels": None, **changes})
        return services.images.keep_labelled(by or ann, new, label).id

    return one
