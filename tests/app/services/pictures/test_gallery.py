"""Looking through the pictures: order, filters, pages, places in it, and what they cost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, insert, literal, select, text

from app.services.pictures.gallery import Cursor, Filter, Gallery
from app.storage.models import Holding, Labelling, Picture
from app.web.extensions import db
from tests.app.database import writing
from tests.app.stock import NOON, add_person, fill, new_picture

PICTURE = UUID("00000000-0000-4000-8000-000000000000")


def walk(gallery, chosen=None, meanwhile=lambda: None, size=48):
    """Return the ids of all pages, from the newest to the oldest."""
    chosen, after, seen = chosen or Filter(), None, []
    while True:
        page = gallery.page(chosen, viewer=PICTURE, after=after, size=size)
        seen += [picture.id for picture in page.pictures]
        if page.older is None:
            return seen
        after = Cursor.parse(str(page.older))
        meanwhile()


def pages_of(gallery, chosen, size):
    """Return the ids of each page from the newest on, and of each on the way back."""
    onward, back = [gallery.page(chosen, viewer=PICTURE, size=size)], []
    while onward[-1].older is not None:
        onward.append(gallery.page(chosen, viewer=PICTURE, after=onward[-1].older, size=size))
    page = onward[-1]
    while page.newer is not None:
        before = Cursor.parse(str(page.newer))
        page = gallery.page(chosen, viewer=PICTURE, before=before, size=size)
        back.append(page)
    return [[[p.id for p in page.pictures] for page in pages] for pages in (onward, back)]


@pytest.fixture
def gallery(services):
    return services.gallery


def odd_moment(number):
    # Many at the same moment, and moments that no float of seconds can hold exactly.
    return NOON.replace(year=2200) + timedelta(microseconds=number // 7 * 333_333_337 + 1)


@pytest.mark.parametrize("moment", [odd_moment, lambda n: NOON], ids=["odd", "equal"])
def test_paging_shows_every_picture_once_and_in_order(gallery, moment):
    ids = fill(300, moment=moment)
    moments = dict(zip(ids, map(moment, range(300)), strict=True))
    seen = walk(gallery, size=7)
    assert sorted(seen) == sorted(ids)
    assert seen == sorted(ids, key=lambda i: (moments[i], i), reverse=True)


@pytest.mark.parametrize("moment", [odd_moment, lambda n: NOON], ids=["odd", "equal"])
def test_the_way_back_shows_the_same_pages(gallery, moment):
    person = add_person()
    fill(70, moment=moment, user_id=person)
    for chosen in (Filter(), Filter(None, person), Filter("7", person)):
        onward, back = pages_of(gallery, chosen, 7)
        assert onward[:-1][::-1] == back
    assert gallery.page(Filter(), viewer=PICTURE).newer is None


def test_a_page_that_would_be_short_on_the_way_back_is_the_newest(gallery):
    fill(20)
    third = gallery.page(Filter(), viewer=PICTURE, size=3).older
    page = gallery.page(Filter(), viewer=PICTURE, after=third, size=8)
    newest = gallery.page(Filter(), viewer=PICTURE, before=page.newer, size=8)
    assert newest == gallery.page(Filter(), viewer=PICTURE, size=8)


def test_a_page_that_is_just_full_is_the_last(gallery):
    fill(48)
    page = gallery.page(Filter(), viewer=PICTURE)
    assert len(page.pictures) == 48
    assert page.older is None


def test_what_arrives_or_vanishes_meanwhile_disturbs_nothing(services, gallery):
    person = add_person()
    ids = fill(60, user_id=person)
    numbers = iter(range(10_000, 20_000))
    gone = []

    def meanwhile():
        services.images.keep(person, new_picture(next(numbers), created_at=NOON.replace(2040)))
        gone.append(ids.pop(0))
        services.images.let_go(person, gone[-1])

    seen = walk(gallery, meanwhile=meanwhile, size=5)
    assert len(seen) == len(set(seen))
    assert set(ids) <= set(seen) <= set(ids) | set(gone)


def test_filters(services, gallery):
    person, other = add_person("ann"), add_person("bob")
    ids = [services.images.keep(person, new_picture(n)) for n in range(12)]
    theirs = services.images.keep(other, new_picture(21))
    services.images.keep(other, new_picture(1))
    services.images.label(ids[0], "1", by=person)
    services.images.label(ids[11], "none", by=person)
    assert walk(gallery, Filter("1")) == [theirs, ids[1], ids[0]]
    assert walk(gallery, Filter("0")) == [ids[10]]
    assert walk(gallery, Filter("none")) == [ids[11]]
    assert walk(gallery, Filter("1", other)) == [theirs, ids[1]]
    assert walk(gallery, Filter(None, person), size=5) == ids[::-1]
    assert gallery.count(Filter("1")) == 3
    assert gallery.count(Filter(None, other)) == 2
    with pytest.raises(ValueError, match="not '10'"):
        Filter("10")


def test_the_page_filters_as_its_address_says(ann, bob, seven, one):
    first, second, theirs = ann.keep(seven), ann.keep(one), bob.keep(one)
    assert second == theirs
    assert ann.gallery() == [second, first]
    assert ann.gallery("mine=1") == [second, first]
    assert bob.gallery("mine=1") == [second]
    assert ann.gallery("digit=7") == [first]
    assert ann.gallery("digit=7&mine=1") == [first]
    assert bob.gallery("digit=7&mine=1") == []
    page = ann.get("/gallery/?digit=7").text
    assert first[:5] in page
    assert 'loading="lazy"' in page


def test_an_empty_gallery_says_what_to_do(ann):
    page = ann.get("/gallery/").text
    assert "Nobody has kept a picture yet" in page
    assert "Draw a digit" in page


def test_the_older_pages_are_reached_by_links(ann, services):
    ids = list(map(str, fill(100)))[::-1]
    seen, path = [], "/gallery/"
    while path:
        page = ann.get(path)
        seen += [i for i in ids if f"/gallery/{i}.png" in page.text]
        path = page.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == ids


def follow(page, rel):
    return page.text.partition(f'rel="{rel}" href="')[2].partition('"')[0].replace("&amp;", "&")


def test_newer_leads_back_and_a_picture_to_the_page_that_it_was_on(ann, services):
    fill(150)
    first = ann.get("/gallery/?digit=7")
    assert follow(first, "prev") == ""
    second = ann.get(follow(ann.get("/gallery/"), "next"))
    assert ann.get(follow(second, "prev")).text.count('class="tile"') == 48
    address = second.text.partition('class="tile-picture" href="')[2].partition('"')[0]
    picture = ann.get(address.replace("&amp;", "&"))
    back = picture.text.partition('class="one-back"><a href="')[2].partition('"')[0]
    again = ann.get(back.replace("&amp;", "&"))
    assert again.text.partition('<ol class="tiles"')[2].partition("</ol>")[0] in second.text


HOSTILE = [
    "after=",
    "after=.",
    "after=1",
    "after=x.y",
    f"after=x.{PICTURE}",
    "after=1.nothing",
    f"after={'9' * 25}.{PICTURE}",
    f"after=-{'9' * 25}.{PICTURE}",
    f"after={'9' * 6000}.{PICTURE}",
    f"after=1e3.{PICTURE}",
    f"after=nan.{PICTURE}",
    f"after=1.{PICTURE}%00",
    f"after=%ff.{PICTURE}",
    f"after=1.{PICTURE}'--",
    "digit=10",
    "digit=-1",
    "digit=seven",
    "digit=%D9%A7",
    "digit=7%00",
    "digit=None",
    "digit=%ff",
]


def test_hostile_addresses_are_no_pages(ann):
    for query in HOSTILE:
        answer = ann.get(f"/gallery/?{query}")
        assert answer.status_code == 404, query
        assert "gallery" in answer.text.lower()
    for query in HOSTILE[-7:]:
        assert ann.get(f"/gallery/download.zip?{query}").status_code == 404, query


@pytest.mark.parametrize(
    "after", ["0", "-62135596800000000", "253402300799999999", "1_000", "+5", "-1"]
)
def test_the_ends_of_time_are_places_like_others(ann, services, after):
    fill(3)
    assert ann.get(f"/gallery/?after={after}.{PICTURE}").status_code == 200
    assert ann.get(f"/gallery/?after={after}.{PICTURE}&mine=1&digit=1").status_code == 200


COLUMNS = "picture (id, sha256, digit, confidence, model, source, created_at)"
MANY = {
    "sqlite": f"""
        INSERT INTO {COLUMNS}
        WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 99999)
        SELECT lower(hex(randomblob(16))), printf('%064x', n), n % 10, 0.9, 'test', 'upload',
            strftime('%Y-%m-%d %H:%M:%S.000000', 2000000000 + n, 'unixepoch') FROM number
        """,
    "postgresql": f"""
        INSERT INTO {COLUMNS}
        SELECT gen_random_uuid(), lpad(to_hex(n), 64, '0'), n % 10, 0.9, 'test', 'upload',
            to_timestamp(2000000000 + n) FROM generate_series(0, 99999) AS n
        """,
}


def plans(gallery, chosen, **place):
    """Return how the database finds a page."""
    statements = []

    def listen(connection, cursor, statement, parameters, context, many):
        statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", listen)
    gallery.page(chosen, viewer=PICTURE, **place)
    event.remove(db.engine, "before_cursor_execute", listen)
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{text}", values)
            for text, values in statements
            if text.startswith("SELECT")
        ]
        return "\n".join(str(row[-1]) for plan in found for row in plan)


def said(person):
    """Select the labellings of somebody who has labelled every tenth picture."""
    moment = Picture.created_at
    columns = (Picture.id, Picture.id, literal(person), literal("1"), moment, moment)
    return select(*columns, literal(False)).where(Picture.digit == 1)


def test_a_hundred_thousand_pictures_page_by_their_index(services):
    """benchmarks/gallery.py compares the times of the first page and the last."""
    gallery = Gallery(services.database)
    person = add_person()
    with db.engine.begin() as connection:
        connection.execute(text(MANY[db.engine.dialect.name]))
    with writing() as session:
        held = select(literal(person), Picture.id, Picture.created_at, literal(False))
        session.execute(insert(Holding).from_select(list(Holding.__table__.c), held))
        session.execute(insert(Labelling).from_select(list(Labelling.__table__.c), said(person)))
        for table in (Picture, Holding, Labelling):  # all of them would wait for other tests
            session.execute(text(f"ANALYZE {table.__tablename__}"))
    start = datetime.fromtimestamp(2_000_000_000, UTC)
    middle, last = (Cursor(start + timedelta(seconds=n), PICTURE) for n in (50_000, 50))
    for chosen in (Filter(), Filter("7"), Filter(None, person), Filter("7", person)):
        for place in ({}, {"after": middle}, {"after": last}, {"before": middle}):
            plan = plans(gallery, chosen, **place)
            assert "_newest" in plan, plan
            assert "TEMP B-TREE" not in plan
            assert "Seq Scan" not in plan


def test_moments_survive_a_link(services):
    for year in (1970, 1999, 2038, 2262, 9998):
        for micro in (1, 123_457, 999_999):
            moment = datetime(year, 12, 31, 23, 59, 59, micro, UTC)
            assert Cursor.parse(str(Cursor(moment, PICTURE))) == Cursor(moment, PICTURE)
