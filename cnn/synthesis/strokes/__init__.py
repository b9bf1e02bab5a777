"""Handwritten digits drawn with a made pen, in the forms that the world writes.

An `Allograph` is a form of a digit, a `Hand` is a writer, and `trace_digit` writes one with the
other; `as_mnist` and `as_picture` make pixels of the trace. `write` draws writers of a `Style`
and lets them write.

Examples
--------
>>> import numpy as np
>>> from cnn.synthesis import strokes
>>> rng = np.random.default_rng(0)
>>> hand = strokes.draw_hand(strokes.find_style("central-european"), rng)
>>> hand.allographs[7].name in ("7-crossed", "7-drop-crossed")
True
>>> strokes.as_mnist(strokes.trace_digit(hand.allographs[7], hand, rng)).shape
(28, 28)
"""

from __future__ import annotations

from cnn.synthesis.strokes.allograph import Allograph, Stroke
from cnn.synthesis.strokes.forms import ALLOGRAPHS, find_allograph, forms_of
from cnn.synthesis.strokes.hand import (
    CAREFUL,
    HURRIED,
    RANGES,
    TRAINING,
    VALIDATION,
    Hand,
    Ranges,
)
from cnn.synthesis.strokes.raster import as_mnist, as_picture, rasterise, stamp
from cnn.synthesis.strokes.styles import STYLES, Style, draw_hand, find_style
from cnn.synthesis.strokes.trace import Line, Trace, trace_digit
from cnn.synthesis.strokes.writing import WrittenDigit, WrittenDigits, write, write_mnist

__all__ = [
    "ALLOGRAPHS",
    "CAREFUL",
    "HURRIED",
    "RANGES",
    "STYLES",
    "TRAINING",
    "VALIDATION",
    "Allograph",
    "Hand",
    "Line",
    "Ranges",
    "Stroke",
    "Style",
    "Trace",
    "WrittenDigit",
    "WrittenDigits",
    "as_mnist",
    "as_picture",
    "draw_hand",
    "find_allograph",
    "find_style",
    "forms_of",
    "rasterise",
    "stamp",
    "trace_digit",
    "write",
    "write_mnist",
]
