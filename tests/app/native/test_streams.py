"""Native clients that keep sending are streams, which administrators see and disconnect."""

import pytest

from app.web.services import services_of
from tests.app.native.peer import Peer
from tests.app.visitor import PASSWORD


@pytest.fixture
def streams(app):
    return services_of(app).streams


def test_who_keeps_sending_is_a_stream_without_frames(port, streams, seven):
    with Peer(port) as peer:
        streams.look(with_frames=True)
        peer.ask("RIPP", "seven.png", seven)
        assert streams.all() == []
        peer.ask("RIPP", "seven.png", seven)
        snapshot = streams.look(with_frames=True)
        (stream,) = snapshot.streams
        assert (stream.kind, stream.name, stream.seen.text) == ("native", "127.0.0.1", "7")
        assert stream.latency_ms > 0
        assert snapshot.frames == {}


def test_a_person_is_named(port, streams, seven):
    with Peer(port) as peer:
        peer.ask("CRSU", "ann", PASSWORD)
        peer.ask("CRSI", "ann", PASSWORD)
        for _ in range(2):
            peer.ask("RIPP", "seven.png", seven)
        assert [stream.name for stream in streams.all()] == ["ann"]


def test_who_is_disconnected_is_closed_and_others_are_not(port, streams, seven):
    with Peer(port) as peer, Peer(port) as other:
        for _ in range(2):
            peer.ask("RIPP", "seven.png", seven)
            other.ask("RIPP", "seven.png", seven)
        first, _ = streams.all()
        streams.end(first.id)
        assert peer.last_words() == b""
        assert other.ask("RIPP", "seven.png", seven)[:2] == ("RIPR", b"7")
        assert len(streams.all()) == 1
