"""Streams in this process and in Redis: the newest frame of each, for seconds, for who watches."""

import io
import socket
import threading
import time
from uuid import uuid4

import pytest
import redis
from PIL import Image

from app.errors import StorageError
from app.services.streams import (
    LIFE,
    MOST_FEEDS,
    Mark,
    MemoryStore,
    RedisStore,
    Seen,
    Stream,
    StreamEnded,
    Streams,
    TooManyViewers,
)
from tests.app.jobs.test_queue import redis_or_skip
from tests.app.pictures import draw, encode

SEEN = Seen("7", 0.9, (Mark((10, 10, 50, 80), "7", 0.9),))
JPEG = encode(draw([(60, 60), (210, 60), (110, 230)], size=(320, 240)), "JPEG")


class Clock:
    """A clock that is set by hand; who sleeps sets it."""

    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def store(request, clock):
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    url, name = redis_or_skip(), f"test-{uuid4().hex}"
    yield RedisStore(url, name)
    with redis.Redis.from_url(url) as server:
        if keys := server.keys(f"{name}:*"):
            server.delete(*keys)


@pytest.fixture
def streams(store, clock):
    return Streams(store, clock=clock, sleep=clock.pass_by)


def client(name="Camera", kind="browser"):
    return Stream(str(uuid4()), name, kind, 1_000_000.0)


def send(streams, stream, seen=SEEN, picture=JPEG, **more):
    turn = streams.begin(stream)
    streams.finish(turn, seen, picture, **more)
    return turn


def test_a_stream_is_there_with_what_was_read_last(streams, clock):
    camera = client()
    for _ in range(5):
        send(streams, camera, latency_ms=42, dropped=3)
        clock.pass_by(0.2)
    (found,) = streams.all()
    assert (found.name, found.seen.text, found.seen.confidence) == ("Camera", "7", 0.9)
    assert (found.latency_ms, found.dropped, found.since) == (42, 3, 1_000_000.0)
    assert found.frames_per_second == pytest.approx(5)
    assert streams.find(camera.id) == found
    assert streams.count() == 1


def test_a_frame_is_kept_only_while_somebody_watches(streams):
    camera = client()
    assert not send(streams, camera).is_watched
    first = streams.look(with_frames=True)
    assert first.frames == {}
    assert send(streams, camera).is_watched
    second = streams.look(with_frames=True)
    assert second.frames == {camera.id: JPEG}


def test_a_look_without_frames_is_no_watching(streams):
    assert streams.look(with_frames=False).streams == ()
    assert not send(streams, client()).is_watched


def test_who_stopped_watching_is_not_told_any_more(clock):
    streams, camera = Streams(MemoryStore(clock), clock=clock), client()
    streams.look(with_frames=True)
    assert send(streams, camera).is_watched
    clock.pass_by(3.1)
    assert not send(streams, camera).is_watched
    assert streams.look(with_frames=True).frames == {}


def test_a_client_that_vanishes_is_gone_in_time_with_its_frame(clock):
    assert LIFE < 10
    store = MemoryStore(clock)
    streams, camera = Streams(store, clock=clock), client()
    streams.look(with_frames=True)
    send(streams, camera)
    clock.pass_by(LIFE - 0.1)
    assert streams.find(camera.id) is not None
    clock.pass_by(0.2)
    assert streams.all() == []
    assert store.get([f"frame:{camera.id}"]) == [None]


def test_redis_forgets_by_itself(clock):
    url, name = redis_or_skip(), f"test-{uuid4().hex}"
    streams = Streams(RedisStore(url, name))
    streams.look(with_frames=True)
    send(streams, client())
    with redis.Redis.from_url(url) as server:
        keys = server.keys(f"{name}:*")
        assert len(keys) == 4  # the stream, its frame, the list of streams, and who watches
        assert all(0 < server.pttl(key) <= LIFE * 1000 for key in keys)
        server.delete(*keys)


def test_ten_thousand_joins_and_leaves_leave_nothing_behind(clock):
    store = MemoryStore(clock)
    streams = Streams(store, clock=clock)
    most = 0
    for number in range(10_000):
        send(streams, client(), picture=None)
        if number % 100 == 0:
            streams.look(with_frames=True)
        clock.pass_by(0.05)
        most = max(most, len(store))
    assert most < 2 * 20 * (LIFE + 1.5)
    clock.pass_by(LIFE)
    assert streams.look(with_frames=False).streams == ()
    assert len(store) == 0


def test_two_processes_serve_the_same_streams(clock):
    url, name = redis_or_skip(), f"test-{uuid4().hex}"
    one, other = (Streams(RedisStore(url, name)) for _ in range(2))
    camera = client()
    other.look(with_frames=True)
    send(one, camera)
    send(other, camera, Seen("1", 0.5))
    for streams in (one, other):
        (found,) = streams.look(with_frames=True).streams
        assert (found.seen.text, len(found.times)) == ("1", 2)
    other.end(camera.id)
    with pytest.raises(StreamEnded):
        one.begin(camera)


def test_a_name_that_was_given_stays(streams):
    camera = client()
    send(streams, camera)
    streams.rename(camera.id, "Table 4")
    send(streams, camera)
    assert streams.all()[0].name == "Table 4"


def test_who_was_disconnected_stays_out_and_its_last_answer_too(streams):
    camera, other = client(), client()
    send(streams, other)
    turn = streams.begin(camera)
    streams.end(camera.id)
    streams.finish(turn, SEEN, JPEG)  # it was being read meanwhile
    assert [one.id for one in streams.all()] == [other.id]
    assert streams.find(camera.id) is None
    with pytest.raises(StreamEnded):
        streams.begin(camera)
    assert streams.ended_among([camera.id, other.id]) == {camera.id}


def test_native_clients_are_streams_when_they_keep_sending_and_show_no_frames(store, clock):
    for allowed in (False, True):
        streams = Streams(store, native_frames=allowed, clock=clock)
        native = client("127.0.0.1", "native")
        streams.look(with_frames=True)
        send(streams, native)
        assert native.id not in {one.id for one in streams.all()}
        send(streams, native)
        assert native.id in {one.id for one in streams.all()}
        assert (native.id in streams.look(with_frames=True).frames) is allowed
        assert streams.may_show(native) is allowed


def test_large_and_turned_pictures_become_small_jpegs_with_boxes_that_fit(streams):
    camera = client()
    streams.look(with_frames=True)
    picture = encode(Image.new("RGBA", (960, 720), (255, 255, 255, 0)))
    send(streams, camera, Seen("7", 0.9, (Mark((100, 200, 300, 400), "7", 0.9),)), picture)
    sight = streams.look(with_frames=True)
    frame = Image.open(io.BytesIO(sight.frames[camera.id]))
    assert (frame.format, frame.size) == ("JPEG", (480, 360))
    assert frame.getpixel((5, 5)) == (255, 255, 255)
    assert sight.streams[0].seen.marks[0].box == (50, 100, 150, 200)
    exif = Image.Exif()
    exif[0x0112] = 6
    send(streams, camera, picture=encode(draw(size=(320, 240)), "JPEG", exif=exif))
    frame = Image.open(io.BytesIO(streams.look(with_frames=True).frames[camera.id]))
    assert frame.size == (240, 320)


def test_a_feed_shows_each_frame_once_with_its_answer_and_ends_with_its_client(clock):
    streams, camera = Streams(MemoryStore(clock), clock=clock, sleep=clock.pass_by), client()
    streams.look(with_frames=True)
    send(streams, camera)
    clock.pass_by(2)
    feed = streams.feed(camera.id)
    first = Image.open(io.BytesIO(next(feed)))
    assert first.size == (320, 240)
    colours = first.convert("RGB")
    right_side_of_the_box = colours.crop((65, 50, 66, 51)).tobytes()
    assert right_side_of_the_box[0] > right_side_of_the_box[2] + 80
    clock.pass_by(1.5)
    assert send(streams, camera).is_watched  # by the feed alone
    assert next(feed)
    assert not any(feed)
    feed.close()


def test_a_picture_that_takes_much_memory_becomes_no_frame(streams):
    camera = client()
    streams.look(with_frames=True)
    send(streams, camera, picture=encode(draw(size=(4000, 3000)), "PNG"))
    look = streams.look(with_frames=True)
    assert [stream.seen for stream in look.streams] == [SEEN]
    assert look.frames == {}


def test_a_name_holds_that_was_given_while_a_frame_is_read(streams):
    camera = client()
    turn = streams.begin(camera)
    streams.rename(camera.id, "Table 4")
    streams.finish(turn, SEEN, JPEG)
    assert [stream.name for stream in streams.all()] == ["Table 4"]


def test_a_feed_without_frames_says_so_again_and_again(streams, clock):
    camera = client()
    streams.touch(streams.begin(camera))
    feed, begun = streams.feed(camera.id), clock.now
    for _ in range(3):
        assert next(feed) == b""
        streams.touch(streams.begin(camera))
    assert clock.now - begun < 4
    feed.close()


def test_a_feed_ends_where_what_is_kept_cannot_be_reached():
    streams = Streams(RedisStore("redis://127.0.0.1:1/0", "none"))
    feed = streams.feed(client().id)
    with pytest.raises(StopIteration):
        next(feed)
    feed.close()


def test_only_so_many_feeds_are_sent_at_once(streams):
    camera = client()
    send(streams, camera)
    feeds = [streams.feed(camera.id) for _ in range(MOST_FEEDS)]
    with pytest.raises(TooManyViewers):
        streams.feed(camera.id)
    feeds[0].close()
    feeds[0].close()
    streams.feed(camera.id).close()
    for feed in feeds[1:]:
        feed.close()


def test_redis_that_does_not_answer_is_left_alone_for_a_while(monkeypatch):
    monkeypatch.setattr("app.services.streams.store._PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", "test")
        silent.settimeout(0.2)
        for _ in range(3):
            with pytest.raises(StorageError):
                store.members()
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()


def test_redis_is_asked_again_after_its_rest(monkeypatch):
    url = redis_or_skip()
    store = RedisStore(url, f"test-{uuid4().hex}")
    store._rests_until = time.monotonic() - 1
    assert store.members() == store.members() == []


def test_frames_are_read_when_redis_is_away_and_who_watches_is_told():
    streams = Streams(RedisStore("redis://127.0.0.1:1/0", "test"))
    turn = streams.begin(client())
    assert not turn.is_watched
    streams.finish(turn, SEEN, JPEG)
    with pytest.raises(StorageError) as told:
        streams.look(with_frames=True)
    assert told.value.code == "redis_failing"


def test_many_send_and_watch_at_once(store):
    streams = Streams(store)
    cameras, problems = [client(f"Camera {n}") for n in range(8)], []

    def work(camera):
        try:
            for _ in range(20):
                send(streams, camera)
                streams.look(with_frames=True)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(camera,)) for camera in cameras]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert {one.id for one in streams.all()} == {one.id for one in cameras}
