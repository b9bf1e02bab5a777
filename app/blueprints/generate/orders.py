"""Orders of made digits and other pictures, as requests send them."""

from __future__ import annotations

from typing import Any

from app.services.generating import MOST, WIDEST, MakingError, Order
from app.services.handwriting import LEAST, Samples
from app.services.picture_making import PictureOrder
from app.web.intake import take_data_url

__all__ = ["MOST_SEEDS", "STYLES", "read_order", "read_picture_order", "read_samples"]

#: The largest seed and one: what JavaScript still counts exactly.
MOST_SEEDS = 2**53
#: "any": each picture in a hand of its own; "one": all in the same; "mine": in the person's own.
STYLES = ("any", "one", "mine")

_FIELDS = frozenset({"digits", "count", "seed", "spread", "like", "to", "style", "places"})
_PICTURE_FIELDS = frozenset({"class", "count", "seed", "spread", "like"})
_COUNT = 100
_SHEET = frozenset({"samples", "keep"})
_DIGITS = frozenset("0123456789")


def read_order(content: Any) -> Order:
    """Return the order in a request's JSON. Raises MakingError, and as `take_data_url` does."""
    if not isinstance(content, dict) or not content.keys() <= _FIELDS:
        raise MakingError("make_fields", names=", ".join(sorted(_FIELDS)))
    if "to" in content and "like" not in content:
        raise MakingError("make_way")
    if content.get("style", "any") not in STYLES:
        raise MakingError("make_style", names=", ".join(STYLES))
    digits, places = _digits(content.get("digits")), _places(content.get("places"))
    if places and ("count" in content or len(digits or ()) > 1):
        raise MakingError("make_places_alone")
    usual = len(places or digits or range(_COUNT))
    return Order(
        digits=digits,
        count=_whole(content, "count", usual, 1, MOST),
        seed=_whole(content, "seed", 0, 0, MOST_SEEDS - 1),
        spread=_spread(content.get("spread", 1)),
        like=_picture(content, "like"),
        to=_picture(content, "to"),
        is_one_hand=content.get("style") == "one",
        is_own_hand=content.get("style") == "mine",
        places=places,
    )


def read_picture_order(content: Any) -> PictureOrder:
    """Return the order in a request's JSON, for a generator of other pictures than digits.

    Raises MakingError, and as `take_data_url` does.
    """
    if not isinstance(content, dict) or not content.keys() <= _PICTURE_FIELDS:
        raise MakingError("make_fields", names=", ".join(sorted(_PICTURE_FIELDS)))
    name = content.get("class")
    return PictureOrder(
        name=None if name is None else str(name),
        count=_whole(content, "count", _COUNT, 1, MOST),
        seed=_whole(content, "seed", 0, 0, MOST_SEEDS - 1),
        spread=_spread(content.get("spread", 1)),
        like=_picture(content, "like"),
    )


def read_samples(content: Any) -> tuple[Samples, bool]:
    """Return the digits that somebody wrote, in a request's JSON, and whether they are to be kept.

    Raises MakingError, and as `take_data_url` does.
    """
    if not isinstance(content, dict) or not content.keys() <= _SHEET:
        raise MakingError("make_fields", names=", ".join(sorted(_SHEET)))
    given, keep = content.get("samples"), content.get("keep", False)
    if not isinstance(given, dict) or not given or not all(map(_is_row, given.items())):
        raise MakingError("make_samples", most=LEAST)
    if not isinstance(keep, bool):
        raise MakingError("make_samples", most=LEAST)
    samples = {
        int(digit): [take_data_url(url, "samples") for url in urls] for digit, urls in given.items()
    }
    return samples, keep


def _is_row(item: tuple[str, Any]) -> bool:
    digit, urls = item
    return digit in _DIGITS and isinstance(urls, list) and 1 <= len(urls) <= LEAST


def _digits(given: Any) -> tuple[int, ...] | None:
    if given is None:
        return None
    if not isinstance(given, str) or not given or not (given.isascii() and given.isdigit()):
        raise MakingError("make_digits")
    if len(given) > MOST:
        raise MakingError("make_long", count=len(given), most=MOST)
    return tuple(map(int, given))


def _places(given: Any) -> tuple[tuple[float, float], ...] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise MakingError("make_places", most=MOST)
    places = []
    for place in given:
        if not isinstance(place, list) or len(place) != 2 or not all(map(_is_coordinate, place)):
            raise MakingError("make_places", most=MOST)
        places.append((float(place[0]), float(place[1])))
    return tuple(places)


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1 <= value <= 1


def _whole(content: dict[str, Any], name: str, usual: int, least: int, most: int) -> int:
    value = content.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MakingError("make_number", name=name, least=least, most=most)
    return value


def _spread(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= WIDEST:
        raise MakingError("make_number", name="spread", least=0, most=int(WIDEST))
    return float(value)


def _picture(content: dict[str, Any], name: str) -> bytes | None:
    return None if name not in content else take_data_url(content[name], name)
