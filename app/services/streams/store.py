"""What is kept for seconds: in this process, or in Redis for all processes of a site."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import redis

from app.errors import StorageError

__all__ = ["MemoryStore", "RedisStore", "Store"]

_SWEEP = 1.0  # seconds between two looks for what has run out
_PATIENCE = 2.0  # seconds to wait for Redis
_REST = 3.0  # seconds in which Redis is left alone that did not answer, but for one who tries


class Store(Protocol):
    """Values by key, each with an end. Any thread may call it; it may raise StorageError."""

    def put(self, values: Mapping[str, bytes], seconds: float, *, member: str = "") -> None:
        """Keep values for so long, and name a member for as long."""

    def drop(self, *keys: str) -> None:
        """Forget values."""

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return values, None for what is not there or has run out."""

    def members(self) -> list[str]:
        """Return the members whose time has not run out."""


class MemoryStore:
    """Keeps everything in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._values: dict[str, tuple[float, bytes]] = {}
        self._members: dict[str, float] = {}
        self._swept_at = -_SWEEP

    def __len__(self) -> int:
        """How much is kept, also of what has run out and was not yet swept away."""
        return len(self._values) + len(self._members)

    def put(self, values: Mapping[str, bytes], seconds: float, *, member: str = "") -> None:
        now = self._clock()
        with self._lock:
            self._sweep(now)
            for key, value in values.items():
                self._values[key] = now + seconds, value
            if member:
                self._members[member] = now + seconds

    def drop(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._values.pop(key, None)

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        now = self._clock()
        with self._lock:
            kept = [self._values.get(key) for key in keys]
        return [value[1] if value is not None and value[0] > now else None for value in kept]

    def members(self) -> list[str]:
        now = self._clock()
        with self._lock:
            self._sweep(now)
            return [member for member, until in self._members.items() if until > now]

    def _sweep(self, now: float) -> None:
        if now < self._swept_at + _SWEEP:
            return
        self._swept_at = now
        self._values = {key: kept for key, kept in self._values.items() if kept[0] > now}
        self._members = {name: until for name, until in self._members.items() if until > now}


class RedisStore:
    """Keeps everything in Redis, which forgets it by itself."""

    def __init__(self, url: str, name: str) -> None:
        """`name` begins all keys, so that installations can share a Redis."""
        self._name = name
        self._index = f"{name}:members"
        self._redis = redis.Redis.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
        self._lock = threading.Lock()
        #: Until when nobody asks, by the monotonic clock; None while Redis answers.
        self._rests_until: float | None = None

    def put(self, values: Mapping[str, bytes], seconds: float, *, member: str = "") -> None:
        milliseconds, now = round(seconds * 1000), time.time()
        with self._asking(), self._redis.pipeline(transaction=False) as pipeline:
            for key, value in values.items():
                pipeline.set(self._key(key), value, px=milliseconds)
            if member:
                pipeline.zadd(self._index, {member: now + seconds})
                pipeline.zremrangebyscore(self._index, 0, now)
                pipeline.pexpire(self._index, milliseconds)
            pipeline.execute()

    def drop(self, *keys: str) -> None:
        with self._asking():
            self._redis.delete(*map(self._key, keys))

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        with self._asking():
            found: Any = self._redis.mget([self._key(key) for key in keys]) if keys else []
        return list(found)

    def members(self) -> list[str]:
        with self._asking():
            found: Any = self._redis.zrangebyscore(self._index, time.time(), "+inf")
        return [member.decode() for member in found]

    def _key(self, key: str) -> str:
        return f"{self._name}:{key}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raise StorageError where Redis fails, or where it lately did not answer in time.

        Or every thread that reads pictures would wait for it, one frame after the other.
        """
        with self._lock:
            now = time.monotonic()
            if self._rests_until is not None:
                if now < self._rests_until:
                    raise StorageError("redis_failing")
                self._rests_until = now + _REST  # for all others: this one tries
        try:
            yield
        except redis.RedisError as error:
            if isinstance(error, redis.TimeoutError):
                self._rests_until = time.monotonic() + _REST
            raise StorageError("redis_failing") from error
        self._rests_until = None
