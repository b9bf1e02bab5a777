"""Schemathesis sends what the API's document allows, and much that it does not.

Whatever it sends, an answer has a status and a type that the document names, and the content
that it describes; no answer is 5xx. The cases are the same at each run.
"""

import io
import re
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy import select, update

import cnn
from app.services.training import RunSettings
from app.storage.models import TrainingRun, User
from app.web.services import services_of
from tests.app.collecting import send, work
from tests.app.database import reading, writing
from tests.app.made_pictures import save_maker
from tests.app.pictures import data_url, draw, encode
from tests.app.services.constant_model import constant_model
from tests.app.visitor import Visitor

#: Routes of an import, each of which is tried with one of its own: whether it has been checked.
IMPORTS = {
    "GET /imports/": True,
    "/batches/": False,
    "/files/": False,
    "/check": False,
    "/accept": True,
    "/cancel": True,
}
CASES = 20  # of each request, some valid and some not
MORE = 3  # with what is there
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def pictures():
    seven = draw([(60, 60), (210, 60), (110, 230)])
    for kind in ("PNG", "JPEG", "WebP", "GIF", "BMP"):
        file = io.BytesIO()
        seven.convert("RGB").save(file, kind)
        yield file.getvalue()
    yield encode(Image.new("L", (9, 9), 255))
    yield b"no picture"


@pytest.fixture
def token(app):
    Visitor(app).sign_up("ann")
    assert services_of(app).accounts.make_admin("ann")
    return services_of(app).tokens.make_for("ann", "schemathesis").text


@pytest.fixture
def schema(app):
    for name in ("image/*", "application/octet-stream"):
        schemathesis.openapi.media_type(name, st.sampled_from([*pictures()]))
    load_all_checks()
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.fixture
def there(app, token, tmp_path, monkeypatch):
    """What chance would not find, by what labels of operations, with $ at their end, contain."""
    ann = Visitor(app)
    ann.log_in("ann")
    cnn.save_model(constant_model(3, "digits-2"), tmp_path / "model.dnm")
    services_of(app).publisher.add(tmp_path / "model.dnm")
    services_of(app).publisher.add(save_maker(tmp_path / "faces.dnm", "faces"))
    one = ann.keep(encode(draw([(140, 60), (140, 230)])))
    ann.label(one, "1")
    imports = {
        part: {"path_parameters": begin_import(app, is_checked=is_checked)}
        for part, is_checked in IMPORTS.items()
    }
    sheet = begin_worksheet(app, ann)  # which does the jobs that wait
    queued, finished = begin_runs(app)
    wall = ann.post("/walls", title="Class 5b").headers["Location"].rpartition("/")[2]
    monkeypatch.setattr("app.services.streams.streams.LIFE", 3600)
    with app.app_context(), reading() as session:
        services_of(app).versions.freeze("old", by=session.scalars(select(User.id)).one())
    return {
        "{picture_id}": {"path_parameters": {"picture_id": ann.keep(next(pictures()))}},
        "{version}": {"path_parameters": {"name": "digits", "version": "digits-1"}},
        "/review/{picture_id}": {"path_parameters": {"picture_id": one}, "body": {"label": "1"}},
        "POST /versions$": {"body": {"name": "seven"}},
        "/remove": {"path_parameters": {"name": "old"}},
        "{name}.{form}": {"path_parameters": {"name": "seven", "form": "csv"}},
        "/publish": {"path_parameters": {"name": "digits"}, "body": {"version": "digits-2"}},
        "/rollback": {"path_parameters": {"name": "digits"}, "body": {}},
        "POST /runs/{run_id}/publish": {"path_parameters": {"run_id": finished}, "body": {}},
        "{run_id}": {"path_parameters": {"run_id": queued}},
        "/streams/{client_id}/name": {
            "path_parameters": {"client_id": begin_stream(ann)},
            "body": {"name": "Table 4"},
        },
        "/disconnect": {"path_parameters": {"client_id": begin_stream(ann)}},
        "POST /walls/alive": {"query": {"stream": begin_taking_part(app, wall)}},
        "GET /walls/{code}": {"path_parameters": {"code": wall}},
        "POST /walls/{code}": {"path_parameters": {"code": wall}, "body": {"expected": "7"}},
        "POST /worksheets$": {"body": {"kind": "addition", "count": 2, "seed": 1}},
        "{worksheet_id}": {"path_parameters": sheet},
        "POST /worksheets/{worksheet_id}/names": {
            "path_parameters": sheet,
            "body": {"names": {sheet["page_id"]: "Ann"}},
        },
        "POST /worksheets/{worksheet_id}/pages/": {
            "path_parameters": sheet,
            "body": {"mark": "right"},
        },
        "POST /predict": {"query": {}},
        "POST /generate$": {"query": {"as": "png"}, "body": {"digits": "7", "count": 2}},
        "POST /generate/handwriting$": {"body": {"samples": {"7": [data_url(next(pictures()))]}}},
        "/apply": {"body": {"picture": [[0, 1], [1, 0]], "operation": "relu"}},
        **imports,
    }


def begin_runs(app):
    """Begin a run of training, and another one that is finished, as though it had trained."""
    runs = services_of(app).runs
    with app.app_context():
        queued, finished = (runs.start(RunSettings(), by=None) for _ in range(2))
        done = {
            "state": "finished",
            "model": "digits-1",
            "gate": {"decision": "better", "sets": [], "reasons": []},
        }
        with writing() as session:
            own = update(TrainingRun).where(TrainingRun.id == finished)
            session.execute(own.values(done))
    return str(queued), str(finished)


def begin_worksheet(app, ann):
    """Make a worksheet of which a page has come back and was marked."""
    services = services_of(app)
    headers = {"X-CSRFToken": ann.token()}
    made = ann.send("POST", "/worksheets", json={"count": 1}, headers=headers).json
    with app.app_context():
        with reading() as session:
            owner = session.scalars(select(User.id)).one()
        worksheet = UUID(made["id"])
        sheet = io.BytesIO(services.worksheets.read_file(owner, worksheet, "sheet"))
        services.receiving.receive(owner, worksheet, [("sheet.pdf", sheet)])
        work(services)
        (page,) = services.worksheet_pages.of(owner, worksheet)
    return {"worksheet_id": made["id"], "page_id": str(page.id), "place": "0"}


def begin_stream(ann):
    """Let a camera send a frame, and return the id of its stream."""
    stream = ann.send("POST", "/streams").json
    assert ann.predict(next(pictures()), f"stream={stream['key']}").status_code == 200
    return stream["id"]


def begin_taking_part(app, wall):
    """Let a visitor take part in a wall, and return their key."""
    mia = Visitor(app)
    mia.post(f"/walls/{wall}/join", name="Mia")
    return re.findall(r'data-key="([^"]+)"', mia.get("/").text)[0]


def begin_import(app, *, is_checked):
    """Begin an import of Ann's, of which a picture has come and perhaps was checked."""
    services = services_of(app)
    with app.app_context():
        with reading() as session:
            ann = session.scalars(select(User.id)).one()
        if is_checked:
            upload = send(services, ann, {"7.png": next(pictures())}, label="7")
        else:
            upload = services.collection.begin(ann, label="7")
            services.collection.receive_slice(ann, upload, 0, "7.png", 0, io.BytesIO(b"7"))
    return {"upload_id": str(upload), "number": "1"}


def try_out(cases, count, headers):
    """Send so many cases, check each answer, and return the statuses that came."""
    checks, seen = [CHECKS.get_one(name) for name in NAMES], set()

    @settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def check(case):
        seen.add(case.call_and_validate(headers=headers, checks=checks).status_code)

    check()
    return seen


def test_every_answer_is_a_described_one_and_none_is_a_failure_of_the_server(schema, token, there):
    # The client that calls the application unpacks nothing.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    headers["Authorization"] = f"Bearer {token}"
    statuses = {}
    for operation in (found.ok() for found in schema.get_all_operations()):
        modes = [operation.as_strategy(mode) for mode in schemathesis.GenerationMode]
        of_there = [
            operation.as_strategy(**given)
            for part, given in there.items()
            if part in f"{operation.label}$"
        ]
        seen = try_out(st.one_of(modes + of_there), CASES, headers)
        statuses[operation.label] = seen.union(*(try_out(own, MORE, headers) for own in of_there))
    # The client closes no download, so that at some time there are too many.
    without = {label for label, seen in statuses.items() if not {200, 201, 202, 429} & seen}
    # Files in a form need names, which those that chance makes have not; a feed has no end.
    assert without <= {
        "POST /upload_training_data",
        "POST /imports/{upload_id}/batches/{number}",
        "GET /video_feed/{client_id}",
        "POST /worksheets/{worksheet_id}/pages",
    }
    assert {200, 400} <= statuses["POST /predict"]
    assert 415 in set().union(*statuses.values())
    assert 404 in statuses["POST /gallery/{picture_id}/label"]
