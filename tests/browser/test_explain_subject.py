"""What the page Explain is about: a drawing or a picture, one of its digits, or a refusal."""

import io

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, FloatRect, Page, expect

from benchmarks.attack.hostile import sevens

from .drawing import (
    ONE,
    SEVEN,
    draw,
    encoded,
    expect_digit,
    kept_strokes,
    open_page,
    picture_of,
)
from .explaining import LINK, from_the_drawing_page, open_explain
from .people import keep_digit, sign_up


def meant_box(page: Page) -> FloatRect:
    box = page.locator(".mark.is-meant").bounding_box()
    assert box is not None
    return box


def test_the_drawing_travels_along_and_follows_each_stroke(page: Page, site: str) -> None:
    from_the_drawing_page(page, site)
    expect(page.locator(".stage")).not_to_have_count(0)
    page.keyboard.press("e")
    draw(page, SEVEN)
    draw(page, SEVEN)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect_digit(page, 7)
    assert len(kept_strokes(page)) == 1


def test_nothing_to_explain_is_an_invitation_and_an_example(page: Page, site: str) -> None:
    open_explain(page, site)
    expect_digit(page, 3)
    expect(page.get_by_text("This 3 is only an example")).to_be_visible()
    assert kept_strokes(page) == []
    page.get_by_role("button", name="Draw your own digit").click()
    expect(page.locator("#pad")).to_be_focused()
    draw(page, ONE)
    expect_digit(page, 1)
    expect(page.get_by_text("This 3 is only an example")).to_be_hidden()


def test_the_first_stroke_replaces_the_example(page: Page, site: str) -> None:
    open_explain(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    assert len(kept_strokes(page)) == 1
    page.keyboard.press("z")
    expect_digit(page, 3)
    expect(page.get_by_text("This 3 is only an example")).to_be_visible()
    # An eraser works on the example: the page invites to it.
    page.keyboard.press("e")
    draw(page, [[(0.3, 0.6), (0.7, 0.6)]])
    assert [stroke["tool"] for stroke in kept_strokes(page)] == ["pen", "pen", "eraser"]


def test_a_picture_that_was_sent_travels_along(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "seven.png", "mimeType": "image/png", "buffer": picture_of(7)}
    page.locator("#choose").set_input_files(file)
    expect_digit(page, 7)
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_alt_text("The picture that is explained")).to_be_visible()
    expect_digit(page, 7)
    page.get_by_role("button", name="Draw instead").click()
    expect(page.locator("#pad")).to_be_visible()
    expect_digit(page, 3)


def test_a_picture_that_the_browser_cannot_show_is_explained_with_a_word_on_it(
    page: Page, site: str
) -> None:
    open_page(page, site)
    content = encoded(Image.open(io.BytesIO(picture_of(7))).convert("RGB"), "HEIF")
    file: FilePayload = {"name": "seven.heic", "mimeType": "image/heic", "buffer": content}
    page.locator("#choose").set_input_files(file)
    expect_digit(page, 7)
    page.get_by_role("link", name=LINK).click()
    expect_digit(page, 7)
    words = "This browser cannot show pictures of this kind."
    expect(page.locator("#picture")).to_have_text(words)
    expect(page.locator("#picture img")).to_have_count(0)


def test_each_digit_of_a_picture_can_be_explained(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "both.png", "mimeType": "image/png", "buffer": picture_of(1, 7)}
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    expect_digit(page, 1)
    expect(page.locator("#digits")).to_contain_text("17: 2 digits were read")
    expect(page.locator(".mark")).to_have_count(2)
    expect(page.locator(".verdict-detail")).to_contain_text("the 1st digit of 17")
    first = meant_box(page)
    page.get_by_alt_text("Explain digit number 2").click()
    expect_digit(page, 7)
    assert meant_box(page)["x"] > first["x"] + first["width"] / 2
    # A digit is chosen by keyboard, and the choice stays where it was.
    expect(page.locator(".digit-choice").nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect_digit(page, 1)


def test_a_high_picture_is_shown_whole_with_its_boxes_on_the_digits(page: Page, site: str) -> None:
    both = Image.open(io.BytesIO(picture_of(1, 7))).convert("L")
    width, height = both.size
    high = Image.new("L", (width, 3 * width), 255)
    high.paste(both, (0, 3 * width - height))
    open_explain(page, site)
    file: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": encoded(high, "PNG")}
    page.locator("#choose").set_input_files(file)
    expect_digit(page, 1)
    paper = page.get_by_label("Paper", exact=True).bounding_box()
    assert paper is not None
    assert page.get_by_alt_text("The picture that is explained").bounding_box() == paper
    # The picture is shown whole, so its digits stand just above the lower edge of the paper.
    box = meant_box(page)
    middle = paper["y"] + paper["height"] * (1 - height / (6 * width))
    assert box["y"] < middle < box["y"] + box["height"]


def test_a_drawing_of_several_digits_has_a_choice_too(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, [[(x / 2, y) for x, y in ONE[0]], [(0.45 + x / 2, y) for x, y in SEVEN[0]]])
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    expect_digit(page, 1)
    page.get_by_alt_text("Explain digit number 2").click()
    expect_digit(page, 7)
    draw(page, [])
    page.keyboard.press("z")
    expect(page.locator("#digits")).to_be_hidden()
    expect(page.locator(".mark")).to_have_count(0)


def test_what_is_refused_is_explained_as_refused(page: Page, site: str) -> None:
    letter = Image.new("L", (280, 280), 255)
    font = ImageFont.load_default(200)
    ImageDraw.Draw(letter).text((140, 140), "A", 0, font, anchor="mm")
    file: FilePayload = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": encoded(letter, "PNG"),
    }
    open_page(page, site)
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    words = page.locator(".verdict-words").inner_text()
    page.get_by_role("link", name=LINK).click()
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "refusal")
    expect(page.locator(".verdict-words")).to_have_text(words)
    expect(page.locator(".verdict-digit")).to_be_empty()
    expect(page.locator("#doubt-words")).to_contain_text("points")
    expect(page.locator(".mark.is-meant")).to_have_count(1)


def test_an_answer_that_is_out_of_date_is_marked(page: Page, site: str) -> None:
    open_explain(page, site)
    page.route("**/explain", lambda route: route.fulfill(status=400))
    draw(page, ONE)
    expect(page.locator("#main")).to_have_attribute("data-state", "stale")
    expect(page.locator(".verdict-warning")).to_contain_text("the digit before")
    page.unroute("**/explain")
    draw(page, ONE)
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect(page.locator(".verdict-warning")).to_be_empty()


def test_what_is_drawn_while_the_line_is_lost_is_explained_when_it_is_back(
    page: Page, site: str
) -> None:
    from_the_drawing_page(page, site)
    page.context.set_offline(True)
    page.get_by_role("button", name="Clear").click()
    draw(page, ONE)
    expect(page.locator("#main")).to_have_attribute("data-state", "stale")
    expect(page.locator(".verdict-warning")).to_contain_text("the digit before")
    expect(page.locator(".verdict-digit")).to_be_empty()
    expect(page.locator("#connection")).to_have_attribute("data-state", "down")
    expect(page.locator("#connection")).to_have_text("No connection")
    page.context.set_offline(False)
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect_digit(page, 1)
    expect(page.locator(".verdict-warning")).to_be_empty()


def test_digits_that_touch_are_explained_apart(page: Page, site: str) -> None:
    open_page(page, site)
    file: FilePayload = {"name": "page.png", "mimeType": "image/png", "buffer": sevens(30, 60)}
    page.locator("#choose").set_input_files(file)
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.get_by_role("link", name=LINK).click()
    warning = page.get_by_role("status").locator(".verdict-warning")
    expect(warning).to_contain_text("cut apart from them")
    expect(warning).to_contain_text("left out")
    page.get_by_role("button", name="Draw instead").click()
    expect_digit(page, 3)
    expect(warning).to_be_hidden()


def test_a_stored_picture_can_be_explained(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    keep_digit(page, 7)
    page.goto(f"{site}/gallery/?mine=1")
    page.locator("main a[href*='/gallery/'] img").first.click()
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_alt_text("The picture that is explained")).to_be_visible()
    expect_digit(page, 7)


def test_a_stored_picture_needs_a_person(page: Page, site: str) -> None:
    page.goto(f"{site}/explain?picture=00000000-0000-0000-0000-000000000000")
    expect(page.locator(".verdict-detail")).to_contain_text("Log in")
