"""The database's schema: made from nothing, brought up to date, told apart from a newer one."""

import sqlite3

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from app import create_app
from app.config import Settings
from app.database import Base, db, migrate
from app.errors import StartError
from app.upkeep import prepare_store
from tests.app.conftest import draw, encode
from tests.app.test_wsgi import fails, free_port, start
from tests.app.visitor import Visitor


@pytest.fixture
def fresh(tmp_path, database_url, open_app):
    settings = Settings(instance_path=tmp_path / "instance", database_url=database_url)
    return open_app(settings)


def test_models_and_migrations_agree(fresh):
    with fresh.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_what_is_up_to_date_stays_as_it_is(fresh):
    ann = Visitor(fresh).sign_up("ann")
    prepare_store(fresh)
    prepare_store(fresh)
    assert ann.is_logged_in()


def test_down_and_up_again_leaves_a_site_that_works(fresh):
    with fresh.app_context():
        command.downgrade(migrate.get_config(), "base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
    prepare_store(fresh)
    ann = Visitor(fresh).sign_up("ann")
    picture = ann.keep(encode(draw([(140, 50), (140, 230)])))
    assert ann.gallery("mine=1") == [picture]


def test_an_older_database_keeps_what_is_in_it(fresh):
    with fresh.app_context():
        command.downgrade(migrate.get_config(), "0001")
    ann = Visitor(fresh)
    with fresh.app_context():
        fresh.extensions["services"].accounts.sign_up("ann", "correct horse", address="")
    prepare_store(fresh)
    assert ann.log_in("ann").status_code == 302


def test_a_newer_database_is_one_clear_sentence(fresh):
    with fresh.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match=r"not one that this version knows.*9999"):
        prepare_store(fresh)


def test_a_newer_database_is_one_clear_line_of_the_program(tmp_path):
    (tmp_path / "instance").mkdir()
    database = sqlite3.connect(tmp_path / "instance" / "digitnet.db")
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.commit()
    database.close()
    assert "not one that this version knows" in fails(start(tmp_path))


def test_a_damaged_database_is_one_clear_line(tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "digitnet.db").write_bytes(b"no database at all" * 100)
    line = fails(start(tmp_path))
    assert "damaged" in line
    assert "restore" in line


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:secret@h/d", "postgresql://u:secret@h:x/d"])
def test_a_wrong_address_of_the_database_is_one_clear_line(tmp_path, url):
    line = fails(start(tmp_path, DATABASE_URL=url))
    assert "DIGITNET_DATABASE_URL must be like postgresql://" in line
    assert "secret" not in line


def test_a_database_that_does_not_answer_is_one_clear_line(tmp_path):
    line = fails(start(tmp_path, DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/none"))
    assert "cannot be reached" in line
    assert "secret" not in line


def test_making_an_application_writes_nothing(tmp_path):
    create_app(Settings(instance_path=tmp_path / "instance"))
    assert list(tmp_path.iterdir()) == []


def test_servers_that_start_at_once_make_one_database(tmp_path, database_url):
    where = {} if database_url is None else {"DATABASE_URL": database_url}
    servers = [start(tmp_path, PORT=free_port(), NATIVE_PORT="", **where) for _ in range(4)]
    try:
        lines = [server.stdout.readline() for server in servers]
    finally:
        for server in servers:
            server.terminate()
    errors = [server.communicate(timeout=30)[1] for server in servers]
    assert all("http://" in line for line in lines), errors
