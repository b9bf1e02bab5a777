"""The registry: versions of models and generators that were added to a site, and publications.

Their files are in the database, in parts: so a backup has them, every process on every machine
reads them, and none is ever half there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import DigitNetError, MaintenanceError
from app.services.models.card import share_of
from app.services.models.checks import (
    DIGITS,
    AnyModel,
    check_generator,
    check_model,
    family_of,
    is_generator,
    is_name,
    load_any,
)
from app.storage.database import Database, insert_missing, utc_now
from app.storage.models import ModelPart, ModelVersion, Publication
from cnn.errors import ModelFileError
from cnn.models.container import encode_container, read_container
from cnn.models.generator import Generator
from cnn.models.model import Model

__all__ = ["LARGEST", "LONGEST_REASON", "Overtaken", "Published", "Registry", "Version", "ships_as"]

#: Bytes of a model's file, at most.
LARGEST = 64_000_000

_PART = 256 * 1024  # bytes
#: Characters of the reason of a publication.
LONGEST_REASON = 500


class Overtaken(DigitNetError):
    """Somebody else has put another version in service meanwhile."""


@dataclass(frozen=True)
class Version:
    """A version of a model: `cats-dogs-2` of `cats-dogs`."""

    name: str
    version: str
    classes: tuple[str, ...]
    accuracy: float | None
    size: int
    #: None of one that ships.
    added_at: datetime | None


@dataclass(frozen=True)
class Published:
    """That a version was put in service; None means that the name went out of service."""

    number: int
    name: str
    version: str | None
    published_at: datetime
    published_by: UUID | None
    reason: str


class Registry:
    """Adds, publishes and removes versions of models."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_service(self) -> dict[str, str | None]:
        """Return the version that is published for each name; None where it was withdrawn."""
        with self._database.reading() as session:
            return _in_service(session)

    def history(self, name: str) -> list[Published]:
        """Return a name's publications, the newest first."""
        chosen = select(Publication).where(Publication.name == name)
        with self._database.reading() as session:
            found = session.scalars(chosen.order_by(Publication.number.desc()))
            return [
                Published(
                    one.number,
                    one.name,
                    one.version,
                    one.published_at,
                    one.published_by,
                    one.reason,
                )
                for one in found
            ]

    def versions(self) -> list[Version]:
        """Return the versions that were added, by name and age."""
        rows = select(ModelVersion).order_by(ModelVersion.name, ModelVersion.number)
        with self._database.reading() as session:
            return [_describe(row) for row in session.scalars(rows)]

    def content(self, name: str, version: str) -> bytes | None:
        """Return the content of a version's file, or None if the name has no such version."""
        number = version.removeprefix(f"{name}-")
        if not (number.isascii() and number.isdigit()):
            return None  # PostgreSQL refuses some texts, as one with a NUL
        chosen = select(ModelVersion).where(
            ModelVersion.name == name, ModelVersion.version == version
        )
        with self._database.reading() as session:
            row = session.scalar(chosen)
            return None if row is None else _content(session, row) or None

    def load(self, name: str, version: str) -> tuple[AnyModel, bytes]:
        """Return a version's model, or generator, and its file's content.

        Raises ModelFileError if there is none, or it is damaged; StorageError.
        """
        content = self.content(name, version)
        if content is None:
            raise ModelFileError(f"there is no model {version}")
        model = load_any(content)
        if model.name != version:
            raise ModelFileError(f"the model {version} calls itself {model.name}")
        return model, content

    def add(
        self,
        file: Path,
        *,
        always_there: Collection[Model],
        name: str | None = None,
        by: UUID | None = None,
    ) -> tuple[Version, bool]:
        """Add the file of a model or generator as the next version of its name.

        Returns the version, and whether it is new. `always_there` are the models that ship, whose
        versions are taken. The name is by default the model's own. The file's metadata is given the
        version as its name.

        Raises ModelFileError for a file that cannot be served, MaintenanceError for a name that
        cannot be, StorageError.
        """
        content = _read(file)
        model = load_any(file)
        name = family_of(model.name) if name is None else name
        _check_name(name, model)
        if isinstance(model, Generator):
            check_generator(name, model, file)
        else:
            check_model(name, model, file)
        source = hashlib.sha256(content).hexdigest()
        with self._database.writing() as session:
            of_name = select(ModelVersion).where(ModelVersion.name == name)
            known = list(session.scalars(of_name.order_by(ModelVersion.number)))
            for row in known:
                if source in (row.source_sha256, row.sha256):
                    return _describe(row), False
            shipped = [one for one in always_there if family_of(one.name) == name]
            if known or shipped:
                makes = bool(known) and is_generator(_content(session, known[-1]))
                _check_kind(name, model, makes=makes)
            _check_classes(name, model, known, shipped)
            taken = {one.name for one in shipped} | _used(session, name)
            number = _next(model.name, name, taken)
            row = _add_rows(session, content, model, name, number, source, by)
            return _describe(row), True

    def publish(
        self,
        name: str,
        version: str | None,
        *,
        by: UUID | None = None,
        reason: str = "",
        instead_of: str | None = None,
        shipped: str | None = None,
    ) -> None:
        """Put a version in service, here and in every other process.

        None takes the name out of service. The version is one that ships or was added, and has been
        loaded before. With `instead_of` that version must be in service, "": none; `shipped` is the
        one that is where none was published. Raises Overtaken, StorageError.
        """
        values = {
            "name": name,
            "version": version,
            "published_at": utc_now(),
            "published_by": by,
            "reason": reason[:LONGEST_REASON],
        }
        newest = select(func.max(Publication.number))
        with self._database.writing() as session:
            # Who publishes at the same moment takes the number: then all is looked at again.
            while True:
                number = (session.scalar(newest) or 0) + 1
                present = _in_service(session).get(name, shipped)
                if instead_of is not None and (present or "") != instead_of:
                    raise Overtaken(f"{present} is in service as {name}, not {instead_of}")
                if insert_missing(session, Publication, number=number, **values):
                    return

    def remove(self, version: str) -> None:
        """Remove a version that is not in service; the history of publications stays.

        Raises MaintenanceError if there is none, or it is in service; StorageError.
        """
        with self._database.writing() as session:
            row = session.scalar(select(ModelVersion).where(ModelVersion.version == version))
            if row is None:
                raise MaintenanceError(f"No model {version} was added.")
            if _in_service(session).get(row.name) == version:
                raise MaintenanceError(
                    f"{version} is in service: put another one in service before, or take "
                    f"{row.name} out of service."
                )
            session.execute(delete(ModelPart).where(ModelPart.model_id == row.id))
            session.delete(row)


def ships_as(name: str, model: Model, size: int) -> Version:
    """Describe a model that ships under a name."""
    accuracy = share_of(model, "accuracy")
    return Version(name, model.name, model.classes, accuracy, size, None)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise ModelFileError(f"{file} is larger than {LARGEST // 1_000_000} MB")
        return file.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{file} cannot be read: {error.strerror}") from error


def _content(session: Session, row: ModelVersion) -> bytes:
    parts = select(ModelPart.content).where(ModelPart.model_id == row.id)
    return b"".join(session.scalars(parts.order_by(ModelPart.number)))


def _check_name(name: str, model: AnyModel) -> None:
    if not is_name(name):
        raise MaintenanceError(
            f"A model's name has small letters, digits and single hyphens, at most 40, such as "
            f"cats-dogs, not {name!r}: give it one with --name."
        )
    reads_digits = not isinstance(model, Generator) and model.normalisation == "digits"
    if (name == DIGITS) < reads_digits:
        raise MaintenanceError(f"This model reads digits: its name is {DIGITS}, not {name}.")


def _check_kind(name: str, model: AnyModel, *, makes: bool) -> None:
    if isinstance(model, Generator) != makes:
        does, other = ("makes", "reads") if makes else ("reads", "makes")
        raise MaintenanceError(
            f"{name} {does} pictures, and this file {other} them: give it another name with --name."
        )


def _check_classes(
    name: str, model: AnyModel, known: list[ModelVersion], shipped: list[Model]
) -> None:
    former = [tuple(row.classes) for row in known] + [one.classes for one in shipped]
    if former and former[-1] != model.classes:
        before, own = ", ".join(former[-1]), ", ".join(model.classes)
        words = f"{name} tells {before} apart, and this model {own}"
        if isinstance(model, Generator):
            words = f"{name} makes pictures of {before}, and this generator of {own}"
        raise MaintenanceError(f"{words}: give it another name with --name.")


def _used(session: Session, name: str) -> set[str]:
    """Return the versions that a name has, or once had in service."""
    added = session.scalars(select(ModelVersion.version).where(ModelVersion.name == name))
    once = session.scalars(select(Publication.version).where(Publication.name == name))
    return {*added, *(version for version in once if version is not None)}


def _next(own: str, name: str, taken: set[str]) -> int:
    """Return the number of the next version: the one in the model's own name if it is free."""
    numbers = [int(version.rpartition("-")[2]) for version in taken]
    given = own.removeprefix(f"{name}-")
    if given.isascii() and given.isdigit() and len(given) < 6 and own not in taken:
        return int(given)
    return max(numbers, default=0) + 1


def _add_rows(
    session: Session,
    content: bytes,
    model: AnyModel,
    name: str,
    number: int,
    source: str,
    by: UUID | None,
) -> ModelVersion:
    version = f"{name}-{number}"
    content = _named(content, version)
    row = ModelVersion(
        id=uuid4(),
        name=name,
        number=number,
        version=version,
        classes=list(model.classes),
        accuracy=share_of(model, "accuracy"),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        source_sha256=source,
        added_at=utc_now(),
        added_by=by,
    )
    session.add(row)
    session.flush()
    for start in range(0, len(content), _PART):
        part = content[start : start + _PART]
        session.add(ModelPart(model_id=row.id, number=start // _PART, content=part))
    return row


def _named(content: bytes, version: str) -> bytes:
    """Return a model file's content with the version as the model's name."""
    kind = "generator" if is_generator(content) else "model"
    contents, arrays = read_container(content, kind=kind)
    if contents["metadata"].get("name") == version:
        return content
    contents["metadata"]["name"] = version
    return encode_container(kind=kind, contents=contents, arrays=arrays)


def _in_service(session: Session) -> dict[str, str | None]:
    newest = select(func.max(Publication.number)).group_by(Publication.name)
    rows = select(Publication.name, Publication.version).where(Publication.number.in_(newest))
    return {name: version for name, version in session.execute(rows)}


def _describe(row: ModelVersion) -> Version:
    return Version(row.name, row.version, tuple(row.classes), row.accuracy, row.size, row.added_at)
