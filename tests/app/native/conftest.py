import threading
import time
from pathlib import Path

import pytest
from Crypto.PublicKey import RSA

from app.config import NativeLimits
from app.native.crypto import ServerKey
from app.native.server import NativeServer
from app.web.services import services_of
from tests.app.native.peer import Peer


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

    def start(*, host="127.0.0.1", anonymous_browse=False, clock=time.monotonic, **limits):
        server = NativeServer(
            services_of(app),
            host=host,
            port=0,
            limits=NativeLimits(**limits),
            anonymous_browse=anonymous_browse,
            clock=clock,
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
