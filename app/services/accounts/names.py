"""User names: which are allowed."""

from __future__ import annotations

import unicodedata

from app.errors import AccountError, AccountField, ErrorCode
from app.storage.name_forms import LONGEST_FORM, name_key, name_shapes

__all__ = ["NAME_LENGTHS", "check_name"]

#: How many characters a name must and may have.
NAME_LENGTHS = (1, 64)


def check_name(name: str) -> None:
    """Raise AccountError if a name cannot be taken."""
    least, most = NAME_LENGTHS
    if not least <= len(name) <= most:
        raise _refusal("name_length", most=most)
    if name != name.strip():
        raise _refusal("name_spaces")
    # Control characters, surrogates, unassigned: nobody could see or type them.
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for char in name):
        raise _refusal("name_unprintable")
    if not all(1 <= len(form) <= LONGEST_FORM for form in (name_key(name), *name_shapes(name))):
        raise _refusal("name_invisible")


def _refusal(code: ErrorCode, **values: int) -> AccountError:
    return AccountError(code, field=AccountField.NAME, **values)
