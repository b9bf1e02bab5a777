"""What stands beside a digit: whether it is one to a network that sees it among the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.model import OTHER_IN_CONTEXT
from cnn.models.network import Network
from cnn.reading.results import ReadDigit, Reading
from cnn.vision.neighbourhood import Piece, frame_beside

__all__ = ["see_beside", "with_context"]

Array = npt.NDArray[Any]

# Log-odds: a network that is surer than this says no more; where it looks at what was cut from
# others, as it has never seen, it may be so sure that it is no digit.
_SUREST, _SUREST_CUT = 9.0, 4.0


def with_context(network: Network, reading: Reading) -> Reading:
    """Give the digits of a reading that stand beside others their `in_context`.

    Parameters
    ----------
    network : Network
        As `cnn.models.model.Model.context`.
    reading : Reading
        What was read.
    """
    odds = see_beside(network, reading.digits, range(len(reading.digits)))
    seen = [replace(one, in_context=odds.get(at)) for at, one in enumerate(reading.digits)]
    same = (new for new, one in zip(seen, reading.digits, strict=True) if one is reading.guess)
    return replace(reading, digits=tuple(seen), guess=next(same, reading.guess))


def see_beside(
    network: Network, digits: tuple[ReadDigit, ...], asked: range | list[int]
) -> dict[int, float]:
    """Return by their places the log-odds that some of the digits are digits.

    They lie within ±9; of one that was cut from others, from -4. Nothing is said of a digit without
    its ink, or that stands by itself: no other is in sight beside it.
    """
    pieces = {
        at: Piece(one.stages[0].image, one.box) for at, one in enumerate(digits) if one.stages
    }
    frames = {
        at: frame_beside(pieces[at], [piece for other, piece in pieces.items() if other != at])
        for at in asked
        if at in pieces
    }
    frames = {at: frame for at, frame in frames.items() if frame[1].any()}
    if not frames:
        return {}
    strange = network.predict(np.stack([*frames.values()]))[:, OTHER_IN_CONTEXT].astype(np.float64)
    odds = np.log(np.maximum(1 - strange, 1e-9)) - np.log(np.maximum(strange, 1e-9))
    least = [-_SUREST_CUT if digits[at].joined else -_SUREST for at in frames]
    return dict(zip(frames, np.clip(odds, least, _SUREST).tolist(), strict=True))
