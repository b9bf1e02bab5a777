"""Worksheets: made, marked by a worker, decided by their owner, and gone when they shall be."""

import csv
import io
import os
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from app.services.collecting import Spool
from app.services.worksheets import (
    NoSuchWorksheet,
    WorksheetOptions,
    WorksheetRefused,
    Worksheets,
    make_table,
    write_csv,
)
from app.services.worksheets.worksheets import MOST_WORKSHEETS
from app.storage.database import Base, utc_now
from app.worksheets.errors import WorksheetError
from app.worksheets.questions import Question
from tests.app.collecting import work
from tests.app.database import reading
from tests.app.sheets import CAT, as_png, fill_page, print_page, take_picture
from tests.app.stock import add_person

FEW = WorksheetOptions(count=4, title="Sums", seed=3)


@pytest.fixture
def owner(services):
    return add_person("ann")


@pytest.fixture
def make(services, owner):
    def one(options=FEW, by=owner):
        made = services.worksheets.make(by, options)
        return made, services.worksheets.read_file(by, made, "sheet")

    return one


def send(services, owner, worksheet, **files):
    """Send files and have them marked; return the pages and the reasons of what is left out."""
    given = [(name, io.BytesIO(content)) for name, content in files.items()]
    services.receiving.receive(owner, worksheet, given)
    work(services)
    pages = services.worksheet_pages
    return pages.of(owner, worksheet), {
        one.file: one.code for one in pages.left_out(owner, worksheet)
    }


def rows():
    """Return the names of the tables of worksheets that have rows."""
    with reading() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if table.name.startswith("worksheet") and session.execute(select(table)).first()
        }


def test_the_same_seed_asks_the_same_on_sheets_of_their_own(services, owner, make):
    (first, pdf), (second, again) = make(), make()
    one, other = (services.worksheets.get(owner, each) for each in (first, second))
    assert one.layout.pages == other.layout.pages
    assert one.layout.sheet != other.layout.sheet
    assert pdf.startswith(b"%PDF")
    assert pdf != again
    assert services.worksheets.read_file(owner, first, "answers").startswith(b"%PDF")
    assert [sheet.id for sheet in services.worksheets.of(owner)] == [second, first]


def test_what_cannot_be_made_is_told(services, owner):
    for options, code in (
        (replace(FEW, kind="algebra"), "sheet_kind"),
        (replace(FEW, count=0), "sheet_count"),
        (replace(FEW, paper="A5"), "sheet_paper"),
        (replace(FEW, low=9, high=2), "sheet_range"),
        (replace(FEW, count=200, columns=1, names=("Ann",) * 200), "sheet_sheets"),
    ):
        with pytest.raises(WorksheetError) as told:
            services.worksheets.make(owner, options)
        assert told.value.code == code
    assert rows() == set()


def test_nobody_has_more_worksheets_than_one_may(services, owner, monkeypatch):
    assert MOST_WORKSHEETS == 200
    monkeypatch.setattr("app.services.worksheets.worksheets.MOST_WORKSHEETS", 1)
    services.worksheets.make(owner, FEW)
    with pytest.raises(WorksheetRefused) as told:
        services.worksheets.make(owner, FEW)
    assert told.value.code == "sheet_limit"


def test_pages_are_marked_decided_and_shown_to_their_owner_alone(services, owner, make):
    own = (Question("3 + 4 =", "", "7"), Question("2 + 1 =", "", "3"))
    worksheet, pdf = make(replace(FEW, own=own, names=("Ann", "Béla")))
    layout = services.worksheets.get(owner, worksheet).layout
    filled = fill_page(pdf, layout, 1, seed=4)
    pages, left_out = send(services, owner, worksheet, page=take_picture(filled.picture))
    (page,) = pages
    assert (left_out, page.pupil, page.page, page.file) == ({}, 2, 1, "page")
    fair = {"right": "right", "wrong": "wrong", "blank": "wrong"}
    for answer, manner in zip(page.answers, filled.manners, strict=True):
        assert answer.mark in ("look", fair.get(manner, "look"))
        assert not answer.by_person
    desk = services.worksheet_pages
    # What is written decides, whatever was read; undone, the reading counts again.
    before = page.answers[0]
    changed = desk.decide(owner, worksheet, page.id, 0, written="7")
    assert (changed.mark, changed.written, changed.by_person) == ("right", "7", True)
    assert desk.decide(owner, worksheet, page.id, 0, written="9").mark == "wrong"
    assert desk.decide(owner, worksheet, page.id, 0) == before
    assert desk.decide(owner, worksheet, page.id, 1, mark="wrong").mark == "wrong"
    with pytest.raises(WorksheetRefused):
        desk.decide(owner, worksheet, page.id, 0, written="x")
    with pytest.raises(NoSuchWorksheet):
        desk.decide(owner, worksheet, page.id, 2, mark="right")
    with Image.open(io.BytesIO(desk.marked_picture(owner, worksheet, page.id))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1260, 1782))
    with Image.open(io.BytesIO(desk.answer_picture(owner, worksheet, page.id, 1))) as shown:
        assert shown.format == "PNG"
    table = make_table(services.worksheets.get(owner, worksheet), desk.of(owner, worksheet))
    assert [row.name for row in table.rows] == ["Ann", "Béla"]
    assert [len(row.answers) for row in table.rows] == [0, 2]
    assert [one.number for one in table.hardest if one.number == 2] == [2]
    lines = list(csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"))))
    heads = ["pupil", "attempt", "counts", "date", "file", "right", "wrong", "look"]
    assert lines[0][:9] == [*heads, "1. 3 + 4 = [7]"]
    assert lines[1][:5] == ["Ann", "", "", "", ""]
    assert lines[2][0] == "Béla"
    eve = add_person("eve")
    for ask in (
        lambda: services.worksheets.get(eve, worksheet),
        lambda: services.worksheets.read_file(eve, worksheet, "sheet"),
        lambda: services.worksheets.delete(eve, worksheet),
        lambda: services.receiving.look(eve, worksheet),
        lambda: services.receiving.receive(eve, worksheet, []),
        lambda: desk.of(eve, worksheet),
        lambda: desk.get(eve, worksheet, page.id),
        lambda: desk.left_out(eve, worksheet),
        lambda: desk.marked_picture(eve, worksheet, page.id),
        lambda: desk.answer_picture(eve, worksheet, page.id, 0),
        lambda: desk.decide(eve, worksheet, page.id, 0, mark="right"),
        lambda: desk.delete(eve, worksheet, page.id),
    ):
        with pytest.raises(NoSuchWorksheet):
            ask()
    desk.delete(owner, worksheet, page.id)
    assert desk.of(owner, worksheet) == []


def test_what_is_not_marked_is_told_and_the_others_are_marked(services, owner, make):
    worksheet, pdf = make(replace(FEW, names=("Ann", "Bob")))
    (other, another), (gone, deleted) = make(replace(FEW, title="Other")), make()
    services.worksheets.delete(owner, gone)
    ann, bob = (as_png(print_page(pdf, number)) for number in range(2))
    pages, left_out = send(
        services,
        owner,
        worksheet,
        ann=ann,
        cat=CAT.read_bytes(),
        again=as_png(print_page(pdf) // 2 * 2),
        other=as_png(print_page(another)),
        deleted=as_png(print_page(deleted)),
        damaged=b"%PDF-1.7 and nothing",
        bob=bob,
    )
    assert [(page.pupil, page.file) for page in pages] == [(1, "ann"), (2, "bob")]
    assert left_out == {
        "cat": "page_none",
        "again": "page_again",
        "other": "page_other_own",
        "deleted": "page_other_sheet",
        "damaged": "page_damaged",
    }
    assert services.worksheets.get(owner, other).pages == 0
    services.worksheet_pages.forget_left_out(owner, worksheet)
    assert services.worksheet_pages.left_out(owner, worksheet) == []


def test_without_names_each_page_is_one_but_the_same_picture_is_not_two(services, owner, make):
    worksheet, pdf = make()
    blank = as_png(print_page(pdf))
    pages, left_out = send(services, owner, worksheet, first=blank, second=blank)
    assert [page.file for page in pages] == ["first"]
    assert left_out == {"second": "page_same"}
    layout = services.worksheets.get(owner, worksheet).layout
    other = take_picture(fill_page(pdf, layout).picture)
    pages, _ = send(services, owner, worksheet, third=other)
    assert [page.file for page in pages] == ["first", "third"]


def test_a_pdf_of_several_pages_is_counted_and_marked(services, owner, make):
    worksheet, pdf = make(replace(FEW, names=("Ann", "Bob")))
    services.receiving.receive(owner, worksheet, [("scan.pdf", io.BytesIO(pdf))])
    looked = services.receiving.look(owner, worksheet)
    assert (looked.waiting, looked.done, looked.total, looked.message) == (1, 0, None, None)
    work(services)
    assert services.receiving.look(owner, worksheet).waiting == 0
    pages = services.worksheet_pages.of(owner, worksheet)
    assert [(page.pupil, page.number) for page in pages] == [(1, 1), (2, 2)]
    assert services.worksheets.get(owner, worksheet).doubtful == 0


@pytest.mark.parametrize(("limit", "most"), [("_MOST_WAITING", 5), ("_MOST_BYTES", 600)])
def test_uploads_are_bounded(services, owner, make, monkeypatch, limit, most):
    monkeypatch.setattr(f"app.services.worksheets.receiving.{limit}", most)
    worksheet, _ = make()
    with pytest.raises(WorksheetRefused) as told:
        services.receiving.receive(owner, worksheet, [])
    assert told.value.code == "sheet_no_files"
    for _ in range(5):
        services.receiving.receive(owner, worksheet, [("cat", io.BytesIO(b"cat"))])
    with pytest.raises(WorksheetRefused) as told:
        services.receiving.receive(owner, worksheet, [("cat", io.BytesIO(b"cat"))])
    assert told.value.code == "sheet_uploads"


def test_what_is_deleted_or_old_is_gone_with_all_that_belongs_to_it(site, services, owner, make):
    worksheet, pdf = make(replace(FEW, names=("Ann",)))
    send(services, owner, worksheet, ann=as_png(print_page(pdf)), cat=CAT.read_bytes())
    assert len(rows()) == 7
    folder = site.instance_path + "/worksheets"
    before = set(os.listdir(folder))
    services.receiving.receive(owner, worksheet, [("cat", io.BytesIO(b"cat"))])
    assert set(os.listdir(folder)) > before
    services.worksheets.delete(owner, worksheet)
    assert rows() == set()
    assert services.jobs.counts() == {"queued": 0, "running": 0}
    assert set(os.listdir(folder)) == before
    make()
    days = services.worksheets.days
    for age, there in ((timedelta(days=days - 1), True), (timedelta(days=days + 1), False)):
        now = utc_now() + age
        late = Worksheets(
            services.database,
            Spool(Path(folder)),
            services.jobs,
            days=days,
            clock=partial(lambda now: now, now),
        )
        late.sweep()
        assert bool(rows()) is there


def test_what_is_not_there_is_nobodys(services, owner, make):
    worksheet, _ = make()
    with pytest.raises(NoSuchWorksheet):
        services.worksheet_pages.get(owner, worksheet, uuid4())
    with pytest.raises(NoSuchWorksheet):
        services.worksheets.get(owner, uuid4())
