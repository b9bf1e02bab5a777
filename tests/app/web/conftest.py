import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.config import Settings, WebLimits
from app.web.server import WebServer
from tests.app.web.wire import Wire


@pytest.fixture
def start_server():
    """Start servers of applications in threads of this process."""
    served = []

    def start(app, *, threads=2, **limits):
        settings = Settings(port=0, threads=threads, web_limits=WebLimits(**limits))
        server = WebServer(app, settings)
        thread = threading.Thread(target=server.run)
        thread.start()
        served.append((server, thread))
        return server

    yield start
    for server, thread in served:
        server.halt()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def serve(start_server):
    """Start servers, and give each one's port."""
    return lambda app, **options: start_server(app, **options).port


@pytest.fixture
def dial():
    """Open connections, which are closed afterwards."""
    opened = []

    def connect(port, words=b"", **options):
        opened.append(Wire(port, **options))
        opened[-1].send(words)
        return opened[-1]

    yield connect
    for wire in opened:
        wire.close()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(16) as threads:
        yield threads
