"""The page of a generator of a folder's pictures, in a browser."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.app.made_pictures import save_maker
from tests.app.pictures import photograph_of

from .live_server import LiveServer
from .test_access import AXE, faults_in, opened
from .test_generate import download, expect_another, file_of, sheet
from .test_models import DROP


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with three generators."""
    folder = tmp_path_factory.mktemp("makers")
    server = LiveServer(folder)
    server.start()
    for path in (
        save_maker(folder / "faces.dnm", "faces"),
        save_maker(folder / "pets.dnm", "pets", ("cats", "dogs")),
        save_maker(folder / "plain.dnm", "plain", takes_like=False),
    ):
        server.command("model", "add", str(path))
    yield server.url
    server.stop()


def open_page(page: Page, site: str, name: str = "faces") -> None:
    page.goto(f"{site}/models/{name}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")


def drop(page: Page, content: bytes) -> None:
    page.evaluate(DROP, base64.b64encode(content).decode())
    expect(page.locator("#made-like")).to_have_attribute("data-state", "shown")
    expect(page.locator("#made-one")).to_have_attribute("data-state", "shown")


def test_a_picture_is_dropped_and_a_new_one_stands_beside_it(page: Page, makers: str) -> None:
    page.goto(f"{makers}/models")
    page.get_by_role("link", name="faces", exact=True).click()
    expect(page.get_by_role("heading", name="A picture, and new ones like it")).to_be_visible()
    expect(page.locator("#connection")).to_have_attribute("data-state", "up")
    drop(page, photograph_of("cat"))
    one = page.get_by_alt_text("A new picture like yours", exact=True)
    expect(one).to_be_visible()
    yours = page.get_by_alt_text("Your picture").bounding_box()
    made = one.bounding_box()
    assert yours is not None
    assert made is not None
    assert yours["x"] + yours["width"] <= made["x"]
    assert abs(yours["y"] - made["y"]) < 2
    assert abs(yours["width"] - made["width"]) < 2
    name, content = download(page, "#made-one", "A picture")
    assert name == "made-faces.png"
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (16, 16)
        assert image.info["Source"] == "made"
        assert "faces-1" in image.info["Description"]
    name, content = download(page, "#made-like", "Single pictures")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 21
    before = sheet(page, "#made-one").get_attribute("src")
    page.get_by_role("button", name="Others").click()
    expect_another(sheet(page, "#made-one"), before)


def test_what_is_no_picture_is_said_and_leaves_nothing(page: Page, makers: str) -> None:
    open_page(page, makers)
    drop(page, photograph_of("cat"))
    page.locator("#choose").set_input_files(file_of(b"no picture"))
    words = page.locator("#made-one .made-words")
    expect(words).to_contain_text("not a picture that can be read here")
    expect(sheet(page, "#made-one")).to_be_hidden()
    expect(page.locator("#made-like")).to_be_hidden()
    expect(page.get_by_text("This browser cannot show pictures of this kind.")).to_be_visible()
    page.locator("#choose").set_input_files(file_of(photograph_of("dog")))
    expect(sheet(page, "#made-one")).to_be_visible()


def test_what_the_picture_shows_is_chosen(page: Page, makers: str) -> None:
    open_page(page, makers, "pets")
    drop(page, photograph_of("dog"))
    before = sheet(page, "#made-one").get_attribute("src")
    page.get_by_label("It shows").select_option("dogs")
    expect_another(sheet(page, "#made-one"), before)
    expect(page.locator("#made-like")).to_have_attribute("aria-busy", "false")
    _, content = download(page, "#made-like", "Single pictures")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[0].startswith("dogs/")


def test_new_ones_at_random(page: Page, makers: str) -> None:
    open_page(page, makers, "pets")
    seen = sheet(page).get_attribute("src")
    page.get_by_role("button", name="New ones").click()
    seen = expect_another(sheet(page), seen)
    page.get_by_role("combobox", name="Which").select_option("cats")
    seen = expect_another(sheet(page), seen)
    page.get_by_label("How unusual").press("Home")
    seen = expect_another(sheet(page), seen)
    page.get_by_role("combobox", name="How many").select_option("200")
    expect(page.get_by_text("The first 100 of 200; the files hold them all.")).to_be_visible()
    name, content = download(page, "#new", "A picture")
    assert name == "made-pets.png"
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (160, 320)


def test_without_scripts_a_form_makes_them(browser: Browser, makers: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{makers}/generate?model=pets&seed=1")
    before = sheet(page).get_attribute("src")
    page.get_by_role("combobox", name="Which").select_option("dogs")
    page.get_by_role("button", name="New ones").click()
    expect(sheet(page)).not_to_have_attribute("src", before or "")
    expect(page.get_by_role("combobox", name="Which")).to_have_value("dogs")
    expect(page.get_by_role("group", name="Download")).to_have_count(0)
    expect(page.get_by_text("Drop, paste or choose a picture")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_it_is_for_everybody(browser: Browser, makers: str, width: int, theme: str) -> None:
    with opened(browser, width, color_scheme=theme) as page:
        page.context.add_init_script(path=AXE)
        for name in ("faces", "pets"):
            open_page(page, makers, name)
            drop(page, photograph_of("cat"))
            assert faults_in(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        open_page(page, makers, "plain")
        expect(page.get_by_role("heading", name="faces: made at random")).to_be_visible()
        assert faults_in(page) == []
        page.goto(f"{makers}/models")
        assert faults_in(page) == []
