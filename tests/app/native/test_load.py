"""Many clients at once: 40, or 200 in the long run (DIGITNET_FUZZ=1000000)."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher

from app.web.services import get_services
from tests.app.native.malformed import LONG
from tests.app.native.peer import Peer
from tests.app.pictures import pictures
from tests.app.visitor import PASSWORD

CLIENTS = 200 if LONG else 40
PICTURES = 20 if LONG else 3


def test_many_at_once_get_their_own_answers(app, serve, monkeypatch):
    services = app.extensions["services"]
    known = {}
    for picture in pictures(60):
        reading = services.recogniser.read(picture).reading
        best = max(reading.digits, key=lambda d: d.box[2] * d.box[3], default=reading.guess)
        confidence = best.confidence if reading.digits else 0.1
        known[picture] = ("RIPR", b"%d" % best.digit, b"%.6f" % confidence)
    assert len(set(known.values())) > 20
    everything = list(known)
    most = watch_hashing(monkeypatch)
    start = threading.Barrier(CLIENTS)
    # On a busy machine 200 log-ins at once take longer than the 8 seconds that are usual.
    port = serve(answer=60).port

    def work(number):
        name = f"user {number}"
        mine = [everything[(number * 7 + step) % 60] for step in range(PICTURES)]
        with Peer(port, timeout=70) as peer:
            start.wait(60)
            assert peer.ask("CRSI", name, PASSWORD) == ("CRLA", name.encode())
            for picture in mine:
                assert peer.ask("RIPP", "a.png", picture) == known[picture]
            count, found = peer.browse("RIHD", "7")
            assert count == len(found)
            assert {fields[2] for fields in found} <= {b"7"}
            return len(mine)

    with app.app_context():
        accounts = get_services().accounts
        for number in range(CLIENTS):
            accounts.sign_up(f"user {number}", PASSWORD, address=str(number))
    with ThreadPoolExecutor(CLIENTS) as pool:
        assert sum(pool.map(work, range(CLIENTS))) == CLIENTS * PICTURES
    assert 0 < most[0] <= (os.cpu_count() or 1)


def watch_hashing(monkeypatch):
    """Return a list whose one number is how many passwords were hashed at the same time."""
    verify, lock, now, most = PasswordHasher.verify, threading.Lock(), [0], [0]

    def watched(*arguments):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            return verify(*arguments)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    return most
