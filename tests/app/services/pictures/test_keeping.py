"""Which pictures are kept, whatever entrance they come through."""

import pytest
from PIL import Image

from app.native.handlers import Handler
from app.native.protocol import Recognise
from app.services.pictures.keeping import Keeping
from app.web.services import services_of
from tests.app.pictures import draw, encode
from tests.app.stock import add_person, held
from tests.app.visitor import Visitor

TWO_DIGITS = [(60, 60), (60, 230)], [(180, 60), (180, 230)]


@pytest.fixture
def person(services):
    return add_person("ann")


def keep(services, person, picture):
    result = services.recogniser.read(picture)
    return services.keeping.keep(person, picture, result, source="draw")


def test_one_digit_is_kept(services, person, seven):
    kept = keep(services, person, seven)
    assert held(person) == {kept.id}
    found = services.gallery.find(kept.id, viewer=person)
    assert (found.digit, found.source, found.mine) == (7, "draw", True)


@pytest.mark.parametrize("strokes", [(), TWO_DIGITS])
def test_no_digit_and_several_are_not(services, person, strokes):
    assert keep(services, person, encode(draw(*strokes))) is None
    assert held(person) == set()
    assert services.images.count() == 0


def test_what_is_refused_is_not(services, person):
    assert keep(services, person, encode(Image.effect_noise((280, 280), 80))) is None
    assert services.images.count() == 0


def test_the_site_and_native_clients_ask_here(app, monkeypatch, seven):
    asked, keep = [], Keeping.keep

    def listen(self, user_id, picture, result, *, source, **label):
        asked.append(source)
        return keep(self, user_id, picture, result, source=source, **label)

    monkeypatch.setattr(Keeping, "keep", listen)
    Visitor(app).sign_up("ann").keep(seven)
    services = services_of(app)
    handler = Handler(services, address="", list_limit=100, anonymous_browsing=False)
    person = services.accounts.sign_up("bob", "correct horse", address="")
    assert handler.answer(Recognise("digit.png", seven), person).content.code == "RIPR"
    assert asked == ["upload", "native"]
