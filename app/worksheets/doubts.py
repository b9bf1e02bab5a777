"""Why a person must look at an answer."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["Doubt"]

#: What speaks against an answer's reading. Of its ink: something is written beside the boxes, lies
#: across two, reaches out of one or of all that is seen, or leaves one on both sides. Of its
#: shapes: a box left free in the middle, two digits in the box of one, a dot, or something left
#: out. Of its digits: the network is not sure, or the rejector takes one for none.
Doubt: TypeAlias = Literal[
    "beside", "across", "outside", "cut off", "struck", "gap", "two", "dot", "left out", "unsure",
    "unlike",
]  # fmt: skip
