"""Generators beside the models in service: added, found, published, and never in their place."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import delete, update

import cnn
from app.errors import MaintenanceError, UnknownModel, WrongModel
from app.services.generating import MakingError
from app.services.models import CATS_DOGS, DIGITS, Models
from app.services.picture_making import PictureOrder
from app.services.training import TrainingError
from app.storage.models import ModelPart, ModelVersion, Publication
from cnn.errors import ModelFileError, PictureError
from cnn.models.container import kind_of
from cnn.models.generator import DIGIT_GENERATOR
from tests.app.made_pictures import save_maker
from tests.app.pictures import photograph_of
from tests.app.services.constant_model import constant_model


@pytest.fixture
def maker(services, tmp_path):
    """Add a generator of two classes, and return what makes pictures with it."""
    services.publisher.add(save_maker(tmp_path / "animals.dnm", "animals", ("cats", "dogs")))
    services.models.look_again()
    return services.picture_maker


def test_a_generator_stands_beside_the_models(services, tmp_path):
    path = save_maker(tmp_path / "a.dnm", "faces-3")
    added = services.publisher.add(path)
    assert (added.version.version, added.is_new, added.in_service) == ("faces-3", True, "faces-3")
    assert not services.publisher.add(path).is_new
    shelf = Models(registry=services.registry)
    assert shelf.names == (DIGITS, CATS_DOGS, "faces")
    assert [name for name, _ in shelf.items()] == [DIGITS, CATS_DOGS]
    assert list(shelf.generators()) == ["faces"]
    assert shelf.find("faces").version == "faces-3"
    assert kind_of(shelf.find("faces").content) == "generator"
    other = save_maker(tmp_path / "b.dnm", "faces", seed=1)
    assert services.publisher.add(other).in_service == "faces-3"
    services.publisher.publish("faces-4")
    assert Models(registry=services.registry).find("faces").version == "faces-4"
    assert services.publisher.roll_back("faces") == "faces-3"
    services.publisher.remove("faces-4")
    services.publisher.remove("faces-3")
    with pytest.raises(UnknownModel):
        Models(registry=services.registry).get_generator("faces")


def test_each_is_asked_for_what_it_does(services, tmp_path):
    services.publisher.add(save_maker(tmp_path / "a.dnm", "faces"))
    shelf = Models(registry=services.registry)
    with pytest.raises(WrongModel) as raised:
        shelf.get("faces")
    assert raised.value.code == "model_makes"
    with pytest.raises(WrongModel) as raised:
        shelf.get_generator(DIGITS)
    assert raised.value.code == "model_reads"


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        (DIGITS, ModelFileError, "makes pictures and reads no digits"),
        (CATS_DOGS, MaintenanceError, "cats-dogs reads pictures, and this file makes them"),
        ("Faces!", MaintenanceError, "A model's name has small letters"),
    ],
)
def test_no_generator_takes_the_place_of_a_model(services, tmp_path, name, error, words):
    path = save_maker(tmp_path / "a.dnm", "faces", ("cats", "dogs"))
    with pytest.raises(error, match=words):
        services.publisher.add(path, name=name)
    assert services.registry.versions() == []


def test_no_model_takes_the_place_of_a_generator(services, tmp_path):
    classes = tuple("0123456789")
    services.publisher.add(save_maker(tmp_path / "a.dnm", "tens", classes))
    cnn.save_model(constant_model(3, "tens"), tmp_path / "b.dnm")
    with pytest.raises(MaintenanceError, match="its name is digits, not tens"):
        services.publisher.add(tmp_path / "b.dnm", name="tens")
    other = save_maker(tmp_path / "c.dnm", "tens", ("one", "two"))
    with pytest.raises(MaintenanceError, match="give it another name with --name"):
        services.publisher.add(other)
    with pytest.raises(TrainingError) as raised:
        services.runs._check_classes("tens", classes)
    assert raised.value.code == "pictures_makes"


def test_a_generator_of_digits_is_not_added(services):
    with pytest.raises(ModelFileError, match="only generators of a folder's pictures are added"):
        services.publisher.add(DIGIT_GENERATOR)


def test_a_published_generator_never_reads_digits(services, tmp_path, caplog):
    """However it got there: the model that ships goes on."""
    services.publisher.add(save_maker(tmp_path / "a.dnm", "faces"))
    content = save_maker(tmp_path / "b.dnm", "digits-7").read_bytes()
    with services.database.writing() as session:
        session.execute(delete(ModelPart).where(ModelPart.number > 0))
        session.execute(update(ModelPart).values(content=content))
        session.execute(update(ModelVersion).values(name=DIGITS, version="digits-7"))
        session.execute(update(Publication).values(name=DIGITS, version="digits-7"))
    shelf = Models(registry=services.registry)
    assert shelf.get().model.name == "digits-1"
    assert "digits-7 makes pictures: it is not put in service as digits" in caplog.text


def test_pictures_at_random_of_all_classes_or_of_one(maker):
    made = maker.make("animals", PictureOrder(count=205))
    assert made.pictures.shape == (205, 3, 16, 16)
    assert (made.maker, made.classes) == ("animals-1", ("cats", "dogs"))
    assert made.labels[:4].tolist() == [0, 1, 0, 1]
    again = maker.make("animals", PictureOrder(count=205))
    assert np.array_equal(made.pictures, again.pictures)
    other = maker.make("animals", PictureOrder(count=205, seed=1))
    assert not np.array_equal(made.pictures, other.pictures)
    assert set(maker.make("animals", PictureOrder(name="dogs", count=3)).labels) == {1}


def test_pictures_like_one_begin_alike_however_many_there_are(maker):
    order = PictureOrder(name="cats", like=photograph_of("cat"), count=20)
    made = maker.make("animals", order)
    one = maker.make("animals", replace(order, count=1))
    assert np.array_equal(one.pictures[0], made.pictures[0])
    assert set(made.labels) == {0}
    still = maker.make("animals", replace(order, spread=0.0, count=2))
    assert np.array_equal(still.pictures[0], still.pictures[1])
    dog = maker.make("animals", replace(order, like=photograph_of("dog"), spread=0.0, count=1))
    assert not np.array_equal(dog.pictures[0], still.pictures[0])


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (PictureOrder(name="birds"), "make_class"),
        (PictureOrder(like=b"any"), "make_class_missing"),
    ],
)
def test_what_cannot_be_made_is_coded(maker, order, code):
    with pytest.raises(MakingError) as raised:
        maker.make("animals", order)
    assert raised.value.code == code


def test_what_is_no_picture_and_what_needs_an_encoder(services, maker, tmp_path):
    with pytest.raises(PictureError):
        maker.make("animals", PictureOrder(name="cats", like=b"no picture"))
    services.publisher.add(save_maker(tmp_path / "a.dnm", "plain", takes_like=False))
    services.models.look_again()
    assert len(maker.make("plain", PictureOrder(count=3)).pictures) == 3
    with pytest.raises(MakingError) as raised:
        maker.make("plain", PictureOrder(like=photograph_of("cat")))
    assert raised.value.code == "make_no_encoder"
