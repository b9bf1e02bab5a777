"""Worksheets over HTTP: sent back, looked over, and seen by their owner alone."""

import csv
import io
import re
from html import unescape
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select, update

from app.services.worksheets.worksheets import layout_of
from app.storage.models import Worksheet, WorksheetAnswer
from app.worksheets.paper import PAPERS
from app.worksheets.questions import Question, make_questions
from tests.app.collecting import work
from tests.app.database import reading
from tests.app.sheets import CAT, SCALE, as_png, fill_page, print_page

JSON = {"Accept": "application/json"}
TABLE = "question,answer\n3 + 4 =,7\n12 − 3 =,9\n"


def as_program(who, method, path, **options):
    headers = {"X-CSRFToken": who.token(), **JSON}
    return who.send(method, path, headers=headers, **options)


@pytest.fixture
def make(ann):
    """Make a worksheet; return its address and its PDF."""

    def one(who=ann, **options):
        answer = as_program(who, "POST", "/worksheets", json={"questions": TABLE, **options})
        assert answer.status_code == 201, answer.text
        made = answer.json
        pdf = who.get(made["pdf"])
        assert pdf.mimetype == "application/pdf"
        return f"/worksheets/{made['id']}", pdf.data

    return one


@pytest.fixture
def send(services):
    """Send files for a worksheet and have them marked."""

    def some(who, address, sending=None, **files):
        pages = [(io.BytesIO(content), name) for name, content in files.items()]
        data = {"page": pages} | ({"sending": sending} if sending else {})
        answer = as_program(who, "POST", f"{address}/pages", data=data)
        assert answer.status_code == 202, answer.text
        assert answer.json.keys() == {"job"}
        work(services)
        return who.get(address, headers=JSON).json

    return some


def test_the_same_questions_can_be_practised_on_the_screen(ann, client, make):
    def practised(**options):
        address, _ = make(**options)
        links = re.findall(r'href="(/practice\?[^"]+)"', ann.get(address).text)
        paths = [unescape(link).replace("/practice?", "/practice/questions?") for link in links]
        return [client.get(path).json["questions"] for path in paths]

    ((first, _),) = practised()
    assert first == {"before": "3 + 4 =", "after": "", "answer": "7", "figures": 0}
    (asked,) = practised(questions=None, kind="missing", count=40, seed=7, carries="yes", high=50)
    printed = make_questions("missing", 40, seed=7, carries="yes", high=50)
    assert [Question(**one) for one in asked] == list(printed[:30])
    quoted = '""' * 60  # in CSV, where quotation marks are doubled: too many for an address
    assert practised(questions="question,answer\n" + f'"{quoted}",7\n' * 30) == []


def test_names_that_are_printed_as_numbers_are_listed(ann, make):
    address, _ = make(names=["Ann", "漢字", "Béla", "דוד"])
    page = " ".join(ann.get(address).text.split())
    assert "cannot be printed stand on their pages as numbers:" in page
    shown = re.findall(r'<span class="sheets-numbered">([^<]+)</span>', page)
    assert shown == ["№ 2 漢字", "№ 4 דוד"]
    address, _ = make(names=["Ann", "Ελένη"])
    assert "cannot be printed" not in ann.get(address).text


def test_pages_are_sent_marked_and_listed(ann, make, send):
    address, pdf = make(names=["Ann", "Béla"], title="Sums")
    page, other = (as_png(print_page(pdf, number)) for number in (1, 0))
    found = send(ann, address, bela=page, cat=CAT.read_bytes(), pdf=pdf)
    assert [(one["pupil"], one["file"], one["number"]) for one in found["pages"]] == [
        ("Ann", "pdf", 1),
        ("Béla", "bela", 1),
    ]
    assert [one["mark"] for one in found["pages"][0]["questions"]] == ["wrong", "wrong"]
    assert [(one["file"], one["page"]) for one in found["not_found"]] == [("cat", 1), ("pdf", 2)]
    assert "no page of a worksheet" in found["not_found"][0]["reason"]
    assert found["marking"] == {"waiting": 0, "done": 0, "total": 0, "error": None}
    assert ann.get(f"{address}/marking").json == found["marking"]
    shown = ann.get(address).text
    assert "2 pictures were not marked" in shown
    assert "What was hard" in shown
    assert ann.post(f"{address}/forget").status_code == 302
    assert "not marked" not in ann.get(address).text
    for path, kind in (("/marked.pdf", "application/pdf"), ("/results.csv", "text/csv")):
        answer = ann.get(f"{address}{path}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["pupil", "Ann", "Béla"]
    own = f"{address}/pages/{found['pages'][0]['id']}"
    for path, kind in ((f"{own}.jpg", "image/jpeg"), (f"{own}.pdf", "application/pdf")):
        assert ann.get(path).mimetype == kind
    assert ann.get(f"{own}/answers/1.png").mimetype == "image/png"
    assert ann.get(f"{own}/answers/2.png").status_code == 404
    assert ann.post(f"{own}/delete").status_code == 302
    assert ann.get(own).status_code == 404
    assert [one["pupil"] for one in send(ann, address, again=other)["pages"]] == ["Ann", "Béla"]


def test_what_is_doubtful_is_looked_at_question_by_question(ann, services, make, send):
    address, pdf = make(names=["Ann", "Bob"])
    pages = send(ann, address, pdf=pdf)["pages"]
    for page in pages:
        for place in (0, 1):
            make_doubtful(services, page["id"], place, 0.2 + 0.1 * place + 0.3 * (page is pages[0]))
    answers = ann.get(f"{address}/doubtful").json["answers"]
    assert [(one["number"], one["pupil"]) for one in answers] == [
        (1, "Bob"),
        (1, "Ann"),
        (2, "Bob"),
        (2, "Ann"),
    ]
    first = answers[0]
    assert ann.get(first["picture"]).mimetype == "image/png"
    for given, mark in (({"written": "7"}, "right"), ({"written": "8"}, "wrong")):
        assert as_program(ann, "POST", first["url"], json=given).json["mark"] == mark
    assert len(ann.get(f"{address}/doubtful").json["answers"]) == 3
    assert as_program(ann, "POST", first["url"], json={"undo": True}).json["mark"] == "look"
    for unusable in ("{}", "[]", '{"mark": "maybe"}', '{"written": "x"}', '{"undo": false}'):
        sent = {"data": unusable, "content_type": "application/json"}
        assert as_program(ann, "POST", first["url"], **sent).status_code == 400
    assert "Look at 4 doubtful answers" in ann.get(address).text
    # Without a script, on the page itself.
    own = f"{address}/pages/{first['page']}"
    assert ann.post(f"{own}/answers/0", mark="right").headers["Location"] == f"{own}#answer-0"
    assert "decided by you" in ann.get(own).text
    ann.post(f"{own}/answers/0")
    assert "decided by you" not in ann.get(own).text


def test_digits_that_are_typed_are_kept_if_wanted(ann, make, send):
    address, pdf = make(names=["Ann"])
    with reading() as session:
        layout = layout_of(session.scalars(select(Worksheet)).one())
    filled = as_png(fill_page(pdf, layout, seed=1).picture)
    (page,) = send(ann, address, png=filled)["pages"]
    place, own = 0, f"{address}/pages/{page['id']}/answers"
    written = page["questions"][place]["written"]
    assert len(written) == 1

    def say(**given):
        return as_program(ann, "POST", f"{own}/{place}", json=given)

    assert say(written=written).json["kept"] == 0
    assert ann.gallery("mine=1") == []
    answer = say(written=written, keep=True).json
    assert (answer["written"], answer["kept"]) == (written, len(written))
    kept = ann.gallery("mine=1")
    assert len(kept) == len(written)
    # The same pictures again, with what is written as it was corrected.
    other = "".join(str((int(digit) + 1) % 10) for digit in written)
    assert say(written=other, keep=True).json["kept"] == len(written)
    assert sorted(ann.gallery("mine=1")) == sorted(kept)
    # Digits that cannot be told apart by their boxes are not kept.
    assert say(written=f"{written}1", keep=True).json["kept"] == 0
    for unusable in ({"mark": "right", "keep": True}, {"written": written, "keep": "yes"}):
        answer = say(**unusable)
        assert (answer.status_code, answer.json["detail"]) == (
            400,
            "“keep” is true or false, and goes with “written”.",
        )


def test_what_is_doubtful_in_an_earlier_attempt_is_not_looked_at(ann, services, make, send):
    address, pdf = make(names=["Ann"])
    printed = print_page(pdf)
    (first,) = send(ann, address, first=as_png(printed))["pages"]
    make_doubtful(services, first["id"], 0, 0.2)
    assert [one["file"] for one in ann.get(f"{address}/doubtful").json["answers"]] == ["first"]
    found = send(ann, address, second=as_png(printed - printed // 255))
    assert (found["doubtful"], ann.get(f"{address}/doubtful").json) == (0, {"answers": []})
    shown = ann.get(address).text
    assert "doubtful answer" not in shown
    # It is told beside the attempt, whose page it can be decided on.
    assert "1 to look at" in shown
    make_doubtful(services, found["pages"][1]["id"], 1, 0.2)
    (answer,) = ann.get(f"{address}/doubtful").json["answers"]
    assert (answer["file"], answer["attempt"], answer["number"]) == ("second", 2, 2)
    assert "Look at 1 doubtful answer<" in ann.get(address).text


def test_without_a_list_the_name_is_shown_as_written_and_may_be_typed(ann, bob, make, send):
    address, pdf = make()
    printed = print_page(pdf)
    left, top, width, height = PAPERS["A4"].name_field
    rows = slice(round((top + 1) * SCALE), round((top + height - 1) * SCALE))
    signed = printed.copy()
    signed[rows, round((left + 30) * SCALE) : round((left + 50) * SCALE)] = 0
    pages = send(ann, address, first=as_png(printed), second=as_png(signed))["pages"]
    first, second = (f"{address}/pages/{page['id']}" for page in pages)
    shown = ann.get(address).text
    pictures = []
    for own in (first, second):
        assert f'src="{own}/name.png"' in shown
        with Image.open(io.BytesIO(ann.get(f"{own}/name.png").data)) as picture:
            pictures.append(np.asarray(picture.convert("L")))
    # Of what is written there, all is seen.
    plain, black = (np.count_nonzero(one < 128) / one.size for one in pictures)
    field = (width + 6) * (height + 6)
    assert black - plain == pytest.approx(20 * (height - 2) / field, rel=0.1)
    ids = [page["id"] for page in pages]
    said = {ids[0]: "  Mia \n Żak ", ids[1]: "=1+1"}
    typed = {f"name-{page_id}": name for page_id, name in said.items()}
    assert ann.post(f"{address}/names", **typed).headers["Location"] == f"{address}#names"
    assert [one["pupil"] for one in ann.get(address, headers=JSON).json["pages"]] == [
        "Mia Żak",
        "=1+1",
    ]
    for path in (address, first):
        assert "<bdi>Mia Żak</bdi>" in ann.get(path).text
    content = ann.get(f"{address}/results.csv").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert [line[0] for line in lines] == ["pupil", "Mia Żak", "'=1+1"]
    # A program says it as JSON; an empty name says that nobody knows.
    answer = as_program(
        ann, "POST", f"{address}/names", json={"names": {ids[0]: " Jo ", ids[1]: ""}}
    )
    assert answer.json == {"names": {ids[0]: "Jo", ids[1]: ""}}
    assert [one["pupil"] for one in ann.get(address, headers=JSON).json["pages"]] == ["Jo", None]
    # All or none.
    for names, status in (
        ({ids[1]: "Eve", ids[0]: "A" * 81}, 400),
        ({ids[1]: "Eve", ids[0]: "\0"}, 400),
        ({ids[1]: "Eve", ids[0]: 7}, 400),
        ({ids[1]: "Eve", "page": "Bob"}, 400),
        ({ids[1]: "Eve", str(uuid4()): "Bob"}, 404),
        ([], 400),
    ):
        answer = as_program(ann, "POST", f"{address}/names", json={"names": names})
        assert (answer.status_code, answer.json["detail"][-1]) == (status, "."), names
    assert [one["pupil"] for one in ann.get(address, headers=JSON).json["pages"]] == ["Jo", None]
    assert bob.get(f"{first}/name.png").status_code == 404
    assert bob.post(f"{address}/names", **typed).status_code == 404
    theirs, _ = make(bob)
    assert bob.post(f"{theirs}/names", **typed).status_code == 404
    assert [one["pupil"] for one in ann.get(address, headers=JSON).json["pages"]] == ["Jo", None]


def test_a_page_of_a_pupil_on_the_list_is_not_named_otherwise(ann, make, send):
    address, pdf = make(names=["Ann"])
    (page,) = send(ann, address, page=as_png(print_page(pdf)))["pages"]
    answer = as_program(ann, "POST", f"{address}/names", json={"names": {page["id"]: "Eve"}})
    assert (answer.status_code, answer.json["detail"][:21]) == (409, "This page names its p")
    shown = ann.get(address).text
    assert "name.png" not in shown
    assert "Save the names" not in shown


def make_doubtful(services, page_id, place, confidence):
    """Make an answer one that a person looks at."""
    chosen = (WorksheetAnswer.page_id == UUID(page_id)) & (WorksheetAnswer.question == place)
    with services.database.writing() as session:
        values = {"mark": "look", "confidence": confidence}
        session.execute(update(WorksheetAnswer).where(chosen).values(values))


def test_nobody_else_sees_or_changes_a_worksheet(ann, bob, services, make, send):
    address, pdf = make()
    page = send(ann, address, page=as_png(print_page(pdf)))["pages"][0]
    own = f"{address}/pages/{page['id']}"
    for path in (
        "",
        "/sheet.pdf",
        "/answers.pdf",
        "/results.csv",
        "/marked.pdf",
        "/review",
        "/doubtful",
        "/marking",
    ):
        assert bob.get(f"{address}{path}").status_code == 404
    for path in ("", ".jpg", ".pdf", "/answers/0.png"):
        assert bob.get(f"{own}{path}").status_code == 404
    assert bob.post(f"{own}/answers/0", mark="right").status_code == 404
    for path in (f"{own}/delete", f"{address}/forget", f"{address}/delete"):
        assert bob.post(path).status_code == 404
    # Neither do they by a worksheet of their own.
    theirs, _ = make(bob)
    assert bob.get(f"{theirs}/pages/{page['id']}.jpg").status_code == 404
    assert bob.get("/worksheets", headers=JSON).json["worksheets"][0]["id"] in theirs
    assert services.accounts.make_admin("bob")
    assert bob.get(address).status_code == 404
    assert ann.post(f"{address}/delete").status_code == 302
    assert ann.get(address).status_code == 404


def test_visitors_are_asked_to_log_in(site):
    answer = site.test_client().get("/worksheets")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_without_a_script_the_form_leads_back_and_a_reload_shows_how_far_it_is(ann, services, make):
    address, pdf = make(names=["Ann", "Bob"])
    sent = {"csrf_token": ann.token(), "page": [(io.BytesIO(pdf), "scan.pdf")]}
    answer = ann.send("POST", f"{address}/pages", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert "It begins in a moment." in ann.get(address).text
    assert ann.get(f"{address}/marking").json["waiting"] == 1
    work(services)
    shown = ann.get(address).text
    assert "<progress" not in shown
    assert shown.count("0/2") == 2


def test_each_page_of_a_pupil_is_in_the_same_row(ann, make, send):
    many = [{"question": f"{number} + 1 =", "answer": str(number + 1)} for number in range(30)]
    address, pdf = make(questions=many, columns=1, names=["Ann"])
    found = send(ann, address, scan=pdf)
    assert [one["page"] for one in found["pages"]] == [1, 2, 3]
    numbers = [one["number"] for page in found["pages"] for one in page["questions"]]
    assert numbers == list(range(1, 31))
    assert "0/30" in ann.get(address).text


def test_attempts_are_listed_and_what_is_one_sending_may_be_named(ann, make, send):
    address, pdf = make(names=["Ann"])
    printed = print_page(pdf)
    sending = "4be0b8ab-30ca-4bcf-8c43-b85e7ad3f3b4"
    send(ann, address, sending, first=as_png(printed))
    found = send(ann, address, sending, twice=as_png(printed - printed // 255))
    assert [one["file"] for one in found["not_found"]] == ["twice"]
    found = send(ann, address, second=as_png(printed - printed // 255))
    assert [(one["file"], one["attempt"], one["counts"]) for one in found["pages"]] == [
        ("first", 1, False),
        ("second", 2, True),
    ]
    shown = ann.get(address).text
    assert "Attempts" in shown
    assert "attempt 2" in shown
    words = ann.get(f"{address}/pages/{found['pages'][0]['id']}").text
    assert "Attempt 1 of 2. A newer one counts." in words
    answer = as_program(ann, "POST", f"{address}/pages", data={"sending": "today"})
    assert (answer.status_code, answer.json["detail"][:20]) == (400, "“sending” is a UUID,")


def test_nothing_sent_is_told(ann, make):
    address, _ = make()
    answer = as_program(ann, "POST", f"{address}/pages", data={})
    assert answer.status_code == 400
    assert "no picture" in answer.json["detail"]
