"""Runs for JSON and for pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from app.errors import CodedError
from app.sentences import say_error
from app.services.training import RunView
from app.web.language import current_language
from app.web.services import get_services

__all__ = ["describe", "describe_all"]


def describe_all(runs: Collection[RunView]) -> list[dict[str, Any]]:
    """Return runs without their logs, points within epochs and comparisons."""
    services = get_services()
    names = services.accounts.names({one.created_by for one in runs if one.created_by})
    present = services.publisher.in_service()
    return [_describe(one, names, present.get(one.settings.model)) for one in runs]


def describe(run: RunView) -> dict[str, Any]:
    """Return a run with all that is known of it."""
    return describe_all([run])[0] | {
        "batches": run.progress.batches,
        "log": [
            {"at": one["at"], "text": _say(one["code"], one["values"])} for one in run.progress.log
        ],
        "gate": run.gate,
    }


def _describe(run: RunView, names: dict[UUID, str], present: str | None) -> dict[str, Any]:
    settings, progress = run.settings, run.progress
    may_publish = (
        run.model is not None
        and run.decision != "worse"
        and run.model != present
        and run.compared_with == present
    )
    return {
        "id": str(run.id),
        "number": run.number,
        "state": run.state,
        "phase": progress.phase if run.state == "running" else None,
        "created_at": _say_time(run.created_at),
        "started_at": _say_time(run.started_at),
        "ended_at": _say_time(run.ended_at),
        "created_by": names.get(run.created_by) if run.created_by else None,
        "name": settings.model,
        **settings.facts(),
        "base": run.base,
        "compared_with": run.compared_with,
        "epoch": progress.epoch,
        "epochs": progress.epochs,
        "seconds_left": progress.seconds_left if run.state == "running" else None,
        "history": progress.history,
        "decision": run.decision,
        "model": None if run.model is None else f"{settings.model}/{run.model}",
        "in_service": run.model is not None and run.model == present,
        "may_publish": may_publish,
        "error": None if run.message is None else _say(run.message, run.values),
    }


def _say(code: str, values: dict[str, Any]) -> str:
    return say_error(CodedError(code, **values), current_language())  # type: ignore[arg-type]


def _say_time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
