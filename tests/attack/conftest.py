"""What the tests of the program's parts use, and a site that must not mind being attacked."""

import pytest

from app import create_app
from app.config import Settings
from app.services.maintenance.upkeep import prepare_store
from app.storage.database import db
from tests.app.conftest import *  # noqa: F403
from tests.app.native.conftest import (  # noqa: F401
    port,
    quick_keys,
    rsa_key,
    serve,
)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """One site for all attacks of a module."""
    app = create_app(Settings(instance_path=tmp_path_factory.mktemp("target")))
    app.testing = True
    prepare_store(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(target):
    return target.test_client()
