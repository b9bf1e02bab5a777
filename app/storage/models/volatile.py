"""Tables that hold the current state of processes, and are not backed up."""

from __future__ import annotations

__all__ = ["VOLATILE"]

#: The arguments of such a table.
VOLATILE = {"info": {"volatile": True}}
