"""Services do their work in any thread, without an application's context."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import has_app_context

from app.services.maintenance.check import Check
from app.services.pictures.gallery import Filter
from app.web.services import services_of
from tests.app.stock import new_picture


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as threads:
        yield threads


def test_people_and_pictures(site, pool):
    services = services_of(site)

    def work(name):
        assert not has_app_context()
        person = services.accounts.sign_up(name, "correct horse", address="here")
        kept = services.images.keep(person.id, new_picture(ord(name[0])))
        services.images.label(kept, "3", by=person.id)
        found = services.gallery.find(kept, viewer=person.id)
        pieces = services.exporter.zip(Filter("3", person.id))
        return found.label, len(b"".join(pieces)) > 100

    assert list(pool.map(work, ["ann", "bob"])) == [("3", True), ("3", True)]


def test_the_store_is_prepared_and_checked(site, pool):
    services = services_of(site)

    def work():
        assert not has_app_context()
        services.upkeep.prepare()
        return Check(services.database, services.images.files, services.identity).run()

    assert pool.submit(work).result().findings == ()
