"""The models and generators in service, each under a name."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.errors import StorageError, UnknownModel, WrongModel
from app.services.models.checks import DIGITS, check_model
from app.services.models.registry import Registry
from cnn import load_model
from cnn.errors import ModelFileError
from cnn.explanation.neighbours import Neighbours
from cnn.models.generator import Generator
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL, DIGIT_MODEL

__all__ = ["CATS_DOGS", "DIGITS", "Models", "Shelved", "ShelvedGenerator"]

_log = logging.getLogger(__name__)

#: The name of the one that ships as an example of other pictures.
CATS_DOGS = "cats-dogs"

_SHIPPED = {DIGITS: DIGIT_MODEL, CATS_DOGS: CATS_DOGS_MODEL}
_EVERY = 1.0  # seconds between looks at what other processes have published


@dataclass(frozen=True)
class Shelved:
    """A model in service, its file's content, and its training pictures for explanations."""

    model: Model
    content: bytes
    neighbours: Neighbours | None = None

    @property
    def version(self) -> str:
        """The model's own name."""
        return self.model.name


@dataclass(frozen=True)
class ShelvedGenerator:
    """A generator of pictures in service, and its file's content."""

    generator: Generator
    content: bytes

    @property
    def version(self) -> str:
        """The generator's own name."""
        return self.generator.name


_Shelf: TypeAlias = dict[str, Shelved | ShelvedGenerator]


class Models:
    """Holds the models in service, and the generators, which are all immutable.

    What is always there comes from files. What the registry has published is put in its place,
    within a second, whichever process published it. A caller gets the present model of a name, and
    keeps it for its whole request even if another is published meanwhile.
    """

    def __init__(
        self,
        files: Mapping[str, Path | None] | None = None,
        registry: Registry | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load a file for each name; None is the one that ships. Raises ModelFileError."""
        given = _SHIPPED if files is None else files
        self._always = {name: _load(name, path) for name, path in given.items()}
        self._shelf: _Shelf = dict(self._always)
        self._registry = registry
        self._clock = clock
        self._looking = threading.Lock()
        self._published: dict[str, str | None] = {}
        self._looked: float | None = None
        self._changes = 0

    def items(self) -> Iterator[tuple[str, Shelved]]:
        """Yield the models with their names; see `generators` for those that make pictures."""
        for name, one in self._present().items():
            if isinstance(one, Shelved):
                yield name, one

    def generators(self) -> dict[str, ShelvedGenerator]:
        """Return the generators, by name."""
        present = self._present()
        return {n: one for n, one in present.items() if isinstance(one, ShelvedGenerator)}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the models and generators."""
        return tuple(self._present())

    @property
    def always_there(self) -> Mapping[str, Shelved]:
        """The models that need no registry, by name."""
        return self._always

    def get(self, name: str = DIGITS) -> Shelved:
        """Return the model of a name. Raises UnknownModel, and WrongModel for a generator."""
        found = self.find(name)
        if isinstance(found, ShelvedGenerator):
            raise WrongModel("model_makes", name=name)
        return found

    def get_generator(self, name: str) -> ShelvedGenerator:
        """Return the generator of a name. Raises UnknownModel, and WrongModel for a model."""
        found = self.find(name)
        if isinstance(found, Shelved):
            raise WrongModel("model_reads", name=name)
        return found

    def find(self, name: str) -> Shelved | ShelvedGenerator:
        """Return what is in service under a name. Raises UnknownModel."""
        try:
            return self._present()[name]
        except KeyError:
            raise UnknownModel(name) from None

    def look_again(self) -> None:
        """Take what is published at the next use: it has just changed here."""
        self._changes += 1
        self._looked = None

    def _present(self) -> _Shelf:
        self._look()
        return self._shelf

    def _look(self) -> None:
        """Take what has been published; while one thread does, the others go on, but the first."""
        if self._registry is None:
            return
        looked = self._looked
        if looked is not None and self._clock() - looked < _EVERY:
            return
        if not self._looking.acquire(blocking=looked is None):
            return
        try:
            if self._looked == looked:
                changes = self._changes
                self._take_published(self._registry)
                # What was published here during the look is taken by another one.
                self._looked = self._clock() if changes == self._changes else None
        finally:
            self._looking.release()

    def _take_published(self, registry: Registry) -> None:
        try:
            published = registry.in_service()
        except StorageError as error:
            _log.warning("what is published cannot be seen: %s", error)
            return
        if published == self._published:
            return
        shelf: _Shelf = dict(self._always)
        for name, version in published.items():
            if version == self._published.get(name) and name in self._shelf:
                shelf[name] = self._shelf[name]
            elif version is not None:
                shelf |= self._open(registry, name, version)
        self._shelf, self._published = shelf, published

    def _open(self, registry: Registry, name: str, version: str) -> _Shelf:
        """Return a published model under its name; what is there stays if it does not load."""
        if name in self._always and version == self._always[name].model.name:
            return {name: self._always[name]}
        try:
            model, content = registry.load(name, version)
        except (ModelFileError, StorageError) as error:
            _log.error("the model %s cannot be put in service: %s", version, error)
            return {name: self._shelf[name]} if name in self._shelf else {}
        if isinstance(model, Generator) and name in self._always:
            _log.error("%s makes pictures: it is not put in service as %s", version, name)
            return {name: self._shelf[name]}
        _log.info("the model %s is in service as %s", version, name)
        if isinstance(model, Generator):
            return {name: ShelvedGenerator(model, content)}
        return {name: Shelved(model, content)}


def _load(name: str, path: Path | None) -> Shelved:
    file = path or _SHIPPED[name]
    model = load_model(file)
    check_model(name, model, file)
    # The neighbours that ship belong to the model that ships: their features are its own.
    ships = name == DIGITS and file == DIGIT_MODEL
    return Shelved(model, file.read_bytes(), Neighbours() if ships else None)
