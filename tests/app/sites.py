"""Sites to back up and restore: made, filled, and looked into."""

import hashlib

from sqlalchemy import select

from app.storage.database import Base
from app.web.services import get_services
from tests.app.database import reading
from tests.app.stock import add_person, new_picture
from tests.app.visitor import Visitor

KINDS = ["sqlite", "postgresql"]


def command(app, *arguments):
    answer = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def content(app):
    """Return all that lasts: every table's rows, and every file's bytes."""
    with app.app_context():
        with reading() as session:
            tables = {
                table.name: sorted(map(str, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables
                if not table.info.get("volatile")
            }
        folder = get_services().images.files.folder
        return tables, {path.name: path.read_bytes() for path in folder.iterdir()}


def populate(app):
    ann = Visitor(app).sign_up("ann")
    with app.app_context():
        store = get_services().images
        bob = add_person("bob")
        with reading() as session:
            table = Base.metadata.tables["user"]
            owner = session.scalars(select(table.c.id).where(table.c.username == "ann")).one()
        for number in range(12):
            new = new_picture(number, probabilities=tuple(n / 45 for n in range(10)))
            kept = store.keep(owner, new)
            if number % 2:
                store.keep(bob, new_picture(number))
            if number % 3 == 0:
                store.label(kept, "none" if number == 6 else str(number % 10), by=owner)
        refused = new_picture(40, digit=None, confidence=None)
        store.keep_labelled(owner, refused, "4")
        store.keep(None, new_picture(50, source="import", exempt=True, pixels=None))
    return ann


def everything(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        # What SQLite keeps in memory for all its readers.
        if path.is_file() and not path.name.endswith("-shm")
    }
