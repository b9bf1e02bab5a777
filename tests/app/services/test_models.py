"""The models in service: always those that ship, and in their place what was published."""

import pytest
from sqlalchemy import create_engine, update

import cnn
from app.errors import MaintenanceError, UnknownModel
from app.services.models import CATS_DOGS, DIGITS, Models, Registry, describe
from app.services.recogniser import Recogniser
from app.storage.database import Database
from app.storage.models import ModelPart
from cnn.errors import ModelFileError
from cnn.layers import Conv2D, Dense, Flatten, ReLU, Softmax
from cnn.models.container import write_container
from cnn.models.model import Model
from cnn.models.model_file import CATS_DOGS_MODEL
from tests.app.clock import Seconds
from tests.app.services.constant_model import constant_model


def saved(model, path):
    cnn.save_model(model, path)
    return path


def birds(name="birds"):
    network = cnn.Sequential([Conv2D(2, 3), Flatten(), Dense(3), Softmax()], input_shape=(3, 8, 8))
    return Model(network, classes=("tit", "jay", "owl"), metadata={"name": name, "accuracy": 0.75})


def test_those_that_ship_stand_there():
    shelf = Models()
    assert shelf.names == (DIGITS, CATS_DOGS)
    assert shelf.get(CATS_DOGS).model.classes == ("cats", "dogs")
    shelved = shelf.get(DIGITS)
    assert shelved.model.name == shelved.neighbours.model_name == "digits-1"
    assert shelf.get(CATS_DOGS).content == CATS_DOGS_MODEL.read_bytes()


def test_models_stand_side_by_side(tmp_path, seven):
    path = saved(constant_model(3, "three"), tmp_path / "three.dnm")
    shelf = Models({DIGITS: None, "trial": path})
    recogniser = Recogniser(shelf)
    assert recogniser.read(seven).reading.text == "7"
    assert recogniser.read(seven, model="trial").reading.text == "3"
    assert shelf.get("trial").neighbours is None


def test_a_name_that_nothing_stands_under_is_named(seven):
    shelf = Models()
    with pytest.raises(UnknownModel, match="no model 'cats' in service"):
        Recogniser(shelf).read(seven, model="cats")


def test_a_model_for_something_else_does_not_read_digits(tmp_path):
    network = cnn.Sequential([Dense(2), Softmax()], input_shape=(4,))
    path = saved(network, tmp_path / "model.dnm")
    with pytest.raises(ModelFileError, match="no model for digits"):
        Models({DIGITS: path})


def test_a_model_whose_answers_are_no_probabilities_is_not_served(tmp_path):
    path = tmp_path / "model.dnm"
    network = cnn.Sequential([Flatten(), Dense(10), ReLU()], input_shape=(1, 28, 28))
    layers = [[type(layer).__name__, layer.config()] for layer in network.layers]
    contents = {
        "network": {"input_shape": [1, 28, 28], "layers": layers},
        "rejector": None,
        "classes": list("0123456789"),
        "normalisation": "digits",
        "metadata": {},
    }
    arrays = {f"network/{name}": array for name, array in network.state_dict().items()}
    write_container(path, kind="model", contents=contents, arrays=arrays)
    with pytest.raises(ModelFileError, match="ends in Softmax, or in one Sigmoid"):
        Models({DIGITS: path})


def test_an_unnamed_model_is_described():
    network = cnn.Sequential([Dense(2), Softmax()], input_shape=(4,))
    expected = {"name": "unnamed", "accuracy": None, "trained_at": None}
    assert describe(Model(network)) == expected


@pytest.fixture
def publisher(services):
    return services.publisher


def test_what_is_published_is_served_within_a_second_in_every_process(
    services, publisher, tmp_path, seven
):
    clock = Seconds()
    other = Models(registry=services.registry, clock=clock)
    recogniser = Recogniser(other)
    assert recogniser.read(seven).model == "digits-1"
    added = publisher.add(saved(constant_model(3, "digits-2"), tmp_path / "a.dnm"))
    assert (added.version.version, added.is_new, added.in_service) == ("digits-2", True, "digits-1")
    assert publisher.publish("digits-2", reason="a trial") == DIGITS
    assert recogniser.read(seven).model == "digits-1"  # it has just looked
    clock.wait(1.1)
    assert recogniser.read(seven).reading.text == "3"
    assert recogniser.read(seven).model == "digits-2"
    publisher.publish("digits-1", reason="back")
    clock.wait(1.1)
    assert recogniser.read(seven).reading.text == "7"
    assert other.get().neighbours is not None
    history = services.registry.history(DIGITS)
    assert [(one.version, one.reason) for one in history] == [
        ("digits-1", "back"),
        ("digits-2", "a trial"),
    ]


def test_the_first_version_of_a_name_goes_in_service(services, publisher, tmp_path):
    added = publisher.add(saved(birds("Garden birds"), tmp_path / "a.dnm"))
    assert added.in_service == added.version.version == "garden-birds-1"
    shelf = Models(registry=services.registry)
    assert shelf.names == (DIGITS, CATS_DOGS, "garden-birds")
    model = shelf.get("garden-birds").model
    assert (model.name, model.classes) == ("garden-birds-1", ("tit", "jay", "owl"))
    again = publisher.add(saved(birds("Garden birds"), tmp_path / "b.dnm"))
    assert (again.is_new, again.version) == (False, added.version)


def test_versions_are_counted_on_and_never_used_twice(services, publisher, tmp_path):
    def add(name, seed):
        model = birds(name)
        model.network.layers[2].params["bias"][0] = seed
        return publisher.add(saved(model, tmp_path / "a.dnm")).version.version

    assert [add("birds", 1), add("birds-7", 2), add("birds-7", 3)] == [
        "birds-1",
        "birds-7",
        "birds-8",
    ]
    publisher.publish("birds-8")
    publisher.publish("birds-1")
    publisher.remove("birds-8")
    assert add("birds", 4) == "birds-9"
    assert [one.version for one in services.registry.versions()] == [
        "birds-1",
        "birds-7",
        "birds-9",
    ]


def test_what_is_in_service_is_not_removed_unless_it_is_the_last(services, publisher, tmp_path):
    publisher.add(saved(birds(), tmp_path / "a.dnm"))
    other = birds()
    other.network.layers[2].params["bias"][0] = 1
    publisher.add(saved(other, tmp_path / "b.dnm"))
    with pytest.raises(MaintenanceError, match="birds-1 is in service"):
        publisher.remove("birds-1")
    publisher.remove("birds-2")
    publisher.remove("birds-1")
    assert Models(registry=services.registry).names == (DIGITS, CATS_DOGS)
    assert services.registry.content("birds", "birds-1") is None
    for version, words in (("digits-1", "ships"), ("birds-1", "There is no model birds-1")):
        with pytest.raises(MaintenanceError, match=words):
            publisher.remove(version)
    with pytest.raises(MaintenanceError, match=r"there are cats-dogs-1, digits-1\."):
        publisher.publish("owls-1")


@pytest.mark.parametrize(
    ("model", "name", "words"),
    [
        (birds("???"), None, "give it one with --name"),
        (birds(), "Birds of prey", "give it one with --name"),
        (birds(), "a" * 41, "at most 40"),
        (birds(), "cats-dogs", "tells cats, dogs apart"),
        (birds(), "digits", "no model for digits"),
        (constant_model(3, "three"), None, "its name is digits, not three"),
        (cnn.Sequential([Dense(2), Softmax()], input_shape=(4,)), "four", "reads no digits"),
    ],
)
def test_what_cannot_be_served_is_not_added(services, publisher, tmp_path, model, name, words):
    path = saved(model, tmp_path / "a.dnm")
    with pytest.raises((MaintenanceError, ModelFileError), match=words):
        publisher.add(path, name=name)
    assert services.registry.versions() == []


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be"), (b"", "no model"), (b"PK\3\4", "no model")]
)
def test_a_file_that_is_no_model_is_named(publisher, tmp_path, content, words):
    path = tmp_path / "a.dnm"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"a\.dnm"):
        publisher.add(path)


def test_a_published_model_that_is_damaged_leaves_what_was_there(
    services, publisher, tmp_path, seven, caplog
):
    publisher.add(saved(constant_model(3, "digits-2"), tmp_path / "a.dnm"))
    publisher.publish("digits-2")
    with services.database.writing() as session:
        session.execute(update(ModelPart).values(content=b"damaged"))
    shelf = Models(registry=services.registry)
    assert Recogniser(shelf).read(seven).reading.text == "7"
    assert "digits-2 cannot be put in service" in caplog.text
    with pytest.raises(ModelFileError):
        publisher.publish("digits-2")


def test_a_database_that_is_away_leaves_what_was_there(services, publisher, tmp_path, seven):
    clock = Seconds()
    shelf = Models(registry=services.registry, clock=clock)
    publisher.add(saved(constant_model(3, "digits-2"), tmp_path / "a.dnm"))
    publisher.publish("digits-2")
    assert Recogniser(shelf).read(seven).reading.text == "3"

    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    shelf._registry = Registry(Database(nowhere))
    clock.wait(5)
    assert Recogniser(shelf).read(seven).reading.text == "3"
