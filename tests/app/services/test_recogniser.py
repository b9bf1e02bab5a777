import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import cnn
from app.services.models import Models
from app.services.recogniser import Recogniser
from tests.app.pictures import draw, encode
from tests.app.services.constant_model import constant_model


def test_answers_never_mix_two_models(services, tmp_path, seven):
    digits = {"digits-3": 3, "digits-4": 4}
    for name, digit in digits.items():
        cnn.save_model(constant_model(digit, name), tmp_path / "model.dnm")
        services.publisher.add(tmp_path / "model.dnm")
    services.publisher.publish("digits-3")
    # It looks for what was published at every request, not once a second.
    seconds = itertools.count(0, 10)
    shelf = Models(registry=services.registry, clock=lambda: float(next(seconds)))
    recogniser = Recogniser(shelf)
    done = threading.Event()

    def swap():
        while not done.is_set():
            for name in digits:
                services.publisher.publish(name)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda _: recogniser.read(seven), range(200)))
    finally:
        done.set()
        swapper.join()
    assert {result.model for result in results} == digits.keys()
    assert all(result.reading.digits[0].digit == digits[result.model] for result in results)
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
