"""Lanes: thread pools by kind of work, so that heavy requests delay only their own kind.

A view names its lane, or what chooses it by the query; all others run with the pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import Any, TypeVar

from flask import Flask
from werkzeug.exceptions import HTTPException

from app.services.streams import MOST_FEEDS

__all__ = ["Lane", "Lanes", "runs_in"]

_View = TypeVar("_View", bound=Callable[..., Any])
_Result = TypeVar("_Result")


_FRAMES = 2  # frames of cameras that are read at once


class Lane(Enum):
    """A kind of work with threads of its own."""

    PAGES = "pages"
    READING = "reading"
    FRAMES = "frames"
    EXPLAINING = "explaining"
    PASSWORDS = "passwords"
    EXPORTS = "exports"
    UPLOADS = "uploads"
    FEEDS = "feeds"


def runs_in(
    lane: Lane | Callable[[str], Lane], *, methods: Collection[str] = ("GET", "POST")
) -> Callable[[_View], _View]:
    """Run a view in a lane, or in the one that is chosen by the query, for these HTTP methods."""
    choose = (lambda query: lane) if isinstance(lane, Lane) else lane

    def mark(view: _View) -> _View:
        view.lanes = dict.fromkeys(methods, choose)  # type: ignore[attr-defined]
        return view

    return mark


class Lanes:
    """The threads of an application's lanes."""

    def __init__(self, app: Flask, *, threads: int) -> None:
        self._app = app
        self._urls = app.url_map.bind("localhost")
        # One core stays free for those who only draw a digit.
        spare = max(1, (os.cpu_count() or 1) - 1)
        sizes = {
            Lane.PAGES: threads,
            Lane.READING: threads,
            # Python computes on one core at a time: more would only take turns.
            Lane.FRAMES: min(threads, _FRAMES),
            Lane.EXPLAINING: 1,
            Lane.PASSWORDS: spare,
            Lane.EXPORTS: 1,
            Lane.UPLOADS: 4,
            Lane.FEEDS: MOST_FEEDS + 1,  # one to say that there are too many
        }
        self._pools = {
            lane: ThreadPoolExecutor(size, f"web-{lane.value}") for lane, size in sizes.items()
        }

    def find(self, method: str, path: str, query: str) -> Lane:
        """Return the lane of a request."""
        try:
            endpoint, _ = self._urls.match(path, method)
        except HTTPException:
            return Lane.PAGES
        view = self._app.view_functions[endpoint]
        lanes: dict[str, Callable[[str], Lane]] = getattr(view, "lanes", {})
        return lanes[method](query) if method in lanes else Lane.PAGES

    def submit(
        self, lane: Lane, work: Callable[..., _Result], /, *arguments: Any
    ) -> Future[_Result]:
        """Queue work in a lane."""
        return self._pools[lane].submit(work, *arguments)

    def close(self) -> None:
        """Start no more work, without waiting for what is in progress."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
