"""The log of a run: what is in it after a program was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnn.training.progress_log import ProgressLog


@pytest.mark.parametrize("half", ["", '{"event":"bat'])
def test_it_goes_on_after_the_last_whole_line(tmp_path: Path, half: str) -> None:
    path = tmp_path / "progress.jsonl"
    path.write_text('{"event":"start"}\n' + half)
    ProgressLog(path).say("end")
    assert path.read_text() == '{"event":"start"}\n{"event":"end"}\n'
