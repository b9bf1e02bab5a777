"""Whether the time of a refused log-in tells if there is such a person.

python -m benchmarks.log_in [ROUNDS]

Logs in ROUNDS (200) times, in turn: somebody with a wrong password, somebody who still has a
password of the original program, and nobody. Prints the medians and their ratios.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.config import Settings
from app.services.accounts.passwords import original_hash
from app.storage.models import User
from app.web.extensions import db
from app.web.services import services_of

KINDS = {"a wrong password": "ann", "an old password": "old", "a wrong name": "nobody"}


def main() -> None:
    """Measure, and print what came out."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_path=Path(folder)))
        services = services_of(app)
        with app.app_context():
            services.upkeep.prepare()
            services.accounts.sign_up("ann", "correct horse", address="")
            old = original_hash(hashlib.sha256(b"old password").hexdigest(), b"")
            with services.database.writing() as session:
                session.add(User(username="old", username_key="old", password_hash=old))
            for number in range(rounds):
                for kind, name in KINDS.items():
                    # Another address each time, or the failures would slow down what follows.
                    address = f"10.{number >> 8}.{number & 255}.1"
                    begin = time.perf_counter()
                    services.accounts.log_in(name, f"wrong {number}", address=address)
                    times[kind].append(time.perf_counter() - begin)
            db.engine.dispose()
    first = statistics.median(times["a wrong password"])
    for kind, found in times.items():
        median = statistics.median(found)
        print(f"{kind}: median {median * 1000:.1f} ms, ratio {median / first:.2f}")


if __name__ == "__main__":
    main()
