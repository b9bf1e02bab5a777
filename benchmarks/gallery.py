"""How long a page of the gallery takes at its beginning and at its end.

python -m benchmarks.gallery [PICTURES]

Fills a new SQLite database with PICTURES (100,000) of one person, and reads the first page and
the last, in turn, of everybody's pictures and of that person's. Prints the medians and their
ratios: pages are found by an index, so that a page far down costs no more.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, text

from app import create_app
from app.config import Settings
from app.services.pictures.gallery import Cursor, Filter
from app.storage.models import Holding, Picture
from app.web.extensions import db
from app.web.services import services_of

START = datetime(2030, 1, 1, tzinfo=UTC)
ROUNDS = 50


def main() -> None:
    """Measure, and print what came out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_path=Path(folder)))
        services = services_of(app)
        with app.app_context():
            services.upkeep.prepare()
            person = services.accounts.sign_up("ann", "correct horse", address="").id
            pictures = [_picture(number) for number in range(count)]
            held = [
                {"user_id": person, "picture_id": one["id"], "created_at": one["created_at"]}
                for one in pictures
            ]
            with services.database.writing() as session:
                session.execute(insert(Picture), pictures)
                session.execute(insert(Holding), held)
                session.execute(text("ANALYZE"))
            last = Cursor(START + timedelta(seconds=50), UUID(int=0))
            for title, chosen in (
                ("everybody's", Filter()),
                ("one person's", Filter(None, person)),
            ):
                times: dict[str, list[float]] = {"first": [], "last": []}
                for _ in range(ROUNDS):
                    for place, after in (("first", None), ("last", last)):
                        begin = time.perf_counter()
                        services.gallery.page(chosen, viewer=person, after=after)
                        times[place].append(time.perf_counter() - begin)
                first, end = (statistics.median(found) * 1000 for found in times.values())
                print(
                    f"{title} {count} pictures: first page {first:.1f} ms, "
                    f"last page {end:.1f} ms, ratio {end / first:.2f}"
                )
            db.engine.dispose()


def _picture(number: int) -> dict[str, object]:
    return {
        "id": UUID(int=number),
        "sha256": f"{number:064x}",
        "digit": number % 10,
        "confidence": 0.9,
        "model": "test",
        "source": "upload",
        "created_at": START + timedelta(seconds=number),
    }


if __name__ == "__main__":
    main()
