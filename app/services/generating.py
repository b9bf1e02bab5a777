"""New digits from the generator that ships: at random, in a hand, between two, on a plane."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.errors import CodedError, StorageError
from app.services.recogniser import Recogniser
from cnn.data.made import encode_line, encode_made
from cnn.errors import ModelFileError
from cnn.layers.functional import one_hot
from cnn.models.generator import DIGIT_GENERATOR, Generator, load_generator
from cnn.vision.normalise import Refusal

__all__ = [
    "MOST",
    "WIDEST",
    "DigitMaker",
    "Hand",
    "Made",
    "MakingError",
    "NoDigit",
    "Order",
]

Array = npt.NDArray[Any]

#: Pictures of one order.
MOST = 1000
#: Spread of codes, beyond which there are only blots.
WIDEST = 3.0

_REACH = 6.0  # how far the plane's edge is from its middle, in standard deviations of codes
_ALL = tuple(range(10))


class MakingError(CodedError):
    """What was ordered cannot be made."""


class NoDigit(MakingError):
    """A picture, whose hand was to be taken, shows no digit; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("make_no_digit")
        self.refusal = refusal


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be made; the same order gives the same pictures.

    `digits` are made in turn; without them, the one of the picture `like`, or all ten. With `like`,
    in the hand of its digit; with `to` as well, on the way from the one picture to the other. With
    `is_one_hand`, all in the same; `is_own_hand` is for `Handwriting`. With `places`, (x, y) from
    -1 to 1, a picture for each place on a plane through the codes, whose directions the seed
    chooses.
    """

    digits: tuple[int, ...] | None = None
    count: int = 100
    seed: int = 0
    spread: float = 1.0
    like: bytes | None = None
    to: bytes | None = None
    is_one_hand: bool = False
    is_own_hand: bool = False
    places: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True)
class Hand:
    """A digit that was read, and the code from which ones like it are made."""

    digit: int
    code: Array


@dataclass(frozen=True, eq=False)
class Made:
    """Made pictures, uint8 (N, C, H, W), their classes' places, and the generator's name."""

    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    maker: str
    classes: tuple[str, ...] = tuple(map(str, _ALL))

    def encode(self, kind: str) -> bytes:
        """Return a file of one of `cnn.data.made.KINDS`."""
        return encode_made(kind, self.pictures, self.labels, self.classes, maker=self.maker)

    def encode_line(self) -> bytes:
        """Return a PNG of the digits as a line of ink on a transparent ground."""
        return encode_line(self.pictures, self.maker)


class DigitMaker:
    """Makes digits, from any number of threads; the generator is loaded when it is first needed."""

    def __init__(self, recogniser: Recogniser, *, path: Path = DIGIT_GENERATOR) -> None:
        self._recogniser = recogniser
        self._path = path
        self._loading = threading.Lock()
        self._loaded: Generator | None = None

    @property
    def generator(self) -> Generator:
        """The generator. Raises StorageError if its file is missing or damaged."""
        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = load_generator(self._path)
                except ModelFileError as error:
                    raise StorageError("generator_missing", name=self._path.name) from error
            return self._loaded

    def make(self, order: Order) -> Made:
        """Make what is ordered.

        Raises PictureError if a picture is none, MakingError if it does not show one digit,
        BusyError if there is no room for it, and StorageError.
        """
        generator, rng = self.generator, np.random.default_rng(order.seed)
        hand = None if order.like is None else self.hand_of(order.like)
        if hand is not None and order.to is not None:
            return self._make_between(hand, self.hand_of(order.to), order)
        digits = order.digits or (_ALL if hand is None else (hand.digit,))
        labels = np.resize(np.array(digits, np.int64), order.count)
        codes = _codes(generator, hand, order, rng)
        return Made(generator.make(codes, labels), labels, generator.name)

    def hand_of(self, picture: bytes) -> Hand:
        """Return the hand of the one digit in a picture; errors are those of `make`."""
        reading = self._recogniser.read(picture).reading
        if reading.refusal is not None:
            raise NoDigit(reading.refusal)
        digit = reading.only
        if digit is None:
            raise MakingError("make_several", count=len(reading.digits))
        pixels = digit.pixels.reshape(1, 1, 28, 28)
        return Hand(digit.digit, self.generator.encode(pixels, np.array([digit.digit]))[0])

    def _make_between(self, first: Hand, last: Hand, order: Order) -> Made:
        """Make the pictures on the way from one to another, both among them."""
        generator = self.generator
        way = np.linspace(0, 1, order.count, dtype=np.float32)[:, None]
        codes = (1 - way) * first.code + way * last.code
        if order.digits is not None:
            labels = np.resize(np.array(order.digits, np.int64), order.count)
            return Made(generator.make(codes, labels), labels, generator.name)
        ends = one_hot(np.array([first.digit, last.digit]), len(_ALL))
        labels = np.where(way[:, 0] < 0.5, first.digit, last.digit).astype(np.int64)
        parts = (1 - way) * ends[0] + way * ends[1]
        return Made(generator.make(codes, parts), labels, generator.name)


def _codes(
    generator: Generator, hand: Hand | None, order: Order, rng: np.random.Generator
) -> Array:
    """Return a code for each picture of an order, (N, D)."""
    if order.places is not None:
        middle = 0 if hand is None else hand.code
        # Orthonormal, so that all of the plane's directions reach as far.
        directions, _ = np.linalg.qr(rng.standard_normal((generator.code, 2)))
        places = np.array(order.places, np.float32)
        plane: Array = (middle + _REACH * places @ directions.T).astype(np.float32)
        return plane
    if order.is_one_hand:
        one = generator.draw(1, rng=rng, spread=order.spread)[0] if hand is None else hand.code
        return np.tile(one, (order.count, 1))
    if hand is not None:
        return generator.vary(hand.code, order.count, rng=rng, spread=order.spread)
    return generator.draw(order.count, rng=rng, spread=order.spread)
