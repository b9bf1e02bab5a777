"""A version's card: what is in it and how it was chosen, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.services.versions.versions import VersionView

__all__ = ["describe", "write_readme"]

_HEAD = """\
# {name}

{count} pictures of handwritten digits, labelled by people and frozen on {day:%Y-%m-%d}.{withdrawn}
{chosen}
Licence: {licence}

| class | to learn from | held out |
|---|---|---|
"""
_ABOUT = """
Do not train on what is held out (`validation`, or MNIST's `t10k`): it shows how well a model reads
what it has not seen. A writer with fewer than 200 pictures is on one side as a whole. Labels and
writers are as they were on that day; a label may be wrong all the same.

## Files

"""
_FILES = {
    "zip": """\
- `images/<id>.png`: the pictures, at most 256 x 256 pixels
- `labels.csv`: the label, split, writer and more of each
- `card.json`: these facts for programs
""",
    "idx": """\
- `train-...`: pictures and labels to learn from, like MNIST's
- `t10k-...`: those that are held out
""",
    "npz": """\
- `images` (N, 28, 28), white ink on black; `labels`, `split`, `writer` and more (N,)
""",
}
_NO_LICENCE = "none was given. Ask whoever runs the site before you pass the pictures on."


def describe(version: VersionView) -> dict[str, Any]:
    """Return a version's card, as values for JSON; never whose the pictures are."""
    return {
        "name": version.name,
        "frozen_at": version.created_at.isoformat(timespec="seconds"),
        "licence": version.licence,
        "chosen": {
            "writer": version.writer,
            "from": version.since,
            "to": version.until,
            "made": version.with_made,
        },
        "counts": {
            "frozen": version.frozen,
            "withdrawn": version.withdrawn,
            "pictures": version.count,
            "held_out": version.held_out,
            "made": version.made,
            "classes": version.by_class,
            "held_out_classes": version.held_out_by_class,
            "writers": version.by_writer,
        },
    }


def write_readme(version: VersionView, form: str) -> str:
    """Return a version's card as Markdown, for those who open its file of a form."""
    left = f"\n{version.withdrawn} more were withdrawn since then."
    head = _HEAD.format(
        name=version.name,
        count=version.count,
        day=version.created_at,
        withdrawn=left if version.withdrawn else "",
        chosen="".join(f"{line}\n" for line in _chosen(version)),
        licence=version.licence or _NO_LICENCE,
    )
    rows = (
        f"| {label} | {count - version.held_out_by_class[label]} | "
        f"{version.held_out_by_class[label]} |\n"
        for label, count in version.by_class.items()
    )
    return head + "".join(rows) + _ABOUT + _FILES[form]


def _chosen(version: VersionView) -> Iterator[str]:
    if version.made:
        yield f"{version.made} of them were made by a generator, and written by nobody: their"
        yield "`source` is `made`."
    if version.writer is not None:
        yield f"Only those of one writer: {version.writer}."
    if version.since is not None:
        yield f"Only those stored from {version.since} on."
    if version.until is not None:
        yield f"Only those stored until {version.until}."
