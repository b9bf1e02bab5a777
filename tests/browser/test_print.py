"""Pages on paper: all of them is drawn, in light colours, without what can only be pressed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .drawing import SEVEN, draw, expect_digit, open_page
from .explaining import open_explain
from .people import sign_up

PAGE = re.compile(rb"/Type\s*/Page\b")
LAYERS = re.compile(r"layer=")
EMPTY_CANVASES = """() => [...document.querySelectorAll("main canvas")].filter((canvas) => {
    if (canvas.closest("[hidden]")) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.every((value) => value === 0);
}).length"""


# How light every map in the opened layer is, 0 to 255: most of it is zeros, the colour of the page.
LIGHTNESS = """() => [...document.querySelectorAll("#maps canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value) => sum + value) / data.length;
})"""


def page_in_the_dark(browser: Browser, **options: Any) -> Page:
    """Return a page that prints as far as the dialog, and stays there."""
    page = browser.new_context(color_scheme="dark", **options).new_page()
    page.add_init_script(
        "window.print = () => { dispatchEvent(new Event('beforeprint'));"
        "document.body.setAttribute('data-printed', ''); }"
    )
    return page


def hold_layers(page: Page) -> None:
    """Let no answer about a layer come until `release_layers`."""
    page.route(LAYERS, lambda route: None)


def release_layers(page: Page) -> None:
    page.unroute(LAYERS)


def sheets(page: Page) -> int:
    return len(PAGE.findall(page.pdf(format="A4")))


def test_the_course_is_a_handout(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    page.goto(f"{site}/explain/course")
    expect(page.locator("[data-part=reading]")).to_contain_text("This is a 5")
    page.get_by_role("button", name="Print as a handout").click()
    expect(page.locator("body[data-printed]")).to_be_visible()
    assert page.evaluate(EMPTY_CANVASES) == 0
    assert sheets(page) > 8

    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("body")).to_have_css("color", "rgb(27, 25, 23)")
    expect(page.locator("#convolution .readout [data-part=value]")).not_to_be_empty()
    answers = page.locator(".handout-answers li")
    expect(answers).to_have_count(14)
    expect(answers.nth(10)).to_contain_text("The weights learn nothing")
    expect(answers.nth(12)).to_contain_text("Overfitting")
    expect(answers.last).to_contain_text("An answer for every point")
    expect(page.locator(".handout-answers")).to_have_css("break-before", "page")
    expect(page.locator("main button:visible, main summary:visible")).to_have_count(0)
    expect(page.locator(".site-header")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(answers).to_have_count(0)
    page.context.close()


def test_the_network_is_printed_whole(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    page.goto(f"{site}/explain")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    tabs = page.locator(".river-tab")
    assert tabs.count() > 10
    for tab in (tabs.first, tabs.last):
        expect(tab).to_be_visible()
    frame = page.locator("#river").evaluate(
        "({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]"
    )
    assert frame[0] <= frame[1] + 1
    page.context.close()


def test_the_keyboards_command_waits_for_all_of_the_course(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    page.goto(f"{site}/explain/course")
    expect(page.locator("[data-part=reading]")).to_contain_text("This is a 5")
    page.keyboard.press("Control+p")
    expect(page.locator("body[data-printed]")).to_be_attached()
    assert page.evaluate(EMPTY_CANVASES) == 0
    for value in page.locator(".step :is(.readout, .score-number) [data-part]").all():
        expect(value).not_to_be_empty()
    page.context.close()


def test_the_handouts_weights_are_dark_and_its_answers_on_one_sheet(
    browser: Browser, site: str
) -> None:
    page = page_in_the_dark(browser)
    page.goto(f"{site}/explain/course")
    expect(page.locator("[data-part=reading]")).to_contain_text("This is a 5")
    page.get_by_role("button", name="Print as a handout").click()
    expect(page.locator("body[data-printed]")).to_be_attached()
    page.emulate_media(media="print", color_scheme="dark")
    weights = page.locator(".kernel-cells input:visible")
    assert weights.count() >= 9 + 16
    for weight in weights.all():
        expect(weight).to_have_css("color", "rgb(0, 0, 0)")
        expect(weight).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    with_answers = sheets(page)
    page.locator(".handout-answers").evaluate("(answers) => (answers.style.display = 'none')")
    assert with_answers - sheets(page) == 1
    page.context.close()


@pytest.mark.parametrize("is_scrolled", [False, True])
def test_the_keyboards_command_waits_for_all_of_the_network(
    browser: Browser, site: str, is_scrolled: bool
) -> None:
    page = page_in_the_dark(browser)
    open_explain(page, site)
    if is_scrolled:
        # What has been drawn in dark colours is drawn again in light ones.
        page.locator("#maps").scroll_into_view_if_needed()
        expect(page.locator("#maps canvas").first).to_be_visible()
        expect(page.locator("#layer")).to_have_attribute("data-state", "shown")
        assert max(page.evaluate(LIGHTNESS)) < 128
    page.keyboard.press("Control+p")
    expect(page.locator("body[data-printed]")).to_be_attached()
    assert page.evaluate(EMPTY_CANVASES) == 0
    lightness = page.evaluate(LIGHTNESS)
    assert len(lightness) > 10
    assert min(lightness) > 160
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).not_to_have_class(re.compile("is-printing"))
    page.context.close()


def test_paper_says_what_the_menus_command_found_unfinished(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    open_explain(page, site)
    hold_layers(page)
    page.evaluate("print()")
    page.emulate_media(media="print")
    warning = page.locator(".print-warning")
    expect(warning).to_contain_text("print it again")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(warning).to_have_count(0)

    release_layers(page)
    page.evaluate("print()")
    expect(warning).to_have_count(0)
    assert page.evaluate(EMPTY_CANVASES) == 0
    page.context.close()


def test_who_waits_for_the_printer_reads_why(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    open_explain(page, site)
    hold_layers(page)
    page.keyboard.press("Control+p")
    expect(page.get_by_text("Drawing everything for the printer")).to_be_visible()
    expect(page.locator("body[data-printed]")).to_have_count(0)
    release_layers(page)
    expect(page.locator("body[data-printed]")).to_be_attached()
    expect(page.get_by_text("Drawing everything for the printer")).to_have_count(0)


@pytest.mark.parametrize("is_member", [False, True])
def test_a_digit_and_its_answer_are_one_sheet(browser: Browser, site: str, is_member: bool) -> None:
    page = page_in_the_dark(browser)
    if is_member:
        sign_up(page, site)
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    assert len(PAGE.findall(page.pdf(format="A4"))) == 1
    page.emulate_media(media="print")
    for part in ("#pad", "#verdict", "#bars", "#seen"):
        expect(page.locator(part)).to_be_visible()
    expect(page.locator(".keeping-choice, .keeping, .asides")).not_to_have_count(0)
    expect(page.locator(".keeping-choice:visible, .asides:visible")).to_have_count(0)
    page.context.close()
