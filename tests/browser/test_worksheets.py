"""Worksheets in a browser: made, printed, filled in, photographed, marked, looked over."""

import csv
import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, expect

from app.worksheets.layout import Layout
from app.worksheets.making import make_worksheet
from app.worksheets.paper import PAPERS
from app.worksheets.questions import make_questions
from tests.app.sheets import CAT, SCALE, as_png, fill_page, take_picture

from .people import sign_up
from .test_runs import expect_no_faults

LONG_MS = 240_000
COUNT, SEED = 6, 7
ZIGZAG = ((1.2, 0.3), (2.8, 0.4), (1.3, 0.55), (2.9, 0.7))


def layout() -> Layout:
    """Return where the boxes of the worksheet are that is made here."""
    return make_worksheet(make_questions("addition", COUNT, seed=SEED), PAPERS["A4"]).layout


def make(page: Page, site: str) -> bytes:
    """Make a worksheet for two pupils by the form, and return its PDF."""
    page.goto(f"{site}/worksheets")
    page.get_by_label("Title").fill("Sums to forty")
    page.get_by_label("How many questions").fill(str(COUNT))
    page.get_by_label("Pupils’ names").fill("Ann\nBéla Nagy\n")
    page.get_by_text("More choices").click()
    page.get_by_label("Seed").fill(str(SEED))
    page.get_by_role("button", name="Make the worksheet").click()
    expect(page.get_by_role("heading", name="Sums to forty")).to_be_visible()
    with page.expect_event("download") as download:
        page.get_by_role("link", name="Worksheet to print").evaluate("one => one.download = ''")
        page.get_by_role("link", name="Worksheet to print").click()
    return download.value.path().read_bytes()


def cross_out(picture: np.ndarray, places: tuple[int, ...]) -> np.ndarray:
    """Cross answers out, so that a person has to look at them."""
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    for place in places:
        boxes = layout().pages[0].questions[place][2]
        left, top, _, height = boxes[0]
        right = boxes[-1][0] + boxes[-1][2]
        for down in (0.3, 0.5, 0.7):
            y = (top + height * down) * SCALE
            pen.line([((left + 1) * SCALE, y), ((right - 1) * SCALE, y + 6)], (20, 20, 60), 7)
    return np.asarray(image)


def write_beside(picture: np.ndarray, place: int) -> np.ndarray:
    """Write something beside an answer, whose digits are as they were."""
    image = Image.fromarray(picture)
    left, top, width, height = layout().pages[0].questions[place][2][-1]
    points = [(left + width + across, top + height * down) for across, down in ZIGZAG]
    ImageDraw.Draw(image).line([(x * SCALE, y * SCALE) for x, y in points], (20, 20, 60), 6)
    return np.asarray(image)


def send(page: Page, **files: bytes) -> None:
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
        for name, content in files.items()
    ]
    page.get_by_label("Photographs, scans or a PDF").set_input_files(payloads)
    page.get_by_role("button", name="Mark them").click()


def expect_reading_first(page: Page) -> None:
    """Expect what is right and what was read to be told when asked for, and hidden again."""
    with page.expect_response(re.compile("/doubtful$")) as response:
        page.reload()
    first, second = response.value.json()["answers"][:2]
    stage, told = page.locator("#stage"), page.locator("#told")
    expect(stage).to_contain_text(f"{first['number']}. {first['text']}")
    expect(told).to_be_empty()
    expect(stage).not_to_contain_text(re.compile(rf"\b{first['answer']}\b|Read as"))
    page.keyboard.press("a")
    expect(told).to_contain_text(f"{first['answer']} is right.")
    expect(told).to_contain_text(re.compile("Read as|No digits were read"))
    page.keyboard.press("a")
    expect(told).to_be_empty()
    page.get_by_role("button", name="Show what is right").click()
    expect(told).not_to_be_empty()
    page.keyboard.press("l")
    expect(stage).to_contain_text(f"{second['number']}. {second['text']}")
    expect(told).to_be_empty()
    page.reload()
    expect(stage).to_contain_text(f"{first['number']}. {first['text']}")


@pytest.fixture
def marked(page: Page, site: str) -> Page:
    """Make a worksheet, send its pages and others, and wait until they are marked."""
    sign_up(page, site)
    pdf = make(page, site)
    ann, bela = (fill_page(pdf, layout(), number, seed=number) for number in range(2))
    crossed = cross_out(ann.picture, (1, 2))
    send(
        page,
        ann=take_picture(crossed, "photograph"),
        bela=take_picture(bela.picture),
        again=take_picture(bela.picture, seed=2),
        cat=CAT.read_bytes(),
        empty=as_png(np.full((1600, 1200, 3), 250, np.uint8)),
        damaged=b"no picture",
    )
    # What a reload shows is where it was.
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Results")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("progressbar")).to_be_hidden(timeout=LONG_MS)
    return page


def test_a_worksheet_goes_from_the_form_to_its_results(marked: Page) -> None:
    page = marked
    expect(page.get_by_role("heading", name="4 pictures were not marked")).to_be_visible()
    for name, words in (
        ("again", "is not marked twice"),
        ("cat", "no page of a worksheet"),
        ("empty", "no page of a worksheet"),
        ("damaged", "no picture, PDF or TIFF"),
    ):
        told = page.get_by_role("listitem").filter(has=page.get_by_text(name, exact=True))
        expect(told).to_contain_text(words)
    expect_no_faults(page)
    results = page.url
    page.get_by_role("link", name=re.compile("Look at .* doubtful")).click()
    left = page.locator("#left")
    expect(left).to_have_text(re.compile(r"^\d+ answers left$"))
    count = int(left.inner_text().split()[0])
    assert count >= 2
    expect(page.locator("#picture")).to_have_js_property("complete", True)
    expect_no_faults(page)
    expect_reading_first(page)
    page.keyboard.press("r")
    expect(left).to_have_text(re.compile(f"^{count - 1} answer"))
    page.keyboard.press("z")
    expect(left).to_have_text(f"{count} answers left")
    page.keyboard.press("r")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(left).to_have_text(re.compile(f"^{count - 2} answer"))
    expect(page.locator("#note")).to_be_empty()
    for _ in range(count - 2):
        page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_role("heading", name="No answer is doubtful any more.")).to_be_visible()
    page.get_by_role("link", name="See the results").click()
    expect(page).to_have_url(results)
    expect(page.get_by_role("link", name=re.compile("doubtful"))).to_have_count(0)
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.locator(".mark-look")).to_have_count(0)
    with page.expect_event("download") as download:
        page.get_by_role("link", name="Table (CSV)").click()
    content = download.value.path().read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [row[0] for row in rows] == ["pupil", "Ann", "Béla Nagy"]
    assert "wrong 99" in rows[1] + rows[2]
    assert all(int(row[rows[0].index("look")]) == 0 for row in rows[1:])
    page.get_by_role("link", name="Béla Nagy").click()
    picture = page.get_by_role("img", name="The page with its marks")
    expect(picture).to_have_js_property("naturalWidth", 1260)
    expect_no_faults(page)
    page.get_by_role("button", name="Question 1: wrong").click()
    expect(page.locator("#answer-0")).to_contain_text("decided by you")
    page.get_by_role("link", name="Sums to forty").click()
    page.get_by_role("button", name="Delete this worksheet").click()
    expect(page.get_by_role("heading", name="Your worksheets")).to_have_count(0)


def test_digits_that_are_typed_are_kept_as_labels_if_that_is_ticked(page: Page, site: str) -> None:
    sign_up(page, site)
    filled = fill_page(make(page, site), layout(), seed=0)
    send(page, ann=take_picture(write_beside(write_beside(filled.picture, 0), 3)))
    look = page.get_by_role("link", name="Look at 2 doubtful answers")
    expect(look).to_be_visible(timeout=LONG_MS)
    look.click()
    asked, last = page.locator("#asked"), page.locator("#last")
    for width, height in ((360, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)
    page.get_by_label("Keep the digits that I type").check()
    expect(asked).to_have_text(re.compile(r"^\d\. "))
    written = filled.written[int(asked.inner_text().split(".")[0]) - 1]
    assert len(written) == 2
    page.keyboard.type(written)
    page.keyboard.press("Enter")
    kept = "2 digits were kept among your labelled pictures."
    expect(last).to_have_text(f"Ann wrote {written}: right. {kept}")
    page.keyboard.press("z")
    stays = "The digits that were kept stay among your labelled pictures."
    expect(last).to_have_text(f"Ann waits for a decision again. {stays}")
    page.keyboard.type(written)
    page.keyboard.press("Enter")
    expect(last).to_have_text(f"Ann wrote {written}: right. {kept}")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(last).to_contain_text("Ann wrote 7: wrong. The digits were not kept")
    expect(page.get_by_role("heading", name="No answer is doubtful any more.")).to_be_visible()
    expect_no_faults(page)
    # Typed twice, they are there once, with what was typed.
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile-picture")).to_have_count(2)
    for digit in set(written):
        page.goto(f"{site}/gallery/?mine=1&digit={digit}")
        expect(page.locator(".tile-picture")).to_have_count(written.count(digit))


def test_who_wrote_a_page_without_a_name_is_seen_and_typed(page: Page, site: str) -> None:
    sign_up(page, site)
    page.goto(f"{site}/worksheets")
    page.get_by_label("How many questions").fill(str(COUNT))
    page.get_by_text("More choices: paper").click()
    page.get_by_label("Seed").fill(str(SEED))
    page.get_by_role("button", name="Make the worksheet").click()
    page.wait_for_url(re.compile("/worksheets/.+"))
    pdf = page.request.get(f"{page.url}/sheet.pdf").body()
    filled = fill_page(pdf, layout(), seed=0).picture
    send(page, mia=take_picture(write_beside(filled, 0)))
    first = page.get_by_role("textbox", name="Name on page 1 of the table")
    expect(first).to_be_visible(timeout=LONG_MS)
    picture = page.get_by_role("img", name="The name as it is written on the page")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 432)
    expect_no_faults(page)
    # What is typed stays where the page is renewed by itself.
    first.fill("Mia Maß")
    send(page, jo=take_picture(filled, seed=1))
    second = page.get_by_role("textbox", name="Name on page 2 of the table")
    expect(second).to_be_visible(timeout=LONG_MS)
    expect(first).to_have_value("Mia Maß")
    second.fill("Jo")
    page.keyboard.press("Enter")
    for name in ("Mia Maß", "Jo"):
        expect(page.get_by_role("rowheader").get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("link", name=re.compile("Look at .* doubtful")).click()
    expect(page.locator("#whose")).to_contain_text(re.compile("Mia Maß|Jo"))
    page.go_back()
    first.fill("")
    page.get_by_role("button", name="Save the names").click()
    expect(page.get_by_role("rowheader").get_by_role("link", name="mia")).to_be_visible()


def test_the_form_has_no_faults_on_a_narrow_screen_in_the_dark(browser: Browser, site: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, color_scheme="dark", has_touch=True
    )
    page = context.new_page()
    sign_up(page, site)
    page.goto(f"{site}/worksheets")
    for summary in page.locator("main summary").all():
        summary.click()
    expect_no_faults(page)
    page.get_by_label("How many questions").fill("0")
    page.get_by_role("button", name="Make the worksheet").click()
    expect(page.get_by_role("alert")).to_have_text("A worksheet has 1 to 200 questions.")
    context.close()
