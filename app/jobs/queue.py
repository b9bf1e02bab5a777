"""The queue, which only wakes: what there is to do stands in the table of jobs.

huey takes a message out of its queue when it hands it over, so one whose worker is killed is
lost. Messages here therefore say nothing, and may be lost: a worker that is not woken looks
into the table by itself. Nor are they pickles, so who can write to the queue cannot run code.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from pathlib import Path

from huey.storage import BaseStorage, RedisStorage, SqliteStorage
from redis.exceptions import RedisError

from app.config import Settings

__all__ = ["FILE", "Queue"]

_log = logging.getLogger(__name__)

#: The file in the instance folder, where there is no Redis.
FILE = "queue.db"

_WAKE = b"wake"
_LOOK = 0.1  # seconds between two looks into the file
_FAILURES = (RedisError, sqlite3.Error, OSError)


class Queue:
    """Wakes workers, in this process or others. It is opened when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self._redis_url = settings.redis_url
        self._path = settings.instance_path / FILE
        self._name = settings.name_in_redis
        self._opened: BaseStorage | None = None
        self._lock = threading.Lock()

    def wake(self) -> None:
        """Wake a worker; if that fails, it is logged, and the worker finds the job later."""
        try:
            storage = self._storage()
            # One message is enough for everybody who waits; without a worker they would pile up.
            if storage.queue_size() < 2:
                storage.enqueue(_WAKE)
        except _FAILURES as error:
            _log.warning("no worker could be woken: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait until somebody calls `wake`, but not longer; say whether somebody did."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            try:
                if self._storage().dequeue() is not None:
                    return True
            except _FAILURES as error:
                _log.warning("the queue cannot be read: %s", error)
                time.sleep(max(0.0, left))
                return False
            if left <= 0:
                return False
            if self._redis_url is None:
                time.sleep(min(_LOOK, left))

    def _storage(self) -> BaseStorage:
        with self._lock:
            if self._opened is None:
                self._opened = _open(self._redis_url, self._path, self._name)
            return self._opened


def _open(redis_url: str | None, path: Path, name: str) -> BaseStorage:
    if redis_url is not None:
        return RedisStorage(name, url=redis_url, blocking=True, read_timeout=1)
    # A message that a power cut loses is found in the table.
    return SqliteStorage(name, filename=str(path), fsync=False)
