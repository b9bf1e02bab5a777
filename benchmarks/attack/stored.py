"""What a site has stored: the rows of its database, and the files in its folder."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import NullPool, create_engine, text

from cnn.errors import ModelFileError
from cnn.models.model_file import load_model

__all__ = ["Found", "Store"]

_PICTURES = (
    "SELECT p.id, p.sha256, p.label, l.label FROM picture p "
    "LEFT JOIN labelling l ON l.picture_id = p.id"
)
_IN_SERVICE = "SELECT version FROM publication WHERE name = 'digits' ORDER BY number DESC LIMIT 1"
_PARTS = (
    "SELECT content FROM model_part p JOIN model_version v ON v.id = p.model_id "
    "WHERE v.version = :version ORDER BY p.number"
)
_RUN = (
    "SELECT j.state, r.progress FROM training_run r JOIN job j ON j.id = r.job_id WHERE r.id = :id"
)
#: What an installation has beside pictures.
_USUAL = {"digitnet.db", "queue.db", "secret_key", "identity.txt"}


@dataclass
class Found:
    """What is wrong with what a site has stored; ids of pictures."""

    #: Acknowledged, but without a row or a file.
    lost: set[str] = field(default_factory=set)
    #: A row without its whole file, or with another label than was acknowledged.
    half_there: set[str] = field(default_factory=set)
    #: A file without a row, which may yet come.
    without_row: set[str] = field(default_factory=set)


class Store:
    """The rows and files of one installation.

    Parameters
    ----------
    instance : Path
        Its folder.
    url : str or None
        Its database; None: SQLite's file in the folder.
    """

    def __init__(self, instance: Path, url: str | None = None) -> None:
        self.instance = instance
        self._url = url or f"sqlite:///{instance / 'digitnet.db'}"
        self._engine = create_engine(self._url, poolclass=NullPool)
        self._whole: dict[str, str] = {}

    def look(self, acknowledged: Mapping[str, str | None], *, anew: bool = False) -> Found:
        """Compare pictures, whose labels were acknowledged by their ids, with what is there.

        Files that were whole before are read again with `anew` alone; that they are there is
        always seen.
        """
        rows: dict[str, tuple[str, set[str | None]]] = {}
        for one, sha256, shown, said in self.ask(_PICTURES):
            rows.setdefault(_name(one), (sha256, set()))[1].update({shown, said})
        folder = self.instance / "saved_images"
        files = {Path(name).stem for name in os.listdir(folder) if name.endswith(".png")}
        found = Found(without_row=files - rows.keys())
        for one, (sha256, labels) in rows.items():
            known = not anew and self._whole.get(one) == sha256 and one in files
            if known or (one in files and _is_whole(folder / f"{one}.png", sha256)):
                self._whole[one] = sha256
            else:
                found.half_there.add(one)
            if one in acknowledged and labels != {acknowledged[one]}:
                found.half_there.add(one)
        found.lost = {one for one in acknowledged if one not in rows or one not in files}
        return found

    def count_by_writer(self, writer: str) -> int:
        """Return how many pictures one person wrote."""
        count: int = self.ask("SELECT count(*) FROM picture WHERE writer = :name", name=writer)[0][
            0
        ]
        return count

    def model_in_service(self) -> str | None:
        """Return which version was published last; None if none was."""
        rows = self.ask(_IN_SERVICE)
        return rows[0][0] if rows else None

    def model_loads(self, version: str) -> bool:
        """Say whether a version that was added can be loaded from its rows."""
        content = b"".join(bytes(part) for (part,) in self.ask(_PARTS, version=version))
        path = self.instance.with_name("in-service.dnm")
        path.write_bytes(content)
        try:
            load_model(path)
        except ModelFileError:
            return False
        return True

    def run(self, run_id: str) -> tuple[str, str] | None:
        """Return the state of a run, and all it has written; None if it is lost."""
        own = UUID(run_id)
        key = own.hex if self._url.startswith("sqlite") else own
        rows = self.ask(_RUN, id=key)
        return (rows[0][0], json.dumps(rows[0][1])) if rows else None

    def runs(self) -> set[str]:
        """Return the ids of all runs."""
        return {_name(one) for (one,) in self.ask("SELECT id FROM training_run")}

    def unfinished(self) -> list[str]:
        """Return the files that are temporary by their names, from the folder."""
        return sorted(
            str(path.relative_to(self.instance))
            for path in self.instance.rglob("*")
            if path.name.startswith(".") or path.suffix == ".new"
        )

    def left(self) -> list[str]:
        """Return what is in the folder but belongs to no picture, and is not always there."""
        kept = {f"saved_images/{_name(one)}.png" for (one,) in self.ask("SELECT id FROM picture")}
        names = [
            str(path.relative_to(self.instance))
            for path in self.instance.rglob("*")
            if path.is_file() and not path.name.startswith(("digitnet.db-", "queue.db-"))
            if path.name not in _USUAL and not path.is_relative_to(self.instance / "trash")
        ]
        return sorted(set(names) - kept)

    def make_old(self) -> None:
        """Make all files hours old, so that the next start sweeps what no row has."""
        for path in self.instance.rglob("*"):
            os.utime(path, (0, 0))

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """Return the rows of a query."""
        with self._engine.connect() as connection:
            return list(connection.execute(text(statement), values))


def _name(one: Any) -> str:
    """Return an id as files and answers have it; SQLite has its 32 digits."""
    return str(UUID(str(one)))


def _is_whole(path: Path, sha256: str) -> bool:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return False
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
    except (OSError, ValueError):
        return False
    return True
