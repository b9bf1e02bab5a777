"""Adding, publishing and removing models: what the registry holds beside what always is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.errors import MaintenanceError
from app.services.models.registry import Overtaken, Registry, Version, ships_as
from app.services.models.shelf import Models

__all__ = ["Added", "Publisher"]


@dataclass(frozen=True)
class Added:
    """A version that was added, or was there already, and what its name has in service."""

    version: Version
    is_new: bool
    in_service: str | None


class Publisher:
    """Decides what may be added, put in service and removed, and does it."""

    def __init__(self, models: Models, registry: Registry) -> None:
        self._models = models
        self._registry = registry

    def add(
        self,
        file: Path,
        *,
        name: str | None = None,
        by: UUID | None = None,
        publish_first: bool = True,
    ) -> Added:
        """Add a model's file as the next version of its name; the first one goes in service.

        With `publish_first` false that one waits as well, and nothing answers under the name.
        Raises ModelFileError for a file that cannot be served, MaintenanceError for a name that
        cannot be, StorageError.
        """
        always = {own: one.model for own, one in self._models.always_there.items()}
        version, is_new = self._registry.add(file, always_there=always.values(), name=name, by=by)
        own = version.name
        present = self._registry.in_service().get(own) or (
            always[own].name if own in always else None
        )
        if present is None and publish_first:
            present = version.version
            reason = "the first version of its name"
            self._registry.publish(own, present, by=by, reason=reason)
        return Added(version, is_new, present)

    def publish(
        self,
        version: str,
        *,
        by: UUID | None = None,
        reason: str = "",
        instead_of: str | None = None,
    ) -> str:
        """Put a version in service under its name, in every process, and return the name.

        With `instead_of` that version must be in service; "" stands for none. Raises
        MaintenanceError if there is no such version, ModelFileError if it cannot be loaded,
        Overtaken, StorageError.
        """
        name = self._name_of(version)
        if version not in self._shipped:
            self._registry.load(name, version)
        self._registry.publish(
            name,
            version,
            by=by,
            reason=reason,
            instead_of=instead_of,
            shipped=self._shipped_as(name),
        )
        self._models.look_again()
        return name

    def roll_back(
        self,
        name: str,
        *,
        by: UUID | None = None,
        reason: str = "",
        instead_of: str | None = None,
        to: str | None = None,
    ) -> str | None:
        """Put the version back in service that was there before the present one, and return it.

        None if there was no other, or none that is still there. With `to` it must be that one.
        Raises as `publish` does.
        """
        present, version = self.present_and_before(name)
        if to is not None and version != to:
            raise Overtaken(f"{version} was in service as {name} before, not {to}")
        if version is not None:
            self.publish(version, by=by, reason=reason, instead_of=instead_of or present)
        return version

    def in_service(self) -> dict[str, str | None]:
        """Return the version in service for each name; None where it was withdrawn."""
        shipped = {name: one.model.name for name, one in self._models.always_there.items()}
        return shipped | self._registry.in_service()

    def makes_pictures(self, name: str) -> bool:
        """Whether a generator is in service under a name."""
        return name in self._models.generators()

    def versions(self, name: str) -> list[Version]:
        """Return the versions of a name, the newest first; the one that ships is the last."""
        added = [one for one in self._registry.versions() if one.name == name]
        own = self._models.always_there.get(name)
        ships = [] if own is None else [ships_as(name, own.model, len(own.content))]
        return [*reversed(added), *ships]

    def present_and_before(self, name: str) -> tuple[str | None, str | None]:
        """Return the version in service under a name, and the one that was there before it.

        The latter is None if there was no other, or none that is still there.
        """
        shipped = self._shipped_as(name)
        there = {one.version for one in self.versions(name)}
        present, *earlier = [one.version for one in self._registry.history(name)] or [shipped]
        for version in [*earlier, shipped]:
            if version in there and version != present:
                return present, version
        return present, None

    def remove(self, version: str, *, by: UUID | None = None) -> None:
        """Remove a version that is not in service; the last one of a name goes out of service.

        Raises MaintenanceError if there is none, it ships, or it is in service; StorageError.
        """
        name = self._name_of(version)
        if version in self._shipped:
            raise MaintenanceError(f"{version} ships with the program: it stays.")
        of_name = [one for one in self._registry.versions() if one.name == name]
        if len(of_name) == 1 and name not in self._models.always_there:
            self._registry.publish(name, None, by=by, reason=f"{version} was removed")
        self._registry.remove(version)

    @property
    def _shipped(self) -> dict[str, str]:
        """The names of the versions that are always there."""
        return {one.model.name: name for name, one in self._models.always_there.items()}

    def _shipped_as(self, name: str) -> str | None:
        own = self._models.always_there.get(name)
        return None if own is None else own.model.name

    def _name_of(self, version: str) -> str:
        added = {one.version: one.name for one in self._registry.versions()}
        names = added | self._shipped
        if version not in names:
            known = ", ".join(sorted(names))
            raise MaintenanceError(f"There is no model {version}; there are {known}.")
        return names[version]
