"""Streams: clients that send one picture after the other, and who may look at them.

Nothing of it is durable: what a client was read, and its newest frame while somebody looks, are in
memory for a few seconds, of this process or, where several serve, of Redis.
"""

from app.services.streams.audience import Audience
from app.services.streams.pace import LONGEST_WAIT, FrameDropped, Pace
from app.services.streams.snapshot import Part, Snapshot, Snapshots
from app.services.streams.store import MemoryStore, RedisStore
from app.services.streams.stream import Mark, Seen, Stream
from app.services.streams.streams import (
    LIFE,
    MOST_FEEDS,
    Sight,
    StreamEnded,
    Streams,
    TooManyViewers,
    Turn,
)

__all__ = [
    "LIFE",
    "LONGEST_WAIT",
    "MOST_FEEDS",
    "Audience",
    "FrameDropped",
    "Mark",
    "MemoryStore",
    "Pace",
    "Part",
    "RedisStore",
    "Seen",
    "Sight",
    "Snapshot",
    "Snapshots",
    "Stream",
    "StreamEnded",
    "Streams",
    "TooManyViewers",
    "Turn",
]
