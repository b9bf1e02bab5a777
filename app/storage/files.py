"""Picture files, written atomically: a crash leaves nothing or the whole file."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from app.errors import ErrorCode, StorageError
from app.storage.trash import Trash
from cnn.files import write_atomically, write_many_atomically

__all__ = ["NOTE", "PictureFiles"]

_log = logging.getLogger(__name__)

#: The file that holds the name of the installation.
NOTE = "identity.txt"

_TEMPORARY = ".part-"
_LARGEST = 1_000_000  # bytes: four times what the largest picture that is stored can have


class PictureFiles:
    """The folder of files named <uuid>.png, and the trash for what is wrong with it."""

    def __init__(self, folder: Path, trash: Trash | None = None) -> None:
        self.folder = folder
        self.trash = trash or Trash(folder.with_name("trash"))

    def path(self, picture_id: UUID) -> Path:
        """Return where a picture's file is, or would be."""
        return self.folder / f"{picture_id}.png"

    def read(self, picture_id: UUID, sha256: str) -> bytes | None:
        """Return a file's bytes; None, and a line in the log, if it has vanished or is damaged.

        It is damaged if its SHA-256, in hexadecimal, is not the one given.
        """
        path = self.path(picture_id)
        try:
            # Opening something else than a file could wait for ever.
            if path.exists() and not path.is_file():
                _log.error("%s is no file", path)
                return None
            with path.open("rb") as file:
                content = file.read(_LARGEST)
        except OSError as error:
            _log.error("picture file %s cannot be read: %s", path, error.strerror)
            return None
        if hashlib.sha256(content).hexdigest() != sha256:
            _log.error("picture file %s is damaged: its bytes are not those stored", path)
            return None
        return content

    @property
    def advice(self) -> str:
        """A sentence on where lost files may be found."""
        return (
            "A backup may still have the files that are lost: it is a ZIP; copy "
            f"pictures/<id>.png out of it into {self.folder}."
        )

    def write(self, picture_id: UUID, content: bytes) -> None:
        """Write a file and wait until it is on the disk; raises StorageError."""
        self._write(self.path(picture_id), content)

    def write_many(self, contents: Mapping[UUID, bytes]) -> None:
        """Write many files and wait once until all are on the disk; raises StorageError."""
        with _reported("picture_unwritable"):
            self.folder.mkdir(parents=True, exist_ok=True)
            named = {self.path(one).name: content for one, content in contents.items()}
            write_many_atomically(self.folder, named, mode=0o600, prefix=_TEMPORARY)

    def write_note(self, name: str, content: str) -> None:
        """Write a file that is no picture, in the same way."""
        self._write(self.folder / name, content.encode())

    def delete(self, picture_id: UUID) -> None:
        """Delete a file for good; if that fails, the sweep at the next start deletes it."""
        with suppress(OSError):
            self.path(picture_id).unlink()
        self.trash.forget(picture_id)

    def set_aside(self, picture_id: UUID) -> Path | None:
        """Move a picture's file to the trash and return its new path; raises StorageError."""
        return self.throw_away(self.path(picture_id))

    def throw_away(self, path: Path) -> Path | None:
        """Move a file, if it exists, to the trash and return its new path; raises StorageError."""
        with _reported("picture_immovable"):
            there = path.exists() or path.is_symlink()
            return self.trash.put(path) if there else None

    def write_down(self, line: str) -> Path:
        """Append a row that is removed from the database to the trash's file of rows.

        Returns the file; raises StorageError.
        """
        with _reported("trash_unwritable"):
            return self.trash.write_down("rows.jsonl", line)

    def listed(self) -> dict[UUID, float]:
        """Return the ids of all picture files with the time of each file's last change.

        Raises StorageError if the folder cannot be read.
        """
        found: dict[UUID, float] = {}
        for entry in self._entries():
            with suppress(ValueError, OSError):
                picture_id = UUID(entry.name.removesuffix(".png"))
                if entry.name == f"{picture_id}.png":
                    found[picture_id] = entry.stat().st_mtime
        return found

    def regular(self) -> list[Path]:
        """Return all files, whatever they are named; raises StorageError."""
        return [Path(entry.path) for entry in self._entries() if _is_regular(entry)]

    def strangers(self) -> list[Path]:
        """Return the files whose names are none of the program's; raises StorageError."""
        known = {self.path(picture_id) for picture_id in self.listed()} | {self.folder / NOTE}
        return sorted(path for path in set(self.regular()) - known if not path.name.startswith("."))

    def delete_temporary(self, before: float) -> None:
        """Delete what a killed process left half-written before a moment."""
        for entry in self._entries():
            with suppress(OSError):
                if entry.name.startswith(_TEMPORARY) and entry.stat().st_mtime < before:
                    Path(entry.path).unlink()

    def _entries(self) -> list[os.DirEntry[str]]:
        with (
            _reported("folder_unreadable"),
            suppress(FileNotFoundError),
            os.scandir(self.folder) as entries,
        ):
            return list(entries)
        return []

    def _write(self, path: Path, content: bytes) -> None:
        with _reported("picture_unwritable"):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content, mode=0o600, prefix=_TEMPORARY)


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


@contextmanager
def _reported(code: ErrorCode) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(code, problem=error.strerror or str(error)) from error
