"""New pictures from a generator of a folder's pictures: at random, or like a given one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.services.generating import Made, MakingError
from app.services.models import Models
from app.services.room import WorkRoom
from cnn.data.pictures import fit_picture
from cnn.models.generator import Generator
from cnn.vision.decode import open_picture

__all__ = ["FILE_KINDS", "PictureMaker", "PictureOrder"]

#: The kinds of files of such pictures, of those in `cnn.data.made.KINDS`.
FILE_KINDS = ("png", "zip", "npz")

_LONGEST = 1024  # pixels to which a larger picture is reduced while it is decoded
_AT_ONCE = 100  # pictures: those of 64 pixels take as many megabytes meanwhile


@dataclass(frozen=True, kw_only=True)
class PictureOrder:
    """What is to be made; the same order gives the same pictures.

    Pictures of the class `name`; without it, of all in turn. With `like`, ones that resemble this
    picture of that class.
    """

    name: str | None = None
    count: int = 100
    seed: int = 0
    spread: float = 1.0
    like: bytes | None = None


class PictureMaker:
    """Makes pictures with the generators in service, from any number of threads."""

    def __init__(self, models: Models, room: WorkRoom) -> None:
        self._models = models
        self._room = room

    def make(self, name: str, order: PictureOrder) -> Made:
        """Make what is ordered with the generator of a name.

        Raises UnknownModel, WrongModel, MakingError for a class or picture of which it makes none,
        PictureError if a picture is none, and BusyError if there is no room for it.
        """
        generator = self._models.get_generator(name).generator
        rng = np.random.default_rng(order.seed)
        asked = None if order.name is None else _find_class(name, generator, order.name)
        if order.like is None:
            every = np.arange(len(generator.classes)) if asked is None else np.array([asked])
            labels = np.resize(every, order.count)
            codes = generator.draw(order.count, rng=rng, spread=order.spread)
        else:
            if generator.encoder is None:
                raise MakingError("make_no_encoder", name=name)
            if asked is None and len(generator.classes) > 1:
                raise MakingError("make_class_missing", name=name, classes=_list(generator))
            labels = np.full(order.count, asked or 0)
            with self._room.open_for(order.like):
                channels, height, width = generator.shape
                picture = open_picture(order.like, longest=max(_LONGEST, 2 * height, 2 * width))
                pixels = fit_picture(picture, (height, width), channels)
            code = generator.encode(pixels[None], labels[:1])[0]
            codes = generator.vary(code, order.count, rng=rng, spread=order.spread)
        parts = [slice(i, i + _AT_ONCE) for i in range(0, order.count, _AT_ONCE)]
        made = np.concatenate([generator.make(codes[part], labels[part]) for part in parts])
        return Made(made, labels, generator.name, generator.classes)


def _find_class(name: str, generator: Generator, asked: str) -> int:
    if asked not in generator.classes:
        raise MakingError("make_class", name=name, text=asked, classes=_list(generator))
    return generator.classes.index(asked)


def _list(generator: Generator) -> str:
    return ", ".join(generator.classes)
