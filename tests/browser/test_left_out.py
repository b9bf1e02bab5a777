"""What was seen on a picture and not read is said and marked, in a real browser."""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from .drawing import draw, encoded, open_page, picture_of, verdict
from .test_access import AXE, faults_in, opened

WORDS = "Left out: a point."


def number_with_a_point() -> bytes:
    """Draw 7.77 with a pen."""
    picture = Image.open(io.BytesIO(picture_of(7, 7, 7)))
    wide = Image.new("L", (1000, 300), 255)
    wide.paste(picture.crop((0, 0, 300, 300)), (0, 0))
    wide.paste(picture.crop((300, 0, 900, 300)), (380, 0))
    bottom = picture.point(lambda level: 255 - level).getbbox()
    assert bottom is not None
    ImageDraw.Draw(wide).circle((335, bottom[3] - 10), 10, fill=0)
    return encoded(wide, "PNG")


def send(page: Page, site: str) -> None:
    open_page(page, site)
    file = {"name": "7.77.png", "mimeType": "image/png", "buffer": number_with_a_point()}
    page.locator("#choose").set_input_files(file)  # type: ignore[arg-type]
    expect(verdict(page)).to_have_attribute("data-kind", "number")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_point_is_named_on_draw_and_explain(
    browser: Browser, site: str, width: int, scheme: str
) -> None:
    with opened(browser, width, color_scheme=scheme) as page:
        page.add_init_script(path=AXE)
        send(page, site)
        expect(page.locator(".verdict-digit")).to_have_text("777")
        expect(page.locator(".verdict-warning")).to_have_text(WORDS)
        for _ in range(2):
            expect(page.locator(".left-out")).to_have_count(1)
            expect(page.locator(".left-out-word")).to_have_text("point")
            letters = page.locator(".left-out-word").bounding_box()
            assert letters is not None
            assert letters["height"] >= 11
            assert 0 <= letters["x"] <= letters["x"] + letters["width"] <= width
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert faults_in(page) == []
            if "/explain" in page.url:
                break
            page.get_by_role("link", name="Explain this answer").click()
            expect(page.locator("#main")).to_have_attribute("data-state", "explained")
        expect(page.locator(".verdict-warning")).to_contain_text(WORDS)


def test_a_word_does_not_lie_on_what_it_names(browser: Browser, site: str) -> None:
    """Beside a minus at the picture's edge, with a digit close to it, there is no room."""
    picture = Image.new("L", (700, 300), 255)
    digits = Image.open(io.BytesIO(picture_of(7, 7)))
    ink = digits.point(lambda level: 255 - level).getbbox()
    assert ink is not None
    picture.paste(digits.crop(ink), (215, ink[1]))
    ImageDraw.Draw(picture).line((70, 150, 150, 150), fill=0, width=14)
    with opened(browser, 360) as page:
        open_page(page, site)
        file = {"name": "-77.png", "mimeType": "image/png", "buffer": encoded(picture, "PNG")}
        page.locator("#choose").set_input_files(file)  # type: ignore[arg-type]
        expect(page.locator(".left-out-word")).to_have_text("minus or dash")
        box, word = (
            page.locator(f".{name}").bounding_box() for name in ("left-out", "left-out-word")
        )
        assert box is not None
        assert word is not None
        above, below = word["y"] + word["height"], word["y"]
        # Both have an edge of their own.
        assert above <= box["y"] + 5 or below >= box["y"] + box["height"] - 5


def test_its_box_is_dashed_and_seen_in_forced_colours(browser: Browser, site: str) -> None:
    with opened(browser, 1280, forced_colors="active") as page:
        send(page, site)
        box, word = page.locator(".left-out"), page.locator(".left-out-word")
        stroke, dashes, fill, paper = (
            one.evaluate(f"(one) => getComputedStyle(one)['{name}']")
            for one, name in (
                (box, "stroke"),
                (box, "stroke-dasharray"),
                (word, "fill"),
                (word, "stroke"),
            )
        )
        assert dashes != "none"
        assert stroke == fill != paper


def test_the_page_without_scripts_names_it(browser: Browser, site: str) -> None:
    with opened(browser, 360, java_script_enabled=False) as page:
        page.goto(site)
        file = {"name": "7.77.png", "mimeType": "image/png", "buffer": number_with_a_point()}
        page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Read").first.click()
        expect(page.get_by_text(WORDS)).to_be_visible()


def test_the_paper_of_a_phone_stays_where_it_is_while_one_draws(
    browser: Browser, site: str
) -> None:
    seven, slash = [(0.06, 0.3), (0.28, 0.3), (0.15, 0.8)], [(0.42, 0.85), (0.55, 0.15)]
    steps = [
        ("7", "", seven),
        ("7", "Left out", slash),
        ("77", "Left out", [(x + 0.62, y) for x, y in seven]),
    ]
    with opened(browser, 360) as page:
        open_page(page, site)
        place = page.locator("#pad").bounding_box()
        for text, warning, stroke in steps:
            draw(page, [stroke])
            expect(page.locator(".verdict-digit")).to_have_text(text)
            expect(page.locator("[aria-live] > .verdict-warning")).to_contain_text(warning)
            assert page.locator("#pad").bounding_box() == place
            expect(page.locator("#left-out .left-out")).to_have_count(1 if warning else 0)
        page.locator("[data-action=clear]").click()
        expect(page.locator("#left-out .left-out")).to_have_count(0)
        page.locator("[data-action=undo]").click()
        expect(page.get_by_role("status")).to_contain_text("2 digits")
