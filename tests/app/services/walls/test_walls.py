"""Walls: found by their code for a day, in every process within a second."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.services.walls import MOST_WALLS, NoSuchWall, WallError, Walls
from tests.app.stock import add_person


@pytest.fixture
def walls(services):
    return services.walls


def test_a_wall_is_closed_by_itself_after_a_day(services):
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    walls, owner = Walls(services.database, clock=lambda: now[0]), add_person("eve")
    wall = walls.make(owner, "Class 5b")
    now[0] += timedelta(hours=23)
    assert walls.of(owner) == [wall] == [walls.find(wall.code)]
    now[0] += timedelta(hours=2)
    assert walls.of(owner) == []
    with pytest.raises(NoSuchWall):
        walls.find(wall.code)
    with pytest.raises(NoSuchWall):
        Walls(services.database, clock=lambda: now[0]).get(wall.id)


def test_what_one_process_changes_the_other_sees_within_a_second(services, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("app.services.walls.walls.time.monotonic", lambda: clock[0])
    here, there = (Walls(services.database) for _ in range(2))
    wall = here.make(add_person("eve"), "Class 5b")
    assert not there.get(wall.id).is_paused
    here.change(wall.id, {"is_paused": True})
    assert here.get(wall.id).is_paused
    clock[0] += 1.1
    assert there.get(wall.id).is_paused
    here.close(wall.id)
    with pytest.raises(NoSuchWall):
        here.get(wall.id)
    clock[0] += 1.1
    with pytest.raises(NoSuchWall):
        there.get(wall.id)


def test_many_at_once_make_no_more_than_one_may_have(site, walls):
    owner, refused = add_person("eve"), []

    def make():
        try:
            with site.app_context():
                walls.make(owner, "Class 5b")
        except WallError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=make) for _ in range(MOST_WALLS + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["wall_limit"] * 3
    assert len({wall.code for wall in walls.of(owner)}) == MOST_WALLS
