"""Parts of a folder of pictures: those for training, validation and test; the order of classes."""

from __future__ import annotations

import os
from pathlib import Path

from cnn.errors import DataError

__all__ = ["class_order", "find_parts", "list_folders", "list_visible", "part_of"]

_LEFT_BY_WINDOWS = ("thumbs.db", "desktop.ini")

#: The part of the pictures that a folder holds, by its name in lower case.
_PART_OF = {
    **dict.fromkeys(("train", "training", "training_set"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validation_set"), "validation"),
    **dict.fromkeys(("test", "testing", "test_set"), "test"),
}


def find_parts(folder: str | os.PathLike[str]) -> dict[str, Path]:
    """Find the folders for training, validation and test in a folder.

    Parameters
    ----------
    folder : path
        A folder with `training_set` and `test_set`, with `train`, `val` and `test`, or the
        like, in any case; or else with a folder for each class.

    Returns
    -------
    dict of str to Path
        "train", and "validation" and "test" if they are there; the folder itself as "train" if
        it holds no such folders.

    Raises
    ------
    DataError
        It cannot be read, holds parts but none for training, or two for the same.
    """
    root = Path(folder)
    parts: dict[str, Path] = {}
    for path in list_folders(root):
        part = part_of(path.name)
        if part is None:
            continue
        if part in parts:
            raise DataError(
                f"{root} holds both {parts[part].name} and {path.name}: keep one of them"
            )
        parts[part] = path
    if not parts:
        return {"train": root}
    if "train" not in parts:
        names = ", ".join(path.name for path in parts.values())
        raise DataError(f"{root} holds {names}, but no folder train or training_set beside it")
    return parts


def part_of(name: str) -> str | None:
    """Return the part that a folder's name stands for: "train", "validation" or "test"."""
    return _PART_OF.get(name.lower())


def class_order(name: str) -> tuple[bool, int, str]:
    """Return by what the names of classes are sorted: numbers first, in their order."""
    return (False, int(name), name) if name.isdecimal() else (True, 0, name)


def list_folders(root: Path) -> list[Path]:
    """Return the folders in a folder; raises DataError if it cannot be read."""
    try:
        return [path for path in list_visible(root) if path.is_dir()]
    except OSError as error:
        raise DataError(f"cannot read the folder {root}: {error}") from error


def list_visible(folder: Path) -> list[Path]:
    """Return what is in a folder, without hidden files; raises OSError."""
    return [
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in _LEFT_BY_WINDOWS
    ]
