"""The site in a browser that runs no scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.pictures import draw, encode

from .conftest import PATIENCE_MS
from .people import sign_up

SEVEN = encode(draw([(70, 70), (210, 70), (120, 220)]))
LETTER = encode(draw([(50, 240), (140, 40), (230, 240)], [(90, 160), (190, 160)]))
ONE = encode(draw([(140, 50), (140, 230)]))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def send(page: Page, name: str, content: bytes) -> None:
    field = page.get_by_label("A picture of a digit, or of several")
    field.set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    page.get_by_role("button", name="Read it").click()


def test_a_visitor_sends_pictures_and_gets_answers_as_pages(page: Page, site: str) -> None:
    page.goto(site)
    note = page.locator(".without-script")
    expect(note).to_contain_text("Drawing on this page needs JavaScript")
    expect(note).to_be_in_viewport()
    expect(page.locator("#pad")).to_be_hidden()
    send(page, "seven.png", SEVEN)
    expect(page.get_by_role("heading", name="This is a 7")).to_be_visible()
    expect(page.get_by_role("img", name="The 7 as the network sees it")).to_be_visible()
    expect(page.get_by_text("Nothing that you draw or send is stored.")).to_be_visible()
    expect(page.get_by_role("button", name="Not a digit")).to_have_count(0)
    send(page, "no.png", b"not a picture")
    expect(page.get_by_role("heading", name="The picture was not read")).to_be_visible()
    expect(page.get_by_text("Send a file in one of these formats")).to_be_visible()
    send(page, "blank.png", encode(draw()))
    expect(page.get_by_role("heading", name="the page is blank")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Course")).to_be_visible()


def test_a_person_chooses_what_is_kept(page: Page, site: str) -> None:
    sign_up(page, site, "without-script")
    page.goto(site)
    keep = page.get_by_label("Keep it, if it shows one digit")
    keep.uncheck()
    send(page, "one.png", ONE)
    expect(page.get_by_role("heading", name="This is a 1")).to_be_visible()
    expect(page.get_by_text("The picture is kept.")).to_have_count(0)
    keep.check()
    send(page, "one.png", ONE)
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_role("heading", name="Read as a 1")).to_be_visible()
    page.goto(f"{site}/gallery/?mine=1")
    note = page.locator(".without-script")
    expect(note).to_contain_text("Labelling pictures one after another needs JavaScript")
    expect(page.locator(".tile")).to_have_count(1)


def test_a_person_says_what_a_picture_shows(page: Page, site: str) -> None:
    page.context.clear_cookies()
    sign_up(page, site, "labels-without-script")
    page.goto(site)
    send(page, "letter.png", LETTER)
    expect(page.get_by_text("Not kept. If you say what it shows")).to_be_visible()
    expect(page.get_by_role("button", name="Right")).to_have_count(0)
    page.get_by_role("button", name="Not a digit").click()
    expect(page.get_by_text("The picture is kept as not a digit.")).to_be_visible()

    page.goto(site)
    page.get_by_label("Keep it, if it shows one digit").uncheck()
    send(page, "seven.png", SEVEN)
    expect(page.get_by_text("Not kept. Keep it, or say what it shows")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Right").click()
    expect(page.get_by_text("The picture is kept as a 7.")).to_be_visible()

    page.goto(site)
    send(page, "one.png", ONE)
    expect(page.get_by_text("The picture is kept.")).to_be_visible()
    page.get_by_role("button", name="4", exact=True).click()
    expect(page.get_by_role("heading", name="A 4")).to_be_visible()
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile")).to_have_count(3)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/explain", "This page draws every step with JavaScript"),
        ("/explain/course", "pictures and experiments of this course need JavaScript"),
    ],
)
def test_a_page_says_what_is_missing_and_what_works(
    page: Page, site: str, path: str, words: str
) -> None:
    page.goto(site + path)
    note = page.locator(".without-script")
    expect(note).to_contain_text(words)
    expect(note).to_be_in_viewport()
    note.locator("a", has_text="Draw").click()
    expect(page.get_by_role("button", name="Read it")).to_be_visible()


def test_the_models_can_be_read_about_and_downloaded(page: Page, site: str) -> None:
    page.goto(f"{site}/models")
    page.get_by_role("link", name="cats-dogs", exact=True).click()
    expect(page.locator(".without-script")).to_contain_text("This page reads pictures with Java")
    expect(page.locator("main :is(button, input, canvas):visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="About this model")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the model").click()
    assert download.value.suggested_filename.endswith(".dnm")


def test_the_course_is_printed_as_its_text_with_room_for_answers(page: Page, site: str) -> None:
    page.goto(f"{site}/explain/course")
    page.emulate_media(media="print")
    questions = page.locator(".question")
    expect(questions).to_have_count(14)
    for question in questions.all():
        expect(question).to_be_visible()
        assert question.evaluate(
            """(question) => {
                const { height } = question.getBoundingClientRect();
                const texts = [...question.children].map((child) => child.getBoundingClientRect());
                return height - Math.max(...texts.map(({ height }) => height)) > 60;
            }"""
        ), "there is no room below it"
    expect(page.locator("main :is(button, input, select, canvas):visible")).to_have_count(0)
    expect(page.locator(".site-header")).to_be_hidden()
    page.emulate_media(media="screen")
