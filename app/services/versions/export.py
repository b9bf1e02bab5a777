"""Export of versions: ZIP, .npz, MNIST's IDX files and a table, with labels as they were frozen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np

from app.services.pictures.export import COLUMNS, Column, Exporter
from app.services.pictures.gallery import Gallery, PictureView
from app.services.versions.card import describe, write_readme
from app.services.versions.versions import Versions, VersionView

__all__ = ["FORMATS", "VersionExporter"]

#: Forms of a version's file, by the ending of its address; the address may have only these.
FORMATS = ("zip", "npz", "idx", "csv")

_README = "README.md"


@dataclass(frozen=True)
class _MemberView(PictureView):
    """A picture as it is in a version."""

    held_out: bool = False


def _split(picture: PictureView) -> str:
    return "validation" if isinstance(picture, _MemberView) and picture.held_out else "train"


_COLUMNS = (*COLUMNS, Column("split", _split, "str", _split))


class VersionExporter:
    """Writes a version's pictures; the same version is the same file, byte for byte."""

    def __init__(self, versions: Versions, gallery: Gallery, exporter: Exporter) -> None:
        self._versions = versions
        self._gallery = gallery
        self._exporter = exporter

    def write(self, version: VersionView, form: str) -> Iterator[bytes]:
        """Yield a version's file in one of `FORMATS`, all but the table with its card.

        The IDX files are a ZIP of MNIST's four, of which t10k are the pictures that are held out.
        """
        makers: dict[str, Callable[[VersionView], Iterator[bytes]]] = {
            "zip": self._zip,
            "npz": self._npz,
            "idx": self._idx,
            "csv": lambda one: self._exporter.csv(self._pictures(one), columns=_COLUMNS),
        }
        return makers[form](version)

    def _zip(self, version: VersionView) -> Iterator[bytes]:
        card = json.dumps(describe(version), indent=2, ensure_ascii=False).encode()
        beside = {_README: _readme(version, "zip"), "card.json": card}
        return self._exporter.zip(self._pictures(version), columns=_COLUMNS, beside=beside)

    def _npz(self, version: VersionView) -> Iterator[bytes]:
        about = {"readme": np.array(write_readme(version, "npz"))}
        pictures = self._pictures(version)
        return self._exporter.npz(pictures, columns=_COLUMNS, beside=about)

    def _idx(self, version: VersionView) -> Iterator[bytes]:
        parts = {"train": self._part(version, False), "t10k": self._part(version, True)}
        return self._exporter.idx(parts, beside={_README: _readme(version, "idx")})

    def _part(self, version: VersionView, held_out: bool) -> Iterator[_MemberView]:
        return (one for one in self._pictures(version) if one.held_out == held_out)

    def _pictures(self, version: VersionView) -> Iterator[_MemberView]:
        members = {one.picture_id: one for one in self._versions.members(version.id)}
        for picture in self._gallery.each(list(members)):
            own = members[picture.id]
            facts = {field.name: getattr(picture, field.name) for field in fields(PictureView)}
            facts |= {"label": own.label, "writer": own.writer}
            yield _MemberView(**facts, held_out=own.held_out)


def _readme(version: VersionView, form: str) -> bytes:
    return write_readme(version, form).encode()
