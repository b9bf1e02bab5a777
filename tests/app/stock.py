"""Pictures and people for the store: one by one, or thousands at little cost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import numpy as np
from PIL import Image
from sqlalchemy import insert, select

from app.services.pictures.images import NewPicture
from app.storage.models import Holding, Picture, User
from app.web.services import get_services
from tests.app.database import reading, writing
from tests.app.pictures import encode

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def new_picture(number, **changes):
    """Make a small picture that differs from those with other numbers."""
    pixels = np.zeros((8, 8), np.uint8)
    pixels.flat[:8] = [number >> shift & 255 for shift in range(0, 64, 8)]
    made = NewPicture(
        encode(Image.fromarray(pixels)),
        number % 10,
        0.9,
        None,
        bytes(784),
        "test",
        "upload",
        created_at=second(number),
    )
    return replace(made, **changes)


def add_person(name="ann"):
    with writing() as session:
        person = User(username=name, username_key=name, password_hash="none")
        session.add(person)
        session.flush()
        return person.id


def second(number):
    """Return a moment for each number, one second apart."""
    return NOON + timedelta(seconds=number)


def fill(count, *, user_id=None, folder=None, png=b"", moment=second):
    """Add many pictures at once, oldest first, and return their ids.

    A file holds the picture and, so that no two are the same, its id.
    """
    ids = [UUID(bytes=sha256(b"%d" % n).digest()[:16]) for n in range(count)]
    rows = [
        {
            "id": own,
            "sha256": sha256(png + own.bytes).hexdigest(),
            "digit": n % 10,
            "confidence": 0.5 + n / count / 2,
            "probabilities": None,
            "pixels": bytes([n % 256]) * 784,
            "model": "test",
            "source": "upload",
            "created_at": moment(n),
        }
        for n, own in enumerate(ids)
    ]
    with writing() as session:
        session.execute(insert(Picture), rows)
        if user_id is not None:
            session.execute(
                insert(Holding),
                [
                    {"user_id": user_id, "picture_id": row["id"], "created_at": row["created_at"]}
                    for row in rows
                ],
            )
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for own in ids:
            (folder / f"{own}.png").write_bytes(png + own.bytes)
    return ids


def held(user_id):
    with reading() as session:
        return set(session.scalars(select(Holding.picture_id).where(Holding.user_id == user_id)))


def rows():
    with reading() as session:
        return set(session.scalars(select(Picture.id)))


def assert_in_step(store):
    """Every row has its file and every file its row."""
    assert files(store) == {f"{picture_id}.png" for picture_id in rows()}


def files(store):
    """Return what lies in the folder of pictures, without the note that names it."""
    return {path.name for path in store.files.folder.glob("*")} - {"identity.txt"}


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
