"""What comes with `import cnn`, and what does not."""

import subprocess
import sys

import pytest

import cnn

TRAINING = ("cnn.training", "cnn.engine.training", "cnn.synthesis", "cnn.recipes")


def loaded_by(statement: str) -> set[str]:
    """Return the modules of the library that a new process has after a statement."""
    program = f"{statement}; import sys; print(*[m for m in sys.modules if m.startswith('cnn.')])"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_serving_loads_neither_training_nor_synthesis():
    loaded = loaded_by("import app")
    assert "cnn.reading.reader" in loaded
    assert not [name for name in loaded if name.startswith(TRAINING)]


@pytest.mark.parametrize("name", cnn.__all__)
def test_every_public_name_is_there_at_once(name):
    loaded_by(f"import cnn; cnn.{name}")


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'trainer'"):
        cnn.trainer  # noqa: B018
    assert set(cnn.__all__) <= set(dir(cnn))
