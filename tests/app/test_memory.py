"""Handing memory back: done where glibc is there, and no trouble elsewhere."""

import pytest

from app import memory


def test_memory_is_handed_back():
    memory.set_up_memory()
    memory.hand_memory_back()


@pytest.mark.parametrize("reason", [TypeError, OSError])
def test_where_there_is_no_such_library_nothing_is_done(reason, monkeypatch):
    def missing(name):
        raise reason

    monkeypatch.setattr("app.memory.ctypes.CDLL", missing)
    memory.set_up_memory()
    memory.hand_memory_back()


def test_a_library_without_the_function_is_left_alone(monkeypatch):
    monkeypatch.setattr("app.memory.ctypes.CDLL", lambda name: object())
    memory.set_up_memory()
    memory.hand_memory_back()
