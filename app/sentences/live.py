"""What is wrong with streams and walls."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "frames_waiting": mark(
        "More cameras send frames than the server can read: this frame was left out."
    ),
    "redis_failing": mark(
        "The server cannot reach its memory for streams (Redis) just now. Try again later."
    ),
    "stream_ended": mark(
        "Somebody who looks after this site has disconnected this camera. What it showed is "
        "forgotten. Load the page again to connect it anew."
    ),
    "stream_viewers": mark(
        "As many people as the server can bear are watching single streams: at most %(most)s. "
        "Close one, or try again in a minute."
    ),
    "wall_closed": mark(
        "The wall was closed: nothing is shown there any more. Load this page again to go on "
        "without it."
    ),
    "wall_full": mark(
        "As many people take part in this wall as it has room for: %(most)s. Ask whoever made it."
    ),
    "wall_limit": mark("One person may have %(most)s walls. Close one before you make another."),
    "wall_title": mark("A title has 1 to %(most)s characters, in one line."),
    "wall_unknown": mark(
        "There is no wall with this code: it was mistyped, or the wall was closed. "
        "Ask whoever made it."
    ),
}
