"""Pages for everybody: what axe-core finds, small screens, forced colours, keyboard and finger."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.programs import ROOT

from .drawing import SEVEN, draw, expect_digit, kept_strokes, open_page, picture_of, place, verdict
from .people import PASSWORD, keep_digit, sign_up

DOG = ROOT / "tests" / "photographs" / "dog.jpg"
AXE = ROOT / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
LONG_NAME = "Wilhelmina Featherstonehaugh-Cholmondeley of Upper Tooting"
WIDTHS = [320, 360, 768, 1280]


@contextmanager
def opened(browser: Browser, width: int, **options: object) -> Iterator[Page]:
    viewport = {"width": width, "height": 740}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", **options)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def faults_in(page: Page) -> list[str]:
    """Return what axe-core finds, by all of its rules."""
    page.wait_for_load_state()  # without its style sheets a page has other colours
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{page.url} {fault['id']}: {node['html'][:160]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def draw_seven(page: Page, site: str) -> None:
    open_page(page, site)
    page.keyboard.press("c")
    draw(page, SEVEN)
    expect_digit(page, 7)


def draw_a_scribble(page: Page, site: str) -> None:
    open_page(page, site)
    corners = [(0.1 + 0.8 * (i % 2), 0.1 + 0.04 * i) for i in range(20)]
    draw(page, [corners])
    expect(verdict(page)).to_have_attribute("data-kind", "refusal")


def send_a_number(page: Page, site: str) -> None:
    open_page(page, site)
    file = {"name": "42.png", "mimeType": "image/png", "buffer": picture_of(1, 7)}
    page.locator("#choose").set_input_files(file)  # type: ignore[arg-type]
    expect(verdict(page)).to_have_attribute("data-kind", "number")


def explain_seven(page: Page, site: str) -> None:
    page.goto(f"{site}/explain")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    page.locator("#tab-1").click()
    expect(page.locator("#step")).to_be_visible()


def explain_a_photograph(page: Page, site: str) -> None:
    page.goto(f"{site}/models/cats-dogs")
    file = {"name": "dog.jpg", "mimeType": "image/jpeg", "buffer": DOG.read_bytes()}
    page.locator("input[data-pictures]").first.set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("link", name="Explain this answer").click()
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    for index in (0, 18, 1):
        page.locator(f"#tab-{index}").click()
        expect(page.locator("#layer")).to_have_attribute("data-state", "shown")


def open_course(page: Page, site: str) -> None:
    page.goto(f"{site}/explain/course")
    page.locator("#convolution").scroll_into_view_if_needed()
    expect(page.locator("#convolution .readout [data-part=value]")).not_to_be_empty()
    for answer in page.get_by_text("The answer", exact=True).all():
        answer.click()
    page.get_by_text("The curves as a table", exact=True).click()


def make_digits(page: Page, site: str) -> None:
    page.goto(f"{site}/generate")
    page.get_by_role("radio", name="The way to another").check()
    page.locator("#plane").scroll_into_view_if_needed()
    expect(page.locator("#plane")).to_have_attribute("data-state", "shown")
    page.get_by_text("As a table").first.click()


def fail_to_sign_up(page: Page, site: str) -> None:
    page.goto(f"{site}/signup")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".field-error").first).to_be_visible()


def fail_to_log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".field-error")).to_be_visible()


def at(path: str) -> Callable[[Page, str], object]:
    return lambda page, site: page.goto(f"{site}{path}")


def keep_one(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    page.keyboard.press("c")
    keep_digit(page, 7)


def open_picture(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/?mine=1")
    page.locator(".tile-picture").first.click()
    expect(page.locator(".one-words h1")).to_be_visible()


VISITOR = [
    at("/"),
    draw_a_scribble,
    draw_seven,
    explain_seven,
    explain_a_photograph,
    open_course,
    at("/live"),
    at("/practice"),
    make_digits,
    at("/models"),
    at("/models/cats-dogs"),
    at("/signup"),
    fail_to_sign_up,
    fail_to_log_in,
    at("/nowhere"),
]


def try_the_api(page: Page, site: str) -> None:
    page.goto(f"{site}/api")
    for one in page.locator(".operation > summary").all():
        one.click()
    status = page.locator("#api_status")
    status.get_by_role("button", name="Send").click()
    expect(status.locator(".answer-status")).to_contain_text("200")


def make_a_token(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    page.get_by_text("New token…").click()
    page.get_by_label("Name", exact=True).fill("my script")
    page.get_by_label("Your password, to make a token", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("#token-text")).to_be_visible()
    page.get_by_text("New token…").click()


def choose_training_data(page: Page, site: str) -> None:
    page.goto(f"{site}/dataset")
    page.locator("#choose").set_input_files(
        [
            {"name": f"{n}.png", "mimeType": "image/png", "buffer": picture_of(7, side=240 + n)}
            for n in range(2)
        ]
        + [{"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}]  # type: ignore[arg-type]
    )
    expect(page.locator("#chosen-title")).to_be_visible()


def look_over_training_data(page: Page, site: str) -> None:
    choose_training_data(page, site)
    page.get_by_label("Where nothing else says it").select_option("7")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    page.locator(".collect-left-out summary").click()


PERSON = [
    keep_one,
    at("/generate"),
    at("/dataset"),
    choose_training_data,
    look_over_training_data,
    at("/gallery/"),
    open_picture,
    at("/dataset/versions"),
    at("/models/digits/versions"),
    at("/account"),
    make_a_token,
    try_the_api,
    send_a_number,
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser: Browser, site: str, width: int, theme: str) -> None:
    if not AXE.exists():
        missing = "axe-core is not installed (npm ci in tests/js)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    faults: list[str] = []
    with opened(browser, width, color_scheme=theme) as page:
        page.context.add_init_script(path=AXE)
        for look in (*VISITOR, *PERSON):
            look(page, site)
            faults += faults_in(page)
        if width == 360:
            page.get_by_role("button", name="Menu").click()
            faults += faults_in(page)
    assert faults == []


def test_on_a_small_screen_the_pages_are_in_a_menu(browser: Browser, site: str) -> None:
    with opened(browser, 320) as page:
        page.goto(site)
        menu = page.get_by_role("button", name="Menu")
        draw_link = page.get_by_role("link", name="Draw", exact=True)
        expect(draw_link).to_be_hidden()
        menu.focus()
        page.keyboard.press("Enter")
        for name in ("Draw", "Explain", "Live", "Make", "Course", "Log in", "Sign up"):
            link = page.locator("#site-menu").get_by_role("link", name=name, exact=True)
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        page.keyboard.press("Escape")
        expect(draw_link).to_be_hidden()
        expect(menu).to_be_focused()


def test_the_menu_needs_no_script_and_shows_a_long_name(browser: Browser, site: str) -> None:
    with opened(browser, 1280) as page:
        sign_up(page, site, LONG_NAME)
        state = page.context.storage_state()
    with opened(browser, 320, java_script_enabled=False, storage_state=state) as page:
        page.goto(site)
        page.get_by_role("button", name="Menu").click()
        name = page.get_by_text(LONG_NAME)
        expect(name).to_be_visible()
        assert name.evaluate("({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth")
        page.get_by_role("button", name="Log out", exact=True).click()
        expect(page.get_by_text("You are logged out.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_to_the_explanation_is_in_sight(browser: Browser, site: str, width: int) -> None:
    with opened(browser, width) as page:
        draw_seven(page, site)
        box = page.get_by_role("link", name="Explain this answer").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 740
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_chosen_is_seen_in_forced_colours(browser: Browser, site: str) -> None:
    with opened(browser, 1280, forced_colors="active") as page:
        draw_seven(page, site)

        def colour(selector: str, name: str = "background-color") -> str:
            found = page.locator(selector).first
            return str(found.evaluate(f"(one) => getComputedStyle(one)['{name}']"))

        assert colour('.tool[aria-pressed="true"]') != colour('.tool[aria-pressed="false"]')
        assert colour(".sheet", "outline-style") == "solid"
        assert colour(".bar.is-winner .bar-fill") != colour(".bar:not(.is-winner) .bar-fill")
        assert colour(".bar.is-winner .bar-fill") != colour(".bar-track")
        assert "underline" in colour(".site-nav a[aria-current]", "text-decoration-line")


def test_the_opened_layer_is_seen_in_forced_colours(browser: Browser, site: str) -> None:
    with opened(browser, 1280, forced_colors="active") as page:
        page.goto(f"{site}/explain")
        expect(page.locator("#main")).to_have_attribute("data-state", "explained")
        page.locator("#tab-3").click()
        expect(page.locator("#tab-3")).to_have_attribute("aria-selected", "true")
        colours = page.locator(".river-tab").evaluate_all(
            """(tabs) => tabs.map((tab) => {
                const { backgroundColor } = getComputedStyle(tab);
                return [backgroundColor, getComputedStyle(tab.querySelector("*")).color];
            })"""
        )
        chosen = colours.pop(3)
        assert all(chosen[0] != background for background, _ in colours)
        assert all(chosen[1] != text for _, text in colours)


@pytest.mark.parametrize("path", ["/", "/explain"])
def test_the_bars_are_whole_beside_the_paper_on_a_tablet(
    browser: Browser, site: str, path: str
) -> None:
    with opened(browser, 768) as page:
        open_page(page, site)
        draw(page, SEVEN)
        expect_digit(page, 7)
        page.goto(f"{site}{path}")
        expect_digit(page, 7)
        paper = page.locator("#pad").bounding_box()
        assert paper is not None
        for bar in page.locator(".bar").all():
            expect(bar).to_be_in_viewport(ratio=1)
            box, track = bar.bounding_box(), bar.locator(".bar-track").bounding_box()
            assert box is not None
            assert track is not None
            assert box["x"] > paper["x"] + paper["width"]
            assert track["width"] > 100
            percent = bar.locator(".bar-percent")
            assert percent.evaluate("(text) => text.scrollWidth <= text.clientWidth")


def test_the_keyboard_pen_says_where_it_is(page: Page, site: str) -> None:
    open_page(page, site)
    page.locator("#pad").focus()
    pen = page.locator("[data-part=pen]")
    page.keyboard.press("ArrowLeft")
    expect(pen).to_have_text("Pen up, 5 of 10 across, 5 of 10 down")
    page.keyboard.press("Space")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    expect(pen).to_have_text("Pen down, 5 of 10 across, 8 of 10 down")


def test_a_finger_scrolls_past_the_paper_until_it_is_asked_to_draw(
    browser: Browser, site: str
) -> None:
    with opened(browser, 360, has_touch=True, is_mobile=True) as page:
        page.goto(f"{site}/explain")
        expect(page.locator("#main")).to_have_attribute("data-state", "explained")
        pad, switch = page.locator("#pad"), page.get_by_role("button", name="Draw with a finger")
        fingers = page.context.new_cdp_session(page)

        def drag() -> None:
            x, y = place(page, (0.5, 0.7))
            for kind, points in (
                ("touchStart", [(x, y)]),
                *(("touchMove", [(x - step, y)]) for step in range(15, 106, 15)),
                ("touchEnd", []),
            ):
                touches = [{"x": x, "y": y} for x, y in points]
                fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        expect(pad).to_have_css("touch-action", "auto")
        drag()
        assert kept_strokes(page) == []
        switch.tap()
        expect(switch).to_have_attribute("aria-pressed", "true")
        expect(pad).to_have_css("touch-action", "none")
        # Chromium asks for what a touch may do only with the next frame.
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        drag()
        expect(page.locator("#invitation")).to_be_hidden()
        assert len(kept_strokes(page)) > 0
        assert page.evaluate("innerWidth") == 360


def test_on_a_small_screen_the_courses_paper_stays_in_sight(browser: Browser, site: str) -> None:
    with opened(browser, 360) as page:
        open_course(page, site)
        page.locator("#softmax").scroll_into_view_if_needed()
        box = page.locator("#pad").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 100
