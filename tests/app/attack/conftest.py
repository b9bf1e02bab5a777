"""A site that must not mind being attacked."""

import pytest

from app import create_app
from app.config import Settings
from app.web.extensions import db
from app.web.services import services_of
from tests.app.applications import QUICK


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """One site for all attacks of a module."""
    app = create_app(Settings(instance_path=tmp_path_factory.mktemp("target")), hasher=QUICK)
    app.testing = True
    services_of(app).upkeep.prepare()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(target):
    return target.test_client()
