"""Sites to back up and restore: made, filled, and looked into."""

import hashlib
import tempfile
from pathlib import Path

from sqlalchemy import select

import cnn
from app.services.training import RunSettings
from app.storage.database import Base
from app.web.services import get_services
from cnn.layers import Dense, Flatten, ReLU, Softmax
from cnn.models.model import Model
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
        get_services().tokens.make(owner, "a script", days=30)
        store.keep(None, new_picture(50, source="import", exempt=True, pixels=None))
        get_services().reviews.answer(kept, None, by=owner, is_admin=False)
        get_services().versions.freeze("first", by=owner)
        get_services().runs.start(RunSettings(versions=("first",)), by=owner)
        _publish(owner)
    return ann


def _publish(owner):
    """Put another model in service, large enough to be stored in parts."""
    network = cnn.Sequential(
        [Flatten(), Dense(128), ReLU(), Dense(10), Softmax()], input_shape=(1, 28, 28)
    )
    publisher = get_services().publisher
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.dnm"
        cnn.save_model(Model(network, metadata={"name": "digits-2"}), path)
        publisher.add(path, by=owner)
    publisher.publish("digits-2", by=owner, reason="better")


def everything(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        # What SQLite keeps in memory for all its readers.
        if path.is_file() and not path.name.endswith("-shm")
    }
