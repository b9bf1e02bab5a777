"""Database and picture folder belong together, and a start says so where they do not."""

import os
import shutil
from uuid import uuid4

import pytest
from sqlalchemy import delete, make_url

from app import create_app
from app.config import Settings
from app.errors import StartError
from app.storage.models import Installation
from app.web.extensions import db
from app.web.services import get_services, services_of
from tests.app.database import writing
from tests.app.sites import everything
from tests.app.stock import add_person, fill, new_picture, rows


@pytest.fixture
def settings(tmp_path, database_url):
    return Settings(instance_path=tmp_path / "instance", database_url=database_url)


@pytest.fixture
def site(settings, open_app):
    app = open_app(settings)
    with app.app_context():
        yield app


@pytest.fixture
def folder(settings):
    return settings.instance_path / "saved_images"


def forget_database():
    with writing() as session:
        session.execute(delete(Installation))


def old_pictures(folder):
    for path in folder.glob("*.png"):
        os.utime(path, (0, 0))


def test_both_carry_the_same_name(site, folder):
    pair = get_services().identity.look()
    assert pair.database == pair.folder is not None
    assert str(pair.database) in (folder / "identity.txt").read_text()
    services_of(site).upkeep.prepare()
    assert get_services().identity.look() == pair


def test_an_installation_from_before_is_adopted(site, folder):
    fill(150, folder=folder)
    forget_database()
    (folder / "identity.txt").unlink()
    next(folder.glob("*.png")).unlink()
    services_of(site).upkeep.prepare()
    pair = get_services().identity.look()
    assert pair.database == pair.folder is not None


@pytest.mark.parametrize("note", [None, "", "nonsense"])
def test_a_lost_note_is_written_again_where_the_pictures_are_those(site, folder, note):
    fill(3, folder=folder)
    if note is None:
        (folder / "identity.txt").unlink()
    else:
        (folder / "identity.txt").write_text(note)
    services_of(site).upkeep.prepare()
    pair = get_services().identity.look()
    assert pair.folder == pair.database


@pytest.mark.parametrize("named", [True, False])
def test_pictures_that_are_away_are_said(site, folder, named):
    fill(20, folder=folder)
    folder.rename(folder.with_name("unmounted"))
    if named:
        folder.mkdir()
    with pytest.raises(StartError, match="20 of the database's 20 pictures are not in"):
        services_of(site).upkeep.prepare()
    assert len(rows()) == 20
    assert not folder.exists() or list(folder.iterdir()) == []


def test_another_sites_pictures_are_said(site, folder):
    get_services().images.keep(add_person(), new_picture(1))
    get_services().identity.write_note(uuid4())
    old_pictures(folder)
    with pytest.raises(StartError, match=r"of two sites.*restore.*--adopt"):
        services_of(site).upkeep.prepare()
    assert len(list(folder.glob("*.png"))) == 1
    answer = site.test_cli_runner().invoke(args=["check", "--repair"])
    assert answer.exit_code == 1
    assert "Nothing is mended" in answer.output
    answer = site.test_cli_runner().invoke(args=["check", "--repair", "--adopt"])
    assert answer.exit_code == 0, answer.output
    services_of(site).upkeep.prepare()


def assert_said_alike(app, folder, pictures):
    """A start, a check and every repair give the same sentence, and change nothing."""
    before = everything(folder)
    with pytest.raises(StartError, match=f"holds {pictures}") as caught:
        services_of(app).upkeep.prepare()
    said = str(caught.value)
    assert said.startswith("There is no database at ")
    assert "restore FILE" in said
    assert "--adopt" not in said
    for options in ([], ["--repair"], ["--repair", "--adopt"], ["--repair", "--adopt", "--many"]):
        answer = app.test_cli_runner().invoke(args=["check", *options])
        assert answer.exit_code == 1
        assert answer.output == f"Error: {said}\n"
    assert everything(folder) == before
    return said


@pytest.mark.parametrize("name", ["none", "another"])
def test_an_empty_database_beside_pictures_is_said(site, settings, folder, name):
    fill(35, folder=folder)
    old_pictures(folder)
    with writing() as session:
        for table in reversed(db.metadata.sorted_tables):
            session.execute(table.delete())
        if name == "another":
            session.add(Installation(id=uuid4()))
    assert_said_alike(site, settings.instance_path / "saved_images", "35 pictures")


def test_a_password_is_not_told(tmp_path, database_url, open_app):
    """Neither that in the address nor one behind the question mark."""
    if database_url is None:
        pytest.skip("a file has none")
    url = make_url(database_url).set(password="secret-one")
    url = url.update_query_dict({"sslpassword": "secret-two"})
    settings = Settings(
        instance_path=tmp_path / "instance",
        database_url=url.render_as_string(hide_password=False),
    )
    folder = settings.instance_path / "saved_images"
    folder.mkdir(parents=True)
    (folder / f"{uuid4()}.png").write_bytes(b"a picture")
    said = assert_said_alike(open_app(settings, start=False), folder, "1 picture")
    assert f"at {url.drivername}://" in said
    assert "secret" not in said


@pytest.mark.parametrize("left", [None, b""])
def test_a_database_file_that_is_gone_or_empty_is_not_new(tmp_path, open_app, left):
    settings = Settings(instance_path=tmp_path / "instance")
    app = open_app(settings)
    folder = settings.instance_path / "saved_images"
    backup = tmp_path / "backup.zip"
    with app.app_context():
        store = get_services().images
        for number in range(20):
            store.keep(None, new_picture(number))
        db.engine.dispose()
    assert app.test_cli_runner().invoke(args=["backup", str(backup)]).exit_code == 0
    old_pictures(folder)
    database = settings.instance_path / "digitnet.db"
    with app.app_context():
        db.engine.dispose()
    for path in settings.instance_path.glob("digitnet.db*"):
        path.unlink()
    if left is not None:
        database.write_bytes(left)
    other = open_app(settings, start=False)
    said = assert_said_alike(other, tmp_path, "20 pictures")
    assert f"at {database}, or it is empty, but {folder} holds" in said
    # The sentence's advice is good.
    answer = other.test_cli_runner().invoke(args=["restore", str(backup)])
    assert answer.exit_code == 0, answer.output
    services_of(other).upkeep.prepare()
    answer = other.test_cli_runner().invoke(args=["check"])
    assert "20 pictures in the database, 20 files" in answer.output
    assert answer.exit_code == 0


def test_another_database_is_not_swept_into(tmp_path, open_app):
    settings = Settings(instance_path=tmp_path / "instance")
    with open_app(settings).app_context():
        fill(20, folder=settings.instance_path / "saved_images")
    other = Settings(
        instance_path=settings.instance_path, database_url=f"sqlite:///{tmp_path}/other.db"
    )
    with pytest.raises(StartError, match="DIGITNET_DATABASE_URL"):
        services_of(create_app(other)).upkeep.prepare()
    assert not (tmp_path / "other.db").exists()


def test_a_note_in_a_folder_without_pictures_hinders_nobody(site, settings, folder, open_app):
    """What a start leaves that was killed before its database was made."""
    name = get_services().identity.look().database
    forget_database()
    services_of(site).upkeep.prepare()
    assert get_services().identity.look().database == name
    shutil.rmtree(folder)
    services_of(site).upkeep.prepare()
    assert get_services().identity.look().folder == name


def test_a_file_in_the_place_of_the_folder_is_said(site, folder):
    shutil.rmtree(folder)
    folder.write_text("in the way")
    with pytest.raises(StartError, match=r"folder unreadable \(problem: Not a directory"):
        services_of(site).upkeep.prepare()
