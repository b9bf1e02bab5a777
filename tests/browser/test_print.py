"""Pages on paper: all of them is drawn, in light colours, without what can only be pressed."""

import re

from playwright.sync_api import Browser, Page, expect

PAGE = re.compile(rb"/Type\s*/Page\b")
EMPTY_CANVASES = """() => [...document.querySelectorAll("main canvas")].filter((canvas) => {
    if (canvas.closest("[hidden]")) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.every((value) => value === 0);
}).length"""


def page_in_the_dark(browser: Browser) -> Page:
    page = browser.new_context(color_scheme="dark").new_page()
    page.add_init_script("window.print = () => document.body.setAttribute('data-printed', '')")
    return page


def test_the_course_is_a_handout(browser: Browser, site: str) -> None:
    page = page_in_the_dark(browser)
    page.goto(f"{site}/explain/course")
    expect(page.locator("[data-part=reading]")).to_contain_text("This is a 5")
    page.get_by_role("button", name="Print as a handout").click()
    expect(page.locator("body[data-printed]")).to_be_visible()
    assert page.evaluate(EMPTY_CANVASES) == 0
    assert len(PAGE.findall(page.pdf(format="A4"))) > 8

    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("body")).to_have_css("color", "rgb(27, 25, 23)")
    expect(page.locator("#convolution .readout [data-part=value]")).not_to_be_empty()
    answers = page.locator(".handout-answers li")
    expect(answers).to_have_count(9)
    expect(answers.last).to_contain_text("The weights learn nothing")
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
