"""Which pictures of a version are held out, to judge by what was learned of the others.

A model that has learned from some of a writer's digits reads the others better than a stranger's.
So a writer with few digits is on one side as a whole. Of one with many, whose hand models are meant
to learn, and of writers that are not known, single pictures are held out. Nothing but the writer's
name and the picture itself decides, and how many labelled pictures the writer has in all, not in
the version: a picture is on the same side in every version, until its writer has become one with
many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

__all__ = ["MANY", "split"]

#: Pictures of a writer with as many are split.
MANY = 200

_PARTS = 5  # of which one is held out


def split(pictures: Sequence[tuple[str | None, str]], many: Collection[str]) -> list[bool]:
    """Say of each picture, given by its writer and SHA-256, whether it is held out.

    `many` are the writers with at least `MANY` labelled pictures.
    """
    few = {
        writer: _is_chosen(hashlib.sha256(writer.encode()).hexdigest())
        for writer in {writer for writer, _ in pictures}
        if writer is not None and writer not in many
    }
    return [
        _is_chosen(sha256) if writer is None or writer not in few else few[writer]
        for writer, sha256 in pictures
    ]


def _is_chosen(digest: str) -> bool:
    return int(digest[:8], 16) % _PARTS == 0
