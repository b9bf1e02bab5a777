"""Import of the original program's people and pictures."""

from __future__ import annotations

import re
import shutil
import sqlite3
import struct
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import select

from app.errors import AccountError, MaintenanceError
from app.services.accounts import NameTaken, add_user
from app.services.accounts.names import check_name
from app.services.accounts.passwords import original_hash
from app.services.pictures.images import ImageStore, NewPicture, encode_for_store
from app.storage.database import Database, utc_now
from app.storage.models import Picture, User
from cnn.errors import PictureError
from cnn.vision.normalise import normalise

__all__ = ["Importer"]

_NAMESPACE = UUID("6f1f3c1e-6b0f-4d0e-9a51-0c6b6a2d6627")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST_SALT = 90  # bytes


@dataclass(frozen=True)
class _Original:
    """A row of the original's table Images."""

    rowid: int
    image_id: str
    digit: Any
    path: str
    confidence: Any
    user_id: str | None


class Importer:
    """Imports from the original's database without changing it; may be run again."""

    def __init__(self, database: Database, images: ImageStore) -> None:
        self._database = database
        self._images = images

    def run(self, folder: Path) -> Iterator[str]:
        """Import everything, yielding the report line by line.

        Raises MaintenanceError if there is no database of the original's, StorageError if
        ours fails.
        """
        database = folder / "images.db"
        if not database.is_file():
            raise MaintenanceError(f"There is no images.db in {folder}.")
        try:
            with _opened(database) as old:
                users = list(_read_users(old))
                images = list(_read_images(old))
        except (sqlite3.DatabaseError, OSError) as error:
            raise MaintenanceError(
                f"{database} cannot be read as the original's: {error}."
            ) from error
        holders: dict[str, UUID] = {}
        for user in users:
            yield from self._import_user(user, holders)
        written = min(datetime.fromtimestamp(database.stat().st_mtime, UTC), utc_now())
        count = 0
        for place, image in enumerate(images):
            # The original kept no dates; the order of its rows is the order in time.
            moment = written - timedelta(seconds=len(images) - place)
            problem = self._import_image(folder, image, holders, moment)
            if problem is not None:
                yield f"image {image.image_id}: skipped, {problem}"
            else:
                count += 1
        yield f"{len(holders)} of {len(users)} people and {count} of {len(images)} images are here."

    def _import_user(
        self, user: tuple[str, str, str, bytes], holders: dict[str, UUID]
    ) -> Iterator[str]:
        old_id, name, digest, salt = user
        own = uuid5(_NAMESPACE, f"user\0{old_id}\0{name}")
        with self._database.reading() as session:
            known = session.get(User, own) is not None
        if known:
            holders[old_id] = own
            return
        if not _SHA256.fullmatch(digest) or len(salt) > _LONGEST_SALT:
            yield f"user {name!r}: skipped, the password's hash is not one of the original's"
            return
        clean = _clean(name)
        for number in range(1, 1000):
            suffix = "" if number == 1 else f"-{number}"
            candidate = clean[: 64 - len(suffix)] + suffix
            if self._add_user(own, candidate, original_hash(digest, salt)):
                holders[old_id] = own
                if candidate != name:
                    yield f"user {name!r}: is now called {candidate!r}"
                return
        yield f"user {name!r}: skipped, too many people have such a name"

    def _import_image(
        self, folder: Path, image: _Original, holders: dict[str, UUID], moment: datetime
    ) -> str | None:
        """Import one image; return what is wrong with it, if so."""
        try:
            digit, confidence = _number(image.digit, "<q"), _number(image.confidence, "<f")
        except (TypeError, ValueError, struct.error):
            return "its digit or confidence is no number"
        if digit not in range(10) or not 0 <= confidence <= 1:
            return f"digit {digit:g} or confidence {confidence:g} cannot be"
        try:
            content = _locate(folder, image.path).read_bytes()
        except (OSError, ValueError):  # the text may be no valid path
            return f"its file {image.path!r} is missing"
        try:
            png = encode_for_store(content)
            found = normalise(content)
        except PictureError as error:
            return f"its file {image.path!r} is no picture: {error}"
        pixels = None
        if found.digits:
            pixels = np.rint(found.largest.pixels * 255).astype(np.uint8).tobytes()
        new = NewPicture(
            png,
            int(digit),
            confidence,
            None,
            pixels,
            "original",
            "import",
            id=self._free_id(image),
            created_at=moment,
            exempt=True,
        )
        self._images.keep(holders.get(image.user_id or ""), new)
        return None

    def _add_user(self, own: UUID, name: str, kept: str) -> bool:
        try:
            with self._database.writing() as session:
                add_user(session, name=name, password_hash=kept, user_id=own)
        except NameTaken:
            return False
        return True

    def _free_id(self, image: _Original) -> UUID:
        """Return the original's own id, unless something else has it."""
        made = uuid5(_NAMESPACE, f"image\0{image.image_id}\0{image.rowid}")
        try:
            own = UUID(image.image_id)
        except ValueError:
            return made
        with self._database.reading() as session:
            taken = session.scalar(select(Picture.id).where(Picture.id == own))
        return own if taken is None else made


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy: reading alone can make SQLite complete an interrupted transaction."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / database.name
        for ending in ("", "-journal", "-wal"):
            file = database.with_name(database.name + ending)
            if file.is_file():
                shutil.copyfile(file, f"{copy}{ending}")
        with closing(sqlite3.connect(copy)) as old:
            # Not all that stands in it need be UTF-8.
            old.text_factory = bytes
            yield old


def _read_users(old: sqlite3.Connection) -> Iterator[tuple[str, str, str, bytes]]:
    if "Users" not in _tables(old):
        return
    query = "SELECT user_id, username, password_hash, salt FROM Users ORDER BY rowid"
    for user_id, name, digest, salt in old.execute(query):
        salted = salt if isinstance(salt, bytes) else str(salt).encode()
        yield _text(user_id), _text(name), _text(digest), salted


def _read_images(old: sqlite3.Connection) -> Iterator[_Original]:
    columns = [_text(row[1]) for row in old.execute("PRAGMA table_info(Images)")]
    query = (
        "SELECT rowid, image_id, digit, path, confidence, user_id FROM Images ORDER BY rowid"
        if "user_id" in columns
        else "SELECT rowid, image_id, digit, path, confidence, NULL FROM Images ORDER BY rowid"
    )
    for rowid, image_id, digit, path, confidence, user_id in old.execute(query):
        holder = None if user_id is None else _text(user_id)
        place = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else str(path)
        yield _Original(rowid, _text(image_id), digit, place, confidence, holder)


def _tables(old: sqlite3.Connection) -> set[str]:
    names = old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {_text(name) for (name,) in names}


def _number(value: Any, kind: str) -> float:
    """Read a number, also one that NumPy handed to SQLite as its bytes."""
    try:
        return float(value)
    except ValueError:
        return float(struct.unpack(kind, value)[0])


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _clean(name: str) -> str:
    seen = (char for char in name if unicodedata.category(char)[0] != "C")
    clean = "".join(" " if char in "\u2028\u2029" else char for char in seen).strip()[:64].strip()
    try:
        check_name(clean)
    except AccountError:
        return "user"
    return clean


def _locate(folder: Path, path: str) -> Path:
    """Return where a file is now; the original wrote paths as Windows does."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return folder / "saved_images" / name
