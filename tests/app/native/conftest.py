import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from Crypto.PublicKey import RSA
from PIL import Image

from app.config import NativeLimits
from app.native.crypto import ServerKey
from app.native.server import NativeServer
from app.services.pictures.images import NewPicture
from app.web.services import get_services, services_of
from tests.app.conftest import draw, encode
from tests.app.native.peer import Peer

#: How many malformed inputs to try; DIGITNET_FUZZ=1000000 is the long run, which takes
#: about half an hour, and lets 200 clients in place of 40 work at once.
FUZZ = int(os.environ.get("DIGITNET_FUZZ", "20000"))
LONG = FUZZ >= 1_000_000


@pytest.fixture(scope="session")
def rsa_key():
    """The server's private key in all tests that need no key of their own."""
    return RSA.import_key(Path(__file__).with_name("server_key.pem").read_bytes())


@pytest.fixture
def server_key(rsa_key):
    return ServerKey(rsa_key)


@pytest.fixture
def quick_keys(rsa_key, monkeypatch):
    """Spare every server the second or two that it needs to make a key."""
    monkeypatch.setattr(ServerKey, "generate", lambda: ServerKey(rsa_key))


@pytest.fixture
def serve(app, quick_keys):
    """Start servers; afterwards nothing of them is left."""
    servers = []

    def start(*, host="127.0.0.1", anonymous_browse=False, **limits):
        server = NativeServer(
            services_of(app),
            host=host,
            port=0,
            limits=NativeLimits(**limits),
            anonymous_browse=anonymous_browse,
        )
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("native")]


@pytest.fixture
def port(serve):
    return serve().port


@pytest.fixture
def peer(port):
    with Peer(port) as connection:
        yield connection


def eventually(condition, seconds=10):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def open_files():
    folder = Path("/proc/self/fd")
    return len(list(folder.glob("*.png")))


def native_threads():
    """Return how many threads serve one client each."""
    others = ("native-accept", "native-care", "native-key", "native-worker", "native-password")
    names = [thread.name for thread in threading.enumerate()]
    return len([n for n in names if n.startswith("native-") and not n.startswith(others)])


def store(app, pngs, *, digit=7, user_id=None, label=None):
    """Store pictures as they are, the first as the newest, and return their ids."""
    now, ids = datetime.now(UTC), []
    with app.app_context():
        images = get_services().images
        for age, png in enumerate(pngs):
            moment = now - timedelta(seconds=age)
            new = NewPicture(
                png, digit, 0.75, None, None, "model", "upload", created_at=moment, exempt=True
            )
            ids.append(images.keep(user_id, new))
            if label is not None:
                images.label(ids[-1], label, by=user_id)
    return ids


def noise(count):
    """Return PNGs as large as one that is stored can be."""
    random = np.random.default_rng(count)
    shape = (256, 256, 3)
    return [encode(Image.fromarray(random.integers(0, 256, shape, np.uint8))) for _ in range(count)]


def pictures(count):
    """Return so many different PNGs, each of one stroke or two."""
    shapes = (
        [(140, 50), (140, 230)],
        [(60, 60), (210, 60), (110, 230)],
        [(90, 60), (90, 150), (200, 150), (180, 60), (180, 230)],
    )
    return [
        encode(
            draw(
                [(x + number % 17, y + number % 13) for x, y in shapes[number % 3]],
                width=14 + number % 11,
                size=(280 + number // 100, 280),
            )
        )
        for number in range(count)
    ]


def delay_reading(app, monkeypatch, seconds, times=10**9):
    recogniser, left = app.extensions["services"].recogniser, [times]
    read = recogniser.read

    def slow(picture):
        left[0] -= 1
        if left[0] >= 0:
            time.sleep(seconds)
        return read(picture)

    monkeypatch.setattr(recogniser, "read", slow)
