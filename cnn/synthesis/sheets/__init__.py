"""Worksheets that are filled in and photographed, with the exact truth of every answer.

`fill_in` lets a writer write into the boxes of a printed page, with a real pen's width and slips;
`photograph` takes a picture of it, with one of the `DAMAGES` of telephones and scanners.
"""

from __future__ import annotations

from cnn.synthesis.sheets.camera import DAMAGES, Damage, photograph
from cnn.synthesis.sheets.filling import Filled, Manner, Printed, Task, fill_in

__all__ = [
    "DAMAGES",
    "Damage",
    "Filled",
    "Manner",
    "Printed",
    "Task",
    "fill_in",
    "photograph",
]
