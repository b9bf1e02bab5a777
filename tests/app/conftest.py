import shutil
from contextlib import ExitStack
from functools import cache

import pytest

from app.config import Settings
from app.services.models import shelf
from app.storage.database import Base
from app.web.services import get_services
from tests.app.applications import new_database, open_applications
from tests.app.database import writing
from tests.app.pictures import draw, encode
from tests.app.pseudo import write_language
from tests.app.visitor import Visitor


@pytest.fixture(scope="session", autouse=True)
def _one_model():
    """Load the model that ships once for all applications, which cannot change it."""
    load = shelf._load
    shipped = cache(lambda name: load(name, None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            shelf, "_load", lambda name, path: load(name, path) if path else shipped(name)
        )
        yield


@pytest.fixture
def settings(tmp_path):
    return Settings(instance_path=tmp_path / "instance")


@pytest.fixture
def open_app():
    """Make applications that are ready to serve, and close their databases afterwards."""
    with open_applications() as open_one:
        yield open_one


@pytest.fixture
def app(settings, open_app):
    return open_app(settings)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """None for SQLite in the instance folder; else a new PostgreSQL schema."""
    with new_database(request.param) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_settings(request, tmp_path_factory):
    with new_database(request.param) as url:
        yield Settings(instance_path=tmp_path_factory.mktemp("shared"), database_url=url)


@pytest.fixture(scope="session")
def shared_site(shared_settings):
    with open_applications() as open_one:
        yield open_one(shared_settings)


@pytest.fixture
def site(shared_site):
    """An empty site, on SQLite and, where there is one, on PostgreSQL."""
    yield shared_site
    with shared_site.app_context():
        with writing() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
        files = get_services().images.files
        for folder in (files.folder, files.trash.folder):
            folder.unlink() if folder.is_file() else shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make(tmp_path, open_app):
    """Make a site on a kind of database; `start` makes it ready to serve."""
    with ExitStack() as stack:

        def one(kind, name, start=True):
            url = stack.enter_context(new_database(kind))
            settings = Settings(instance_path=tmp_path / name, database_url=url)
            return open_app(settings, start=start)

        yield one


@pytest.fixture
def services(site):
    with site.app_context():
        yield get_services()


@pytest.fixture
def ann(site):
    """Somebody with an account, logged in."""
    return Visitor(site).sign_up("ann")


@pytest.fixture
def bob(site):
    """Somebody else with an account, logged in."""
    return Visitor(site).sign_up("bob")


@pytest.fixture
def seven():
    """A PNG of a seven, drawn with a thick pen, black on white."""
    return encode(draw([(60, 60), (210, 60), (110, 230)]))


@pytest.fixture
def one():
    """A PNG of a one."""
    return encode(draw([(140, 50), (140, 230)]))


@pytest.fixture(scope="session")
def translations(tmp_path_factory):
    """A folder with a translation of every message, as if into Hebrew."""
    folder = tmp_path_factory.mktemp("languages")
    write_language(folder / "he.po")
    return folder
