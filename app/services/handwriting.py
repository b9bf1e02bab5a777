"""A person's own handwriting: numbers of digits like those that they wrote, for them alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, select

from app.errors import PersonGone
from app.services.generating import DigitMaker, Made, MakingError, Order
from app.services.pictures.keeping import Keeping
from app.services.pictures.labels import LabelLimit, present
from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from app.storage.database import Database, utc_now
from app.storage.models import HandSample, Holding, Labelling, Picture
from cnn.vision.binarise import find_ink
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import normalise

__all__ = ["LEAST", "LONGEST", "Handwriting", "Samples", "Sheet"]

#: Pictures of each digit that is to be written, which a sheet has boxes for.
LEAST = 5
#: Digits of a text.
LONGEST = 200

_LATEST = 40  # pictures of a digit that are taken as models
_SPREAD = 0.5  # what chance adds to a code, of what it adds to one that is only to be like it

_SURELY = 0.95

#: Pictures of digits that a person wrote, by digit.
Samples = Mapping[int, Sequence[bytes]]


@dataclass(frozen=True)
class Misread:
    """A picture that was sent as a digit, with its place there, from 1, and what it is read as."""

    digit: int
    place: int
    read: int


@dataclass(frozen=True)
class Sheet:
    """What a person wrote on their sheet: how many of each digit, and when last.

    `misread` are those just sent that are read as another digit.
    """

    counts: Mapping[int, int]
    written_at: datetime
    misread: Sequence[Misread] = ()

    @property
    def is_full(self) -> bool:
        """Whether any number can be written from it."""
        return all(self.counts.get(digit, 0) >= LEAST for digit in range(10))


class Handwriting:
    """Writes numbers in the hands of people with an account.

    What they write on their sheet serves this alone: it is in no gallery and no data set, and is
    shown to nobody. Nothing is kept of what is made.
    """

    def __init__(
        self,
        database: Database,
        maker: DigitMaker,
        room: WorkRoom,
        recogniser: Recogniser,
        keeping: Keeping,
    ) -> None:
        self._database = database
        self._maker = maker
        self._room = room
        self._recogniser = recogniser
        self._keeping = keeping

    def sheet(self, user_id: UUID) -> Sheet | None:
        """Return what a person wrote on their sheet, if they did; raises StorageError."""
        chosen = select(HandSample.digit, HandSample.created_at).where(
            HandSample.user_id == user_id
        )
        with self._database.reading() as session:
            rows = session.execute(chosen).all()
        if not rows:
            return None
        return Sheet(Counter(digit for digit, _ in rows), max(at for _, at in rows))

    def learn(self, user_id: UUID, samples: Samples) -> Sheet:
        """Take what a person wrote; of the digits that it has, it replaces what they wrote before.

        All of it is taken, or nothing. Raises PictureError if a picture is none, MakingError if
        nothing is written in one, BusyError, PersonGone, and StorageError.
        """
        at = utc_now()
        rows = [
            HandSample(
                user_id=user_id,
                digit=digit,
                place=place,
                pixels=self._pixels(picture, digit, place),
                created_at=at,
            )
            for digit, pictures in samples.items()
            for place, picture in enumerate(pictures)
        ]
        with self._database.writing() as session:
            # The person's row is locked, so that two sheets at once do not mix.
            if session.scalar(present(user_id).with_for_update()) is None:
                raise PersonGone("account_gone")
            mine = HandSample.user_id == user_id
            session.execute(delete(HandSample).where(mine, HandSample.digit.in_(samples)))
            session.add_all(rows)
            session.flush()
            counts = Counter(session.scalars(select(HandSample.digit).where(mine)))
        return Sheet(counts, at, tuple(filter(None, map(self._misread, rows))))

    def keep(
        self, user_id: UUID, samples: Samples, *, as_admin: bool
    ) -> tuple[int, LabelLimit | None]:
        """Keep samples among a person's labelled pictures until their limit is reached.

        Returns how many were kept, and the limit if it left some out. What is kept already stays as
        it is. Raises BusyError, PersonGone, StorageError.
        """
        kept = 0
        for digit, pictures in samples.items():
            for picture in pictures:
                read, label = self._recogniser.read(picture), str(digit)
                try:
                    one = self._keeping.keep(
                        user_id, picture, read, source="draw", label=label, as_admin=as_admin
                    )
                except LabelLimit as limit:
                    return kept, limit
                kept += one is not None
        return kept, None

    def forget(self, user_id: UUID) -> None:
        """Delete what a person wrote on their sheet; raises StorageError."""
        with self._database.writing() as session:
            session.execute(delete(HandSample).where(HandSample.user_id == user_id))

    def write(self, user_id: UUID, order: Order) -> Made:
        """Make the digits of an order, each like one that the person wrote.

        Those are the ones on their sheet, or the pictures that they labelled where the sheet has
        too few. Raises MakingError if there is no text, too long a one, or too few of a digit, and
        StorageError.
        """
        if order.digits is None:
            raise MakingError("make_digits")
        if len(order.digits) > LONGEST or order.count > LONGEST:
            most = max(len(order.digits), order.count)
            raise MakingError("make_long", count=most, most=LONGEST)
        models = {digit: self._models(user_id, digit) for digit in sorted({*order.digits})}
        if few := [str(digit) for digit, found in models.items() if len(found) < LEAST]:
            raise MakingError("make_own_few", digits=", ".join(few), least=LEAST)
        generator, rng = self._maker.generator, np.random.default_rng(order.seed)
        labels = np.resize(np.array(order.digits, np.int64), order.count)
        pixels = np.stack(
            [models[digit][rng.integers(len(models[digit]))] for digit in labels.tolist()]
        )
        codes = generator.encode(pixels, labels)
        spread = _SPREAD * order.spread
        varied = generator.vary(codes, order.count, rng=rng, spread=spread)
        return Made(generator.make(varied, labels), labels, generator.name)

    def _models(self, user_id: UUID, digit: int) -> npt.NDArray[np.uint8]:
        """Return what a person wrote of a digit, (N, 1, 28, 28)."""
        drawn = (
            select(HandSample.pixels)
            .where(HandSample.user_id == user_id, HandSample.digit == digit)
            .order_by(HandSample.place)
        )
        labelled = (
            select(Picture.pixels)
            .join(Labelling, Labelling.picture_id == Picture.id)
            .join(Holding, Holding.picture_id == Picture.id)
            .where(
                Labelling.user_id == user_id,
                Labelling.label == str(digit),
                Holding.user_id == user_id,
                Picture.pixels.is_not(None),
                ~Picture.made,
            )
            .order_by(Holding.created_at.desc(), Picture.id)
            .limit(_LATEST)
        )
        with self._database.reading() as session:
            rows = list(session.scalars(drawn))
            if len(rows) < LEAST:
                # A sample that was kept as well is one model, not two.
                found = session.scalars(labelled)
                rows = list(dict.fromkeys([*rows, *(row for row in found if row)]))
        pixels = [np.frombuffer(row, np.uint8) for row in rows]
        return np.array(pixels, np.uint8).reshape(-1, 1, 28, 28)

    def _misread(self, sample: HandSample) -> Misread | None:
        """Return what a sample is read as, if that is surely another digit than its own."""
        pixels = np.frombuffer(sample.pixels, np.uint8).reshape(28, 28).astype(np.float32)
        digits = self._recogniser.read_pixels(pixels / np.float32(255)).reading.digits
        surely = [one.digit for one in digits if one.confidence >= _SURELY]
        if len(surely) != 1 or surely[0] == sample.digit:
            return None
        return Misread(sample.digit, sample.place + 1, surely[0])

    def _pixels(self, picture: bytes, digit: int, place: int) -> bytes:
        """Return the digit in a box as the network's input: all of its ink is one digit."""
        with self._room.open_for(picture):
            found = normalise(picture, stages=False)
            if found.refusal is not None and found.refusal.code in ("blank", "too_small"):
                raise MakingError("make_sample_blank", digit=digit, place=place + 1)
            if len(found.digits) == 1:
                pixels = found.digits[0].pixels
            else:
                ink = find_ink(found.picture)
                pixels = frame_digit(np.where(ink.mask, ink.strength, 0))[1]
        content: bytes = np.rint(pixels * 255).astype(np.uint8).tobytes()
        return content
