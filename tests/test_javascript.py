"""Runs the JavaScript unit tests, which Node's own test runner knows how to find."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "js"


def test_javascript_units():
    node = shutil.which("node")
    if node is None:
        message = "Node is missing: install it to run the JavaScript unit tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    installed = FOLDER / "node_modules"
    files = [str(path) for path in FOLDER.rglob("*.test.js") if installed not in path.parents]
    result = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert files
    assert result.returncode == 0, result.stdout + result.stderr
