"""The check of database and pictures, and what --repair makes of its findings."""

import json
import os
import sqlite3
import zipfile
from uuid import UUID

import pytest
from sqlalchemy import insert, text, update

from app import create_app
from app.config import Settings
from app.errors import StartError
from app.storage.models import Holding, Picture
from app.web.extensions import db
from app.web.services import get_services, services_of
from tests.app.database import writing
from tests.app.sites import everything
from tests.app.stock import add_person, assert_in_step, new_picture, rows, second

STRAY = UUID("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def own(tmp_path, database_url, open_app):
    return open_app(Settings(instance_path=tmp_path / "instance", database_url=database_url))


@pytest.fixture
def services(own):
    with own.app_context():
        yield get_services()


@pytest.fixture
def store(services):
    return services.images


@pytest.fixture
def ids(store, services):
    """Eight pictures; the first is labelled."""
    person = add_person("ann")
    kept = [store.keep(person, new_picture(n)) for n in range(8)]
    store.label(kept[0], "5", by=person)
    return kept


@pytest.fixture
def check(own):
    def run(*options):
        answer = own.test_cli_runner().invoke(args=["check", *options])
        assert answer.exception is None or isinstance(answer.exception, SystemExit)
        return answer.exit_code, answer.output

    return run


def stray(store, content=b"stray", picture_id=STRAY):
    path = store.files.path(picture_id)
    path.write_bytes(content)
    os.utime(path, (0, 0))
    return path


def test_where_nothing_is_wrong_it_says_so(check, ids):
    code, said = check()
    assert code == 0
    assert "8 pictures in the database, 8 files" in said
    assert "Nothing is wrong" in said


def spoil(store, ids):
    store.files.path(ids[0]).unlink()
    store.files.path(ids[1]).unlink()
    store.files.path(ids[2]).write_bytes(b"")
    store.files.path(ids[3]).unlink()
    store.files.path(ids[3]).mkdir()
    stray(store)
    with writing() as session:
        session.execute(update(Picture).where(Picture.id == ids[4]).values(confidence=7.5))
        session.execute(update(Picture).where(Picture.id == ids[5]).values(pixels=b"12"))


def test_everything_is_told_and_nothing_changed(check, store, ids, tmp_path):
    spoil(store, ids)
    before = everything(tmp_path)
    code, said = check()
    assert everything(tmp_path) == before
    assert code == 1
    for line in (
        f"picture {ids[0]}: its file is missing; it is labelled",
        f"picture {ids[1]}: its file is missing",
        f"picture {ids[2]}: its file is damaged",
        f"picture {ids[3]}: its file is damaged",
        f"picture {ids[4]}: its confidence is 7.5",
        f"picture {ids[5]}: what the network saw has 2 bytes",
        f"file {STRAY}.png: no row",
        "8 pictures in the database, 7 files.",
        "1 file without a row\n",
        "2 pictures without a file\n",
        f"copy pictures/<id>.png out of it into {store.files.folder}.",
    ):
        assert line in said


def test_repair_mends_and_names_each_step(check, store, ids):
    spoil(store, ids)
    code, said = check("--repair", "--many")
    assert code == 1  # what only a backup has right is still wrong
    for line in (
        f"picture {ids[0]}: kept without its file, as it is labelled",
        f"picture {ids[1]}: removed from the database",
        f"file {ids[2]}.png: damaged, moved to the trash",
        f"picture {ids[2]}: removed from the database",
        f"file {STRAY}.png: moved to the trash",
        f"picture {ids[5]}: what the network saw has 2 bytes instead of 784: left as it is",
    ):
        assert line in said
    assert rows() == {ids[0], *ids[4:]}
    assert store.files.listed().keys() == set(ids[4:])
    code, said = check()
    assert "1 picture without a file\n" in said
    assert "2 rows that cannot be right" in said


def test_repair_removes_no_large_share_unless_told(check, store, ids):
    for picture_id in ids[:3]:
        store.files.path(picture_id).unlink()
    code, said = check("--repair")
    assert code == 1
    assert "3 of 8 pictures without a good file: left" in said
    assert rows() == set(ids)


def test_a_lost_file_is_made_again_of_an_orphan_or_the_trash(check, store, ids):
    store.files.path(ids[0]).rename(store.files.path(STRAY))
    os.utime(store.files.path(STRAY), (0, 0))
    store.files.set_aside(ids[1])
    store.files.path(ids[1]).write_bytes(b"damaged")
    code, said = check("--repair")
    assert code == 0, said
    assert f"picture {ids[0]}: its file is made again of" in said
    for number in (0, 1):
        assert store.files.path(ids[number]).read_bytes() == new_picture(number).png
    assert_in_step(store)


def test_a_lost_file_is_taken_from_a_backup_as_the_advice_says(check, store, ids, own, tmp_path):
    backup = str(tmp_path / "site.zip")
    assert own.test_cli_runner().invoke(args=["backup", backup]).exit_code == 0
    for picture_id in ids[:2]:
        store.files.path(picture_id).unlink()
    assert "A backup may still have the files that are lost" in check()[1]
    code, said = check("--repair")
    steps = said.partition("pictures without a file")[2].partition("Checking again")[0]
    assert "A backup" in steps.partition(f"picture {ids[1]}: removed")[0]
    assert "once no label is left, a repair removes it" in steps
    with zipfile.ZipFile(backup) as archive:
        store.files.path(ids[0]).write_bytes(archive.read(f"pictures/{ids[0]}.png"))
    code, said = check()
    assert code == 0, said
    assert "backup" not in said


def test_a_young_file_without_a_row_is_no_fault(check, store, ids):
    stray(store)
    os.utime(store.files.path(STRAY))
    assert check()[0] == 0


def test_rows_that_point_to_nothing(check, store, ids, own):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL does not let them arise")
    with db.engine.connect() as connection:
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(text("BEGIN"))
        connection.execute(insert(Holding).values(user_id=STRAY, picture_id=ids[0], exempt=False))
        connection.execute(update(Picture).where(Picture.id == ids[0]).values(labelled_by=STRAY))
        connection.commit()
        connection.invalidate()
    code, said = check()
    assert code == 1
    assert "table holding: 1 row whose user_id names nothing" in said
    assert check("--repair")[0] == 0
    assert rows() == set(ids)


@pytest.fixture
def by_hand(own):
    """Change SQLite's rows as somebody would who has only sqlite3."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no such values")

    def run(statement, *values):
        with sqlite3.connect(str(db.engine.url.database)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            assert connection.execute(statement, values).rowcount == 1
        connection.close()

    return run


#: A column, what is written into it, and how it is told.
UNREADABLE = [
    ("id", "zz", "picture zz: its id is 'zz'"),
    ("created_at", "garbage", "its created_at is 'garbage'"),
    ("probabilities", "{bad", "its probabilities is '{bad'"),
    ("probabilities", "[" * 5000, "its probabilities is '[[["),
    ("confidence", "abc", "its confidence is 'abc'"),
    ("confidence", float("inf"), "its confidence is inf"),
    ("digit", 77777, "its digit is 77777"),
    ("digit", None, "a rule of its table does not allow it"),
    ("source", "nowhere", "a rule of its table does not allow it"),
    ("model", b"\xff\x00", "its model is"),
    ("model", "m" * 65, "its model is"),
    ("label", b"7", "its label is b'7'"),
]


@pytest.mark.parametrize(("column", "value", "told"), UNREADABLE)
def test_a_row_that_cannot_be_read_is_told_and_set_aside(
    own, check, store, ids, by_hand, tmp_path, caplog, column, value, told
):
    for table in ("holding", "review"):
        by_hand(f"DELETE FROM {table} WHERE picture_id = ?", ids[3].hex)
    by_hand(f"UPDATE picture SET {column} = ? WHERE id = ?", value, ids[3].hex)
    before = everything(tmp_path)
    code, said = check()
    assert code == 1
    assert told in said
    assert "1 row that cannot be read" in said
    assert everything(tmp_path) == before
    services_of(own).upkeep.prepare()
    assert ("cannot be read" in caplog.text) == (column == "id")
    assert len(store.files.listed()) == 8
    code, said = check("--repair")
    assert "moved to" in said
    assert rows() == {*ids[:3], *ids[4:]}
    [written] = (tmp_path / "instance" / "trash").glob("*/rows.jsonl")
    # Where its id can be read, it has a review, which goes with it.
    *reviews, kept = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    assert kept["table"] == "picture"
    assert [one["table"] for one in reviews] == ["review"] * (column != "id")
    if isinstance(value, str):
        assert kept["row"][column] == value
    for picture_id in store.files.listed().keys() - rows():
        os.utime(store.files.path(picture_id), (0, 0))
    check("--repair")
    assert check()[0] == 0
    assert_in_step(store)


def test_what_needs_a_row_goes_with_it_and_lies_beside_it(check, store, ids, by_hand, tmp_path):
    by_hand("UPDATE user SET created_at = 'garbage'")
    code, said = check()
    assert code == 1
    assert "its created_at is 'garbage'" in said
    check("--repair")
    assert rows() == set(ids)
    [written] = (tmp_path / "instance" / "trash").glob("*/rows.jsonl")
    tables = [json.loads(line)["table"] for line in written.read_text("utf-8").splitlines()]
    assert tables == ["holding"] * 8 + ["user"]
    assert check()[0] == 0


def test_a_text_that_is_none_is_told(check, ids, by_hand):
    by_hand("UPDATE user SET username = CAST(x'ff' AS TEXT)")
    code, said = check()
    assert code == 1
    assert "its username is" in said
    assert check("--repair")[0] == 0


def test_an_unreadable_name_of_the_database_is_given_again(own, check, ids, by_hand):
    by_hand("UPDATE installation SET id = 'zz'")
    assert "installation 1: its id is 'zz'" in check()[1]
    services_of(own).upkeep.prepare()
    assert check()[0] == 0


def test_who_is_gone_gives_way_to_those_who_are_there(check, services, store, ids, by_hand):
    bob = add_person("bob")
    store.keep(bob, new_picture(0, created_at=second(100)))
    store.label(ids[0], "6", by=bob)
    by_hand("DELETE FROM user WHERE username = 'ann'")
    assert services.gallery.find(ids[0], viewer=bob).label == "5"
    check("--repair")
    assert services.gallery.find(ids[0], viewer=bob).label == "6"
    assert check()[0] == 0


def test_an_older_database_with_such_a_row_is_not_brought_up_to_date(own, check, ids, by_hand):
    from alembic import command

    from app.web.extensions import migrate

    command.downgrade(migrate.get_config(), "0003")
    by_hand("UPDATE picture SET labelled_at = 'garbage' WHERE label IS NOT NULL")
    with pytest.raises(StartError, match="flask --app wsgi check"):
        services_of(own).upkeep.prepare()
    code, said = check()
    assert code == 1
    assert f"picture {ids[0]}: its labelled_at is 'garbage'" in said


def test_swapped_and_renamed_files_come_back(check, store, ids):
    paths = [store.files.path(picture_id) for picture_id in ids]
    swapped = paths[0].read_bytes(), paths[1].read_bytes()
    paths[1].write_bytes(swapped[0])
    paths[0].write_bytes(swapped[1])
    copy = paths[2].rename(store.files.folder / f"copy of {paths[2].name}")
    paths[3].rename(paths[4])  # of 4 nothing is left
    stranger = store.files.folder / "holiday.png"
    stranger.write_bytes(b"not ours")
    code, said = check()
    assert code == 1
    for path in (copy, stranger):
        assert f"file {path.name}: no picture" in said
    code, said = check("--repair")
    assert code == 0, said
    for number in (0, 1, 2, 3):
        assert paths[number].read_bytes() == new_picture(number).png
    assert rows() == set(ids) - {ids[4]}
    assert stranger.read_bytes() == b"not ours"
    assert not copy.exists()


def test_a_damaged_database_is_told(tmp_path, open_app, capsys):
    app = open_app(Settings(instance_path=tmp_path / "instance"))
    with app.app_context():
        db.engine.dispose()
    path = tmp_path / "instance" / "digitnet.db"
    content = bytearray(path.read_bytes())
    content[4096:12288] = os.urandom(8192)
    path.write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 1
    assert "damaged" in answer.output


def test_a_check_makes_no_database(tmp_path):
    app = create_app(Settings(instance_path=tmp_path / "instance"))
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 1
    assert "There is no database" in answer.output
    assert list(tmp_path.iterdir()) == []


def test_a_check_finishes_nothing_that_a_killed_program_left(tmp_path, open_app):
    """The write-ahead log is read where it lies."""
    app = open_app(Settings(instance_path=tmp_path / "instance"))
    folder = tmp_path / "killed"
    with app.app_context():
        add_person("ann")
        folder.mkdir()
        for name in ("digitnet.db", "digitnet.db-wal"):
            (folder / name).write_bytes((tmp_path / "instance" / name).read_bytes())
        (folder / "saved_images").mkdir()
        note = (tmp_path / "instance/saved_images/identity.txt").read_bytes()
        (folder / "saved_images/identity.txt").write_bytes(note)
    before = everything(folder)
    other = create_app(Settings(instance_path=folder))
    answer = other.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 0, answer.output
    assert everything(folder) == before
    seen = sqlite3.connect(folder / "digitnet.db")
    assert seen.execute("SELECT username FROM user").fetchall() == [("ann",)]
    seen.close()


def test_an_older_database_is_checked_as_it_is(own, check, store, ids):
    from alembic import command

    from app.web.extensions import migrate

    command.downgrade(migrate.get_config(), "0002")
    code, said = check()
    assert code == 0, said
    assert "has revision 0002" in said
    code, said = check("--repair")
    assert code == 0


def test_options_that_need_repair(check):
    assert check("--many")[0] == 2
