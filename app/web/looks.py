"""Looks: answers to those who watch streams again and again, made once for all of them.

Who may look is for the view to check, each time; what they see is the same for all who may.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response

from app.services.streams import Snapshot
from app.web.language import current_language
from app.web.services import get_services

__all__ = ["answer_look", "is_watching"]

_View = TypeVar("_View", bound=Callable[..., Any])


def is_watching(view: _View) -> _View:
    """Measure how long a view works for who looks, their rights and all; see `answer_look`."""

    @wraps(view)
    def measure(*arguments: Any, **named: Any) -> Any:
        begun = time.thread_time()
        answer = view(*arguments, **named)
        if isinstance(answer, Response) and answer.is_json:
            took = time.thread_time() - begun
            get_services().audience.note(took, answer.content_length or 0)
        return answer

    return cast(_View, measure)


def answer_look(
    kind: Hashable, name: str, since: int | None, make: Callable[[], Snapshot]
) -> Response:
    """Return what there is to be seen: the list of a name, when that was, and when to look again.

    `kind` says for whom it is the same, in one language. Who has seen nothing `since` gets one
    that is made for them, as of now.
    """
    services, language = get_services(), current_language().tag
    snapshot = (
        make() if since is None else services.snapshots.get((kind, name, language), since, make)
    )
    body = b'{%b"%b":[%b],"now":%d,"again_ms":%d}' % (
        snapshot.head,
        name.encode(),
        snapshot.since(since or 0),
        snapshot.now,
        services.audience.again_ms(),
    )
    return Response(body, mimetype="application/json")
