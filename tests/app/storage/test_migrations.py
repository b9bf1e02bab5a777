"""The database's schema: made from nothing, brought up to date, told apart from a newer one."""

import sqlite3
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import DATETIME, TIMESTAMP, MetaData, Table, Uuid, inspect, text

from app import create_app
from app.config import Settings
from app.errors import StartError, StorageError
from app.services.accounts import NameTaken
from app.services.accounts.passwords import Passwords
from app.services.pictures.gallery import Filter
from app.storage.database import Base, UtcDateTime
from app.storage.models import Holding, User
from app.web.extensions import db, migrate
from app.web.services import services_of
from tests.app.database import reading, writing
from tests.app.pictures import draw, encode
from tests.app.programs import fails, free_port, start
from tests.app.stock import NOON, add_person, new_picture, second
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
    services_of(fresh).upkeep.prepare()
    services_of(fresh).upkeep.prepare()
    assert ann.is_logged_in()


def test_down_and_up_again_leaves_a_site_that_works(fresh):
    with fresh.app_context():
        command.downgrade(migrate.get_config(), "base")
        left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
    services_of(fresh).upkeep.prepare()
    ann = Visitor(fresh).sign_up("ann")
    picture = ann.keep(encode(draw([(140, 50), (140, 230)])))
    assert ann.gallery("mine=1") == [picture]


#: Names in the order of their accounts, with the keys that the program gave them until 0005.
FORMER_KEYS = {
    "paul": "paul",
    "pauI": "paui",
    "west": "west",
    "vvest": "vvest",
    "CLOUD": "cloud",
    "doud": "doud",
    "Ian": "ian",
    "lan": "lan",
    "anna": "anna",
    "a\u0332nna": "a\u0332nna",
    "modern": "rnodern",
    "B0B": "bob",
    "Ωμέγα 小林": "ωμ\ua793\u0301ya \u2f29林",
    "Straße": "strasse",
}


@pytest.fixture
def older(fresh):
    """A site whose database is as the former program left it, without people or pictures."""
    with fresh.app_context():
        command.downgrade(migrate.get_config(), "0002")
    return fresh


def insert(session, table, **values):
    """Insert a row as the former program did, and return its id."""
    former = Table(table, MetaData(), autoload_with=session.connection())
    # What it reads back from SQLite has no time zone, nor ids their type.
    types = {"id": Uuid(), "user_id": Uuid(), "picture_id": Uuid(), "labelled_by": Uuid()}
    for column in former.columns:
        column.type = types.get(column.name, column.type)
        if isinstance(column.type, DATETIME | TIMESTAMP):
            column.type = UtcDateTime()
    session.execute(former.insert().values(**values))
    return values.get("id")


def insert_person(session, name, key, *, is_admin=False, moment=NOON):
    return insert(
        session,
        "user",
        id=uuid4(),
        username=name,
        username_key=key,
        password_hash=Passwords().hash(f"password of {name}"),
        is_admin=is_admin,
        session_epoch=0,
        created_at=moment,
    )


def insert_picture(session, number, holders, **label):
    own = insert(
        session,
        "picture",
        id=uuid4(),
        sha256=f"{number:064x}",
        digit=7,
        confidence=0.9,
        model="digits-1",
        source="upload",
        created_at=second(number),
        **label,
    )
    for place, user_id in enumerate(holders):
        insert(
            session,
            "holding",
            user_id=user_id,
            picture_id=own,
            created_at=second(number + place),
            exempt=False,
        )
    return own


def test_everybody_of_an_older_database_logs_in_as_before(older):
    with older.app_context(), writing() as session:
        for number, (name, key) in enumerate(FORMER_KEYS.items()):
            insert_person(session, name, key, moment=second(number))
    services_of(older).upkeep.prepare()
    for name in FORMER_KEYS:
        visitor = Visitor(older)
        assert visitor.log_in(name, f"password of {name}").status_code == 302, name
        assert f"<bdi>{name}</bdi>" in visitor.get("/account").text
        assert visitor.post("/account/delete", password=f"password of {name}").status_code == 302
    assert Visitor(older).log_in("PAUL", "password of paul").status_code == 400


def test_names_of_an_older_database_are_typed_in_any_case_and_keep_others_away(older):
    with older.app_context(), writing() as session:
        for number, (name, key) in enumerate(FORMER_KEYS.items()):
            insert_person(session, name, key, moment=second(number))
    services_of(older).upkeep.prepare()
    for typed, name in (("PAUL", "paul"), ("PAUI", "pauI"), ("VVEST", "vvest"), ("ian", "Ian")):
        assert Visitor(older).log_in(typed, f"password of {name}").status_code == 302
    with older.app_context():
        accounts = older.extensions["services"].accounts
        for name in ("pau1", "WEST", "d0ud", "IAN", "modem", "аnna", "B0b", "STRASSE"):
            with pytest.raises(NameTaken):
                accounts.sign_up(name, "password of mine", address="")


def test_labels_of_an_older_database_stay_and_are_their_givers(older):
    with older.app_context(), writing() as session:
        ann, bob = (insert_person(session, name, name) for name in ("ann", "bob"))
        boss = insert_person(session, "boss", "boss", is_admin=True)

        def labelled(number, holders, label, by):
            given = {"label": label, "labelled_by": by, "labelled_at": second(1000 + number)}
            return insert_picture(session, number, holders, **given)

        by_owner = labelled(10, [ann, bob], "1", ann)
        by_second = labelled(20, [ann, bob], "2", bob)
        by_boss = labelled(30, [ann], "3", boss)
        by_nobody = labelled(40, [ann], "none", None)
        plain = insert_picture(session, 50, [ann])
    with older.app_context():  # not the whole start: these pictures have no files
        command.upgrade(migrate.get_config(), "head")
    with older.app_context():
        images, gallery = (getattr(older.extensions["services"], n) for n in ("images", "gallery"))

        def shown(picture):
            return gallery.find(picture, viewer=ann).shown

        assert [shown(p) for p in (by_owner, by_second, by_boss, by_nobody, plain)] == [
            "1",
            "2",
            "3",
            "none",
            "7",
        ]
        assert gallery.find(by_owner, viewer=ann).own_label == "1"
        assert gallery.find(by_second, viewer=ann).own_label is None
        assert gallery.find(by_second, viewer=bob).own_label == "2"
        for picture in (by_owner, by_second, by_boss, by_nobody):
            images.label(picture, "5", by=ann)
        # The owner's own and everybody's but the administrator's give way to the owner.
        assert [shown(p) for p in (by_owner, by_second, by_boss, by_nobody)] == ["5", "5", "3", "5"]


def test_refused_pictures_come_through_a_downgrade_with_all_that_refers_to_them(fresh):
    services = services_of(fresh)
    with fresh.app_context():
        person = add_person()
        for number, label in ((1, "4"), (2, "none"), (3, None)):
            new = new_picture(number, digit=None, confidence=None)
            services.images.keep_labelled(person, new, label)
        services.images.keep(person, new_picture(7))

        def facts():
            shown = services.gallery.each(services.gallery.ids(Filter(holder=person)))
            return [(view.digit, view.confidence, view.label, view.shown) for view in shown]

        before = facts()
        assert before == [
            (7, 0.9, None, "7"),
            (None, None, None, "none"),
            (None, None, "none", "none"),
            (None, None, "4", "4"),
        ]
        command.downgrade(migrate.get_config(), "0007")
        with reading() as session:
            former = text("SELECT digit, confidence, shown FROM picture ORDER BY created_at")
            assert session.execute(former).all() == [
                (4, 0, "4"),
                (0, 0, "none"),
                (0, 0, "0"),
                (7, 0.9, "7"),
            ]
            assert session.scalar(text("SELECT COUNT(*) FROM labelling")) == 2
            assert session.scalar(text("SELECT COUNT(*) FROM holding")) == 4
        command.upgrade(migrate.get_config(), "head")
        assert facts() == before


def test_a_choice_of_what_is_kept_that_is_none_cannot_be_stored(fresh):
    with fresh.app_context():
        person = add_person()
        with pytest.raises(StorageError), writing() as session:
            session.get_one(User, person).keeping = "nothing"


def test_after_a_migration_foreign_keys_hold(fresh):
    lost = Holding(user_id=uuid4(), picture_id=uuid4(), exempt=False)
    with fresh.app_context(), pytest.raises(StorageError, match="row gone"), writing() as session:
        session.add(lost)


def test_a_newer_database_is_one_clear_sentence(fresh):
    with fresh.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match=r"not one that this version knows.*9999"):
        services_of(fresh).upkeep.prepare()


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
    errors = [server.communicate(timeout=60)[1] for server in servers]
    assert all("http://" in line for line in lines), errors
