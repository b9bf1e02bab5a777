"""What programs are told of an upload, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.errors import CodedError
from app.sentences import say_error
from app.services.collecting import UploadView
from app.web.language import current_language

__all__ = ["LeftOutFor", "describe_preview", "describe_upload", "explain_failure", "group_left_out"]


@dataclass(frozen=True)
class LeftOutFor:
    """The files that are left out for one reason: how many, and the names of the first ones."""

    reason: str
    count: int
    names: list[str]


def describe_upload(upload: UploadView) -> dict[str, Any]:
    """Return an upload for JSON."""
    return {
        "state": upload.state,
        "done": upload.done,
        "total": upload.total,
        "stored": upload.stored,
        "known": upload.known,
        "left_out": [_explain(one) for one in upload.left_out],
        "left_out_count": sum(upload.reasons.values()),
        "preview": describe_preview(upload),
        "error": explain_failure(upload),
    }


def describe_preview(upload: UploadView) -> dict[str, Any] | None:
    """Return what a check found, for JSON."""
    found = upload.preview
    if found is None:
        return None
    classes = {
        name: {"new": one["new"], "known": one["known"]} for name, one in found["classes"].items()
    }
    counts = {name: found[name] for name in ("new", "known", "differing")}
    left_out = [_explain(one) for one in found["left_out"]]
    return {"classes": classes, **counts, "left_out": left_out}


def group_left_out(upload: UploadView) -> list[LeftOutFor]:
    """Return what is left out by its reasons, the most frequent one first."""
    groups: dict[str, LeftOutFor] = {}
    for one in upload.left_out:
        code = one["code"]
        count = upload.reasons.get(code, 0)
        group = groups.setdefault(code, LeftOutFor(_explain(one)["reason"], count, []))
        group.names.append(one["name"])
    return sorted(groups.values(), key=lambda group: -group.count)


def explain_failure(upload: UploadView) -> str | None:
    """Return why an upload failed, as a sentence; None if it did not."""
    if upload.message is None:
        return None
    return say_error(CodedError(upload.message, **upload.values), current_language())  # type: ignore[arg-type]


def _explain(left_out: dict[str, Any]) -> dict[str, str]:
    error = CodedError(left_out["code"], **left_out["values"])
    return {"name": left_out["name"], "reason": say_error(error, current_language())}
