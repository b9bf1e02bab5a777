"""Draw, Explain and the course say the same of a picture."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.app.pictures import encode
from tests.app.verdicts import PICTURES

from .drawing import open_page, verdict

ANSWERED = "#verdict:is([data-kind=digit], [data-kind=number], [data-kind=refusal])"


def choose(page: Page, picture: bytes) -> None:
    file: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": picture}
    page.locator("#choose").set_input_files(file)


@pytest.mark.parametrize("name", PICTURES)
def test_every_page_says_the_same(page: Page, site: str, name: str) -> None:
    picture = encode(PICTURES[name])
    open_page(page, site)
    choose(page, picture)
    expect(page.locator(ANSWERED)).to_be_visible()
    kind = verdict(page).get_attribute("data-kind")
    shown, words, detail, warning = (
        page.locator(f".verdict-{part}").inner_text()
        for part in ("digit", "words", "detail", "warning")
    )

    page.goto(f"{site}/explain")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    choose(page, picture)
    page.wait_for_url("**/explain?sent=1")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    if kind == "number":
        text = " / ".join(shown.split())
        expect(page.locator("#digits")).to_contain_text(f"{text}: ")
        expect(verdict(page).locator(".verdict-digit")).to_have_text(shown[0])
    else:
        expect(verdict(page)).to_have_attribute("data-kind", str(kind))
        expect(verdict(page).locator(".verdict-words")).to_have_text(words)
    if kind == "digit":
        expect(verdict(page).locator(".verdict-detail")).to_have_text(detail)
    expect(verdict(page).locator(".verdict-warning")).to_contain_text(warning)

    page.goto(f"{site}/explain/course")
    reading = page.locator("[data-part=reading]")
    expect(reading).to_contain_text("This is a 5")
    choose(page, picture)
    told = {
        "digit": f"{words}, {detail}",
        "number": "Several digits: the course uses the first.",
        "refusal": f"{words} This page still uses the last digit.",
    }
    expect(reading).to_have_text(told[str(kind)])
