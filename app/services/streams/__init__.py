"""Streams: clients that send one picture after the other, and who may look at them.

Nothing of it is durable: what a client was read, and its newest frame while somebody looks, are in
memory for a few seconds, of this process or, where several serve, of Redis.
"""

from app.services.streams.pace import LONGEST_WAIT, FrameDropped, Pace
from app.services.streams.store import MemoryStore, RedisStore
from app.services.streams.stream import Mark, Seen, Stream
from app.services.streams.streams import (
    LIFE,
    MOST_FEEDS,
    Snapshot,
    StreamEnded,
    Streams,
    TooManyViewers,
    Turn,
)

__all__ = [
    "LIFE",
    "LONGEST_WAIT",
    "MOST_FEEDS",
    "FrameDropped",
    "Mark",
    "MemoryStore",
    "Pace",
    "RedisStore",
    "Seen",
    "Snapshot",
    "Stream",
    "StreamEnded",
    "Streams",
    "TooManyViewers",
    "Turn",
]
