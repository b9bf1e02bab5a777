import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import cnn
from app.services.models import DIGITS, Models
from app.services.recogniser import Recogniser
from tests.app.pictures import draw, encode
from tests.app.services.constant_model import constant_model


def test_answers_never_mix_two_models(tmp_path, seven):
    path = tmp_path / "model.dnm"
    models = {"three": 3, "four": 4}
    cnn.save_model(constant_model(3, "three"), path)
    shelf = Models({DIGITS: path})
    recogniser = Recogniser(shelf)
    done = threading.Event()

    def swap():
        while not done.is_set():
            for name, digit in models.items():
                cnn.save_model(constant_model(digit, name), path)
                shelf.reload()

    swapper = threading.Thread(target=swap)
    swapper.start()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: recogniser.read(seven), range(200)))
    done.set()
    swapper.join()
    assert all(result.reading.digits[0].digit == models[result.model] for result in results)
    assert recogniser.count == 200


def test_many_threads_get_the_answers_that_one_gets():
    pictures = [
        encode(draw([(140, 50), (140, 230)])),
        encode(draw([(60, 60), (210, 60), (110, 230)])),
        encode(draw([(60, 60), (210, 60), (60, 220), (220, 220)])),
    ] * 10
    recogniser = Recogniser(Models())
    alone = [recogniser.read(picture).reading.digits[0].probabilities for picture in pictures]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(recogniser.read, pictures))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other.reading.digits[0].probabilities, atol=1e-6)
