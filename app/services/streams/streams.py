"""The streams of a site: what clients send one after the other, and those who watch."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from app.errors import BusyError, CodedError, StorageError
from app.services.streams.drawing import draw_answer, make_frame
from app.services.streams.store import Store
from app.services.streams.stream import Seen, Stream
from cnn.errors import PictureError
from cnn.vision.decode import memory_needed

__all__ = ["LIFE", "MOST_FEEDS", "Sight", "StreamEnded", "Streams", "TooManyViewers", "Turn"]

_log = logging.getLogger(__name__)

#: Seconds without a frame after which a stream is gone.
LIFE = 8.0
#: Feeds that this process sends at once: each holds a thread.
MOST_FEEDS = 8

_WATCHED = 3.0  # seconds that a look lasts
_ENDED = 600.0  # seconds that a stream stays out that was ended
_NAMED = 12 * 3600.0  # seconds that a name lasts which a watcher gave
_FEED_GAP = 0.125  # seconds between two frames of a feed
_FEED_QUIET = 8  # gaps without a new frame, after which a feed says so
_LARGEST = 24_000_000  # bytes of memory that a picture may take to become a frame
_NATIVE_LEAST = 2  # frames that make a native client a stream


class StreamEnded(CodedError):
    """Somebody who may has ended the stream."""


class TooManyViewers(BusyError):
    """As many feeds are sent as may be."""


@dataclass(frozen=True)
class Turn:
    """A frame that is being read: its stream as it was before, and whether somebody watches."""

    stream: Stream
    is_watched: bool
    #: Whether it is the stream's first one, or its first one after a silence.
    is_first: bool = False


@dataclass(frozen=True)
class Sight:
    """All streams at one time, in milliseconds of the epoch, and their frames."""

    streams: tuple[Stream, ...]
    frames: dict[str, bytes]
    now: int


class Streams:
    """Knows every stream as of its newest frame. What its client sent before is forgotten.

    `native_frames` allows the frames of native clients, whose people cannot be told that somebody
    watches.
    """

    def __init__(
        self,
        store: Store,
        *,
        native_frames: bool = False,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._store = store
        self._native_frames = native_frames
        self._clock, self._sleep = clock, sleep
        self._feeds = threading.BoundedSemaphore(MOST_FEEDS)

    def begin(self, client: Stream) -> Turn:
        """Begin a frame of a client, which says who it is.

        Raises StreamEnded. Where the streams are kept fails, the frame is read all the same.
        """
        own, wall = client.id, client.wall
        watched_as = ["watched", f"watched:{own}", f"watched:{wall}"]
        keys = [f"stream:{own}", f"ended:{own}", f"name:{own}", *watched_as]
        try:
            before, ended, name, *watched = self._store.get(keys)
        except StorageError as error:
            _log.warning("a stream cannot be followed: %s", error)
            return Turn(client, is_watched=False)
        if ended is not None:
            raise StreamEnded("stream_ended")
        stream = client if before is None else Stream.from_json(before)
        name_now = client.name if name is None else name.decode()
        return Turn(replace(stream, name=name_now), any(watched), is_first=before is None)

    def finish(
        self,
        turn: Turn,
        seen: Seen,
        picture: bytes | None = None,
        *,
        latency_ms: float | None = None,
        dropped: int = 0,
    ) -> None:
        """Take what was read in the frame; its picture is kept only while somebody watches."""
        now, stream = self._clock(), turn.stream
        frame = None
        if turn.is_watched and self.may_show(stream) and picture is not None:
            try:
                if memory_needed(picture) <= _LARGEST:
                    frame, seen = make_frame(picture, seen)
            except PictureError as error:  # it was read, and cannot be reduced
                _log.warning("a frame cannot be shown: %s", error)
        stream = replace(
            stream,
            seen=seen,
            latency_ms=latency_ms,
            dropped=dropped,
            times=stream.times_with(now),
            frame_at=None if frame is None else now,
        )
        self._keep(turn, stream, frame)

    def touch(self, turn: Turn) -> None:
        """Keep a stream, with what was read before, whose client shows nothing else just now."""
        self._keep(turn, replace(turn.stream, frame_at=None), None)

    def count(self) -> int:
        """Return how many streams there are. Raises StorageError."""
        return len(self.all())

    def all(self, *, walls: Collection[str] | None = None) -> list[Stream]:
        """Return all streams, or those of walls, in the order of their beginning.

        Raises StorageError.
        """
        members = [member.partition(":") for member in self._store.members()]
        wanted = [own for wall, _, own in members if walls is None or wall in walls]
        listed = (one for one in self._find(wanted) if one.kind == "browser" or _is_stream(one))
        return sorted(listed, key=lambda one: (one.since, one.id))

    def look(self, *, walls: Collection[str] | None = None, with_frames: bool) -> Sight:
        """Return all streams, or those of walls.

        With frames, it is watching, and the people at the cameras are told. Raises StorageError.
        """
        if with_frames:
            watched = ["watched"] if walls is None else [f"watched:{wall}" for wall in walls]
            self._store.put(dict.fromkeys(watched, b"1"), _WATCHED)
        now = self._clock()
        streams = self.all(walls=walls)
        frames: dict[str, bytes] = {}
        if with_frames:
            shown = [one.id for one in streams if one.frame_at is not None]
            found = self._store.get([f"frame:{own}" for own in shown])
            frames = {own: data for own, data in zip(shown, found, strict=True) if data}
        return Sight(tuple(streams), frames, round(now * 1000))

    def find(self, stream_id: str) -> Stream | None:
        """Return a stream, if it is there. Raises StorageError."""
        return next(iter(self._find([stream_id])), None)

    def rename(self, stream_id: str, name: str) -> None:
        """Give a stream another name, until it is gone for long. Raises StorageError."""
        self._store.put({f"name:{stream_id}": name.encode()}, _NAMED)

    def end(self, stream_id: str) -> None:
        """End a stream: what it showed is forgotten, and it stays out for a while."""
        self._store.put({f"ended:{stream_id}": b"1"}, _ENDED)
        self._store.drop(f"stream:{stream_id}", f"frame:{stream_id}")

    def ended_among(self, stream_ids: Collection[str]) -> set[str]:
        """Return which of these streams were ended. Raises StorageError."""
        own = list(stream_ids)
        found = self._store.get([f"ended:{one}" for one in own])
        return {one for one, ended in zip(own, found, strict=True) if ended is not None}

    def may_show(self, stream: Stream) -> bool:
        """Say whether the frames of a stream may be seen at all."""
        return stream.kind == "browser" or self._native_frames

    def feed(self, stream_id: str) -> Feed:
        """Return the frames of a stream as JPEGs with the answers drawn in, until it is gone.

        Where no new one comes for a second, b"" stands for it: whoever sends them can notice then
        that nobody takes them any more. The iterator has to be closed. Raises TooManyViewers.
        """
        if not self._feeds.acquire(blocking=False):
            raise TooManyViewers("stream_viewers", most=MOST_FEEDS)
        return Feed(self._frames_of(stream_id), self._feeds.release)

    def _frames_of(self, stream_id: str) -> Iterator[bytes]:
        shown, quiet = None, 0
        while True:
            try:
                self._store.put({f"watched:{stream_id}": b"1"}, _WATCHED)
                (frame,) = self._store.get([f"frame:{stream_id}"])
                stream = self.find(stream_id)
            except StorageError as error:
                _log.warning("a feed ends: %s", error)
                return
            if stream is None:
                return
            quiet += 1
            if frame is not None and stream.frame_at != shown:
                shown, quiet = stream.frame_at, 0
                yield draw_answer(frame, stream.seen)
            elif quiet >= _FEED_QUIET:
                quiet = 0
                yield b""
            self._sleep(_FEED_GAP)

    def _keep(self, turn: Turn, stream: Stream, frame: bytes | None) -> None:
        values = {f"stream:{stream.id}": stream.to_json().encode()}
        if frame is not None:
            values[f"frame:{stream.id}"] = frame
        try:
            self._store.put(values, LIFE, member=f"{stream.wall or ''}:{stream.id}")
            if frame is None and turn.stream.frame_at is not None:
                self._store.drop(f"frame:{stream.id}")
        except StorageError as error:
            _log.warning("a stream cannot be followed: %s", error)

    def _find(self, stream_ids: Collection[str]) -> list[Stream]:
        """Return those streams that are there; an ended one's last frame may come after its end."""
        ended = self.ended_among(stream_ids)
        found = self._store.get([f"stream:{own}" for own in stream_ids if own not in ended])
        streams = [Stream.from_json(one) for one in found if one is not None]
        # A frame that is being read still has the name from before.
        names = self._store.get([f"name:{one.id}" for one in streams])
        return [
            one if name is None else replace(one, name=name.decode())
            for one, name in zip(streams, names, strict=True)
        ]


class Feed(Iterator[bytes]):
    """Frames, and what is to be done when nobody wants them any more, also if none was taken."""

    def __init__(self, frames: Iterator[bytes], on_close: Callable[[], object]) -> None:
        self._frames = frames
        self._on_close: Callable[[], object] | None = on_close

    def __next__(self) -> bytes:
        return next(self._frames)

    def close(self) -> None:
        if self._on_close is not None:
            self._on_close()
            self._on_close = None


def _is_stream(native: Stream) -> bool:
    """Say whether a native client keeps sending: one picture alone makes no camera."""
    return len(native.times) >= _NATIVE_LEAST
