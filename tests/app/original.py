"""A folder as the original program left it."""

import hashlib
import sqlite3
from contextlib import closing
from uuid import uuid4

from tests.app.pictures import draw, encode

USERS = "user_id TEXT PRIMARY KEY, username TEXT, password_hash TEXT, salt TEXT"
IMAGES = "image_id TEXT PRIMARY KEY, digit INTEGER, path TEXT, confidence REAL, hash TEXT"


class Original:
    """A folder as the original program left it."""

    def __init__(self, folder, *, users=True, holders=True):
        self.folder = folder
        self.pictures = folder / "saved_images"
        self.pictures.mkdir(parents=True)
        self._holders = holders
        self.run(f"CREATE TABLE Images ({IMAGES}{', user_id TEXT' if holders else ''})")
        if users:
            self.run(f"CREATE TABLE Users ({USERS})")

    def run(self, statement, *values):
        with closing(sqlite3.connect(self.folder / "images.db")) as database, database:
            database.execute(statement, values)

    def add_user(self, name, password="old password", salt="5a17", user_id=None):
        user_id = user_id or str(uuid4())
        raw = salt if isinstance(salt, bytes) else salt.encode()
        digest = hashlib.sha256(password.encode() + raw).hexdigest()
        self.run("INSERT INTO Users VALUES (?, ?, ?, ?)", user_id, name, digest, salt)
        return user_id

    def add_image(self, number, user_id=None, **changes):
        name = f"{number}.png"
        content = changes.pop("content", encode(draw([(140, 50 + number), (140, 230)])))
        if content is not None:
            (self.pictures / name).write_bytes(content)
        row = {
            "image_id": str(uuid4()),
            "digit": number % 10,
            "path": f"saved_images\\{name}",
            "confidence": 0.875,
            "hash": hashlib.sha256(content or b"").hexdigest(),
        } | changes
        if self._holders:
            row["user_id"] = user_id
        marks = ", ".join("?" * len(row))
        self.run(f"INSERT INTO Images ({', '.join(row)}) VALUES ({marks})", *row.values())
        return row["image_id"]

    def state(self):
        """Return every file's bytes and time."""
        return {
            path.relative_to(self.folder): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        } | {"folders": [p.stat().st_mtime_ns for p in (self.folder, self.pictures)]}
