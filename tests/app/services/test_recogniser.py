import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import cnn
from app.services.recogniser import Recogniser, describe
from cnn.errors import ModelFileError
from cnn.layers import Dense, Flatten, Softmax
from tests.app.conftest import draw, encode


def constant_model(digit, name):
    """A tiny network that always answers the same."""
    network = cnn.Sequential(
        [Flatten(), Dense(10), Softmax()], input_shape=(1, 28, 28), metadata={"name": name}
    )
    network.layers[1].params["weight"][:] = 0
    network.layers[1].params["bias"][digit] = 9
    return network


def test_reload_swaps_the_model_and_a_damaged_file_keeps_the_old(tmp_path, seven):
    path = tmp_path / "model.dnm"
    cnn.save_model(constant_model(3, "three"), path)
    recogniser = Recogniser(path)
    assert recogniser.read(seven).reading.text == "3"
    cnn.save_model(constant_model(4, "four"), path)
    recogniser.reload()
    assert recogniser.read(seven).reading.text == "4"
    assert recogniser.read(seven).model == "four"
    path.write_bytes(b"damaged")
    with pytest.raises(ModelFileError):
        recogniser.reload()
    assert recogniser.read(seven).reading.text == "4"


def test_answers_never_mix_two_models(tmp_path, seven):
    path = tmp_path / "model.dnm"
    models = {"three": 3, "four": 4}
    cnn.save_model(constant_model(3, "three"), path)
    recogniser = Recogniser(path)
    done = threading.Event()

    def swap():
        while not done.is_set():
            for name, digit in models.items():
                cnn.save_model(constant_model(digit, name), path)
                recogniser.reload()

    swapper = threading.Thread(target=swap)
    swapper.start()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: recogniser.read(seven), range(200)))
    done.set()
    swapper.join()
    assert all(result.reading.digits[0].digit == models[result.model] for result in results)
    assert recogniser.count == 200


def test_a_model_for_something_else_is_refused(tmp_path):
    path = tmp_path / "model.dnm"
    cnn.save_model(cnn.Sequential([Dense(2), Softmax()], input_shape=(4,)), path)
    with pytest.raises(ModelFileError, match="no model for digits"):
        Recogniser(path)


def test_many_threads_get_the_answers_that_one_gets():
    pictures = [
        encode(draw([(140, 50), (140, 230)])),
        encode(draw([(60, 60), (210, 60), (110, 230)])),
        encode(draw([(60, 60), (210, 60), (60, 220), (220, 220)])),
    ] * 10
    recogniser = Recogniser()
    alone = [recogniser.read(picture).reading.digits[0].probabilities for picture in pictures]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(recogniser.read, pictures))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other.reading.digits[0].probabilities, atol=1e-6)


def test_an_unnamed_model_is_described(tmp_path):
    network = cnn.Sequential([Dense(2)], input_shape=(4,))
    assert describe(network) == {"name": "unnamed", "accuracy": None, "trained_at": None}
