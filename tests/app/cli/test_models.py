"""flask --app wsgi model: added, listed, put in service, removed; each mistake is a sentence."""

import pytest

import cnn
from app.services.models import DIGITS, Models
from tests.app.services.constant_model import constant_model


@pytest.fixture
def model(site):
    """Run a command about models; return its exit status and what it printed."""
    runner = site.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=["model", *map(str, arguments)])
        return result.exit_code, result.output

    return run


def test_a_model_is_added_put_in_service_and_removed(model, services, tmp_path):
    cnn.save_model(constant_model(3, "Trial"), tmp_path / "a.dnm")
    path = tmp_path / "a.dnm"
    code, shown = model("add", path, "--name", "digits")
    assert (code, shown.splitlines()[0]) == (0, "Added digits-2: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.")
    assert "digits-1 stays in service" in shown
    assert f"{path} is there already, as digits-2." in model("add", path, "--name", "digits")[1]
    shown = model("list")[1].splitlines()
    assert shown[0].startswith("* digits-1: 0, 1,")
    assert shown[0].endswith("right; ships")
    assert shown[2].startswith("  digits-2: 0, 1,")
    assert model("put-in-service", "digits-2", "--reason", "try it") == (
        0,
        "digits-2 is in service as digits.\n",
    )
    assert Models(registry=services.registry).get(DIGITS).model.name == "digits-2"
    code, shown = model("remove", "digits-2")
    assert code == 1
    assert "digits-2 is in service: put another one in service before" in shown
    assert model("put-in-service", "digits-1")[0] == 0
    assert model("remove", "digits-2") == (0, "digits-2 is removed.\n")
    assert services.registry.history(DIGITS)[1].reason == "try it"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "missing.dnm"), "missing.dnm"),
        (("put-in-service", "birds-1"), "There is no model birds-1; there are"),
        (("remove", "digits-1"), "digits-1 ships with the program"),
        (("remove", ""), "There is no model ; there are"),
    ],
)
def test_each_mistake_is_a_sentence(model, arguments, words):
    code, shown = model(*arguments)
    assert code == 1
    assert words in shown
    assert "Traceback" not in shown
