"""What the tests of commands share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def own_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the priority of the tests' own process, which all its later tests would have."""
    monkeypatch.setattr(os, "nice", lambda increment: increment)
