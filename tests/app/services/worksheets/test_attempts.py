"""The same page of the same pupil, sent again later, is a new attempt; the newest counts."""

import csv
import io
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.services.worksheets import WorksheetOptions, make_table, write_csv
from app.storage.models import WorksheetAnswer
from app.worksheets.questions import Question
from tests.app.collecting import work
from tests.app.sheets import as_png, print_page
from tests.app.stock import add_person

ONE = WorksheetOptions(own=(Question("3 + 4 =", "", "7"),), names=("Ann", "Bob"))


@pytest.fixture
def owner(services):
    return add_person("ann")


@pytest.fixture
def desk(services, owner):
    return Desk(services, owner)


class Desk:
    """A teacher at work with one worksheet."""

    def __init__(self, services, owner):
        self.services, self.owner = services, owner

    def make(self, options):
        self.worksheet = self.services.worksheets.make(self.owner, options)
        self.pdf = self.services.worksheets.read_file(self.owner, self.worksheet, "sheet")

    def photograph(self, number, lightness):
        """Return a picture of a page of the PDF; each lightness is another picture."""
        printed = print_page(self.pdf, number)
        return as_png(printed - printed // 255 * (255 - lightness))

    def send(self, sending=None, **files):
        given = [(name, io.BytesIO(content)) for name, content in files.items()]
        self.services.receiving.receive(self.owner, self.worksheet, given, sending)
        work(self.services)

    @property
    def pages(self):
        return self.services.worksheet_pages.of(self.owner, self.worksheet)

    @property
    def left_out(self):
        left = self.services.worksheet_pages.left_out(self.owner, self.worksheet)
        return {one.file: one.code for one in left}

    @property
    def table(self):
        worksheet = self.services.worksheets.get(self.owner, self.worksheet)
        return make_table(worksheet, self.pages)

    def mark(self, file, mark, place=0):
        (page,) = (one for one in self.pages if one.file == file)
        desk = self.services.worksheet_pages
        desk.decide(self.owner, self.worksheet, page.id, place, mark=mark)

    def doubt(self, file):
        """Make a page's first answer one that a person looks at."""
        (page,) = (one for one in self.pages if one.file == file)
        first = (WorksheetAnswer.page_id == page.id) & (WorksheetAnswer.question == 0)
        with self.services.database.writing() as session:
            session.execute(update(WorksheetAnswer).where(first).values(mark="look"))

    @property
    def doubtful(self):
        """How many answers wait for a look."""
        worksheet = self.services.worksheets.get(self.owner, self.worksheet)
        (listed,) = self.services.worksheets.of(self.owner)
        assert (worksheet.pages, worksheet.doubtful) == (listed.pages, listed.doubtful)
        return worksheet.doubtful

    def delete(self, file):
        (page,) = (one for one in self.pages if one.file == file)
        self.services.worksheet_pages.delete(self.owner, self.worksheet, page.id)


def lines_of(table):
    rows = csv.DictReader(io.StringIO(write_csv(table).decode("utf-8-sig")))
    return [
        (row["pupil"], row["attempt"], row["counts"], row["file"], row["right"]) for row in rows
    ]


def test_a_page_sent_again_is_a_new_attempt_and_the_newest_counts(desk):
    desk.make(ONE)
    desk.send(first=desk.photograph(0, 255), bob=desk.photograph(1, 255))
    desk.send(second=desk.photograph(0, 250))
    desk.mark("second", "right")
    assert desk.left_out == {}
    assert [(one.file, one.attempt, one.attempts, one.counts) for one in desk.pages] == [
        ("first", 1, 2, False),
        ("second", 2, 2, True),
        ("bob", 1, 1, True),
    ]
    table = desk.table
    ann, bob = table.rows
    assert [[page.file for page in one.pages] for one in ann.attempts] == [["first"], ["second"]]
    assert [one.count("right") for one in ann.attempts] == [0, 1]
    assert (ann.attempt, bob.attempt, bob.earlier) == (2, 1, ())
    assert table.repeated == [ann]
    # What was hard is asked of the answers that count.
    assert [(one.right, one.wrong) for one in table.columns] == [(1, 1)]
    assert lines_of(table) == [
        ("Ann", "1", "no", "first", "0"),
        ("Ann", "2", "yes", "second", "1"),
        ("Bob", "1", "yes", "bob", "0"),
    ]
    (page,) = (one for one in desk.pages if one.file == "first")
    assert desk.services.worksheet_pages.get(desk.owner, desk.worksheet, page.id) == page
    desk.delete("second")
    assert lines_of(desk.table) == [
        ("Ann", "1", "yes", "first", "0"),
        ("Bob", "1", "yes", "bob", "0"),
    ]


def test_only_the_newest_attempt_is_to_be_looked_at(desk):
    desk.make(ONE)
    desk.send(first=desk.photograph(0, 255), bob=desk.photograph(1, 255))
    for file in ("first", "bob"):
        desk.doubt(file)
    assert desk.doubtful == 2
    desk.send(second=desk.photograph(0, 250))
    assert desk.doubtful == 1
    desk.doubt("second")
    assert desk.doubtful == 2
    # An earlier one may still be decided, and waits again where nothing newer is left.
    (earlier,) = desk.table.rows[0].earlier
    assert earlier.count("look") == 1
    desk.delete("second")
    assert desk.doubtful == 2
    desk.mark("first", "right")
    assert desk.doubtful == 1


def test_without_names_every_page_is_to_be_looked_at(desk):
    desk.make(replace(ONE, names=()))
    desk.send(first=desk.photograph(0, 255))
    desk.send(second=desk.photograph(0, 250))
    for file in ("first", "second"):
        desk.doubt(file)
    assert desk.doubtful == 2


def test_what_comes_together_is_one_attempt_in_however_many_requests(desk):
    desk.make(ONE)
    sending = uuid4()
    desk.send(sending, first=desk.photograph(0, 255), twice=desk.photograph(0, 250))
    desk.send(sending, later=desk.photograph(0, 245))
    assert desk.left_out == {"twice": "page_again", "later": "page_again"}
    # The very same picture is never another attempt.
    desk.send(same=desk.photograph(0, 255))
    assert desk.left_out["same"] == "page_same"
    desk.send(uuid4(), again=desk.photograph(0, 245))
    assert [(one.file, one.attempt) for one in desk.pages] == [("first", 1), ("again", 2)]


def test_of_a_worksheet_of_several_pages_each_may_come_again(desk):
    own = tuple(Question(f"{number} + 1 =", "", str(number + 1)) for number in range(1, 14))
    desk.make(replace(ONE, own=own, columns=1, names=("Ann",)))
    one, two = desk.photograph(0, 255), desk.photograph(1, 255)
    desk.send(one=one)
    desk.send(two=two)
    assert [(page.file, page.attempt) for page in desk.pages] == [("one", 1), ("two", 1)]
    desk.send(better=desk.photograph(1, 250))
    (row,) = desk.table.rows
    assert [[page.file for page in each.pages] for each in row.attempts] == [
        ["one", "two"],
        ["one", "better"],
    ]
    assert [[page.file for page in each.new_pages] for each in row.attempts] == [
        ["one", "two"],
        ["better"],
    ]
    assert {len(each.answers) for each in row.attempts} == {13}


def test_without_names_no_page_is_an_attempt_of_another(desk):
    desk.make(replace(ONE, names=()))
    desk.send(first=desk.photograph(0, 255))
    desk.send(second=desk.photograph(0, 250))
    assert [(row.attempt, row.earlier) for row in desk.table.rows] == [(1, ()), (1, ())]
