"""The site can be installed as an app."""

from playwright.sync_api import Page

PAGE_COLOURS = {"light": "rgb(250, 247, 241)", "dark": "rgb(22, 21, 19)"}


def test_chromium_finds_nothing_against_installing_it(page: Page, site: str) -> None:
    page.goto(site)
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert manifest["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # The tests' profiles are private ones.
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []


def test_the_window_has_the_colour_of_the_page(page: Page, site: str) -> None:
    page.goto(site)
    for scheme, colour in PAGE_COLOURS.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        told = page.evaluate(
            """() => {
                const metas = [...document.querySelectorAll('meta[name="theme-color"]')];
                const box = document.createElement("p");
                box.style.color = metas.find((meta) => matchMedia(meta.media).matches).content;
                return box.style.color;
            }"""
        )
        assert told == colour
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == colour
