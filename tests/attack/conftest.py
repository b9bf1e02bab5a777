"""A site that is attacked again and again, and must not mind."""

import pytest

from app import create_app
from app.config import Settings
from app.database import db
from app.upkeep import prepare_store
from tests.app.conftest import seven

__all__ = ["client", "seven", "target"]


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    app = create_app(Settings(instance_path=tmp_path_factory.mktemp("target")))
    app.testing = True
    prepare_store(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(target):
    return target.test_client()
