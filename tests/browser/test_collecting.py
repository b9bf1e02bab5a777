"""Training data on the page Collect: chosen, sent, looked over, imported."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.app.collecting import mnist, packed, png
from tests.app.pictures import draw, encode

from .bringing import drop
from .conftest import PATIENCE_MS
from .live_server import LiveServer
from .people import sign_up

FOUND = "What was found"


@pytest.fixture
def collect(page: Page, site: str) -> Page:
    """The page Collect, of a person who is new."""
    sign_up(page, site)
    page.goto(f"{site}/dataset")
    return page


def digits(start: int, count: int) -> dict[str, bytes]:
    """Return digits that people wrote, in a folder for each class."""
    images, labels = mnist(1200)
    return {f"digits/{labels[n]}/{n}.png": png(images[n]) for n in range(start, start + count)}


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / "digits"


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible(timeout=60_000)


def send(page: Page) -> None:
    page.get_by_role("button", name="Upload and check").click()


def test_a_zip_is_dropped_looked_over_imported_and_known_the_next_time(
    collect: Page, site: str, tmp_path: Path
) -> None:
    page = collect
    archive = tmp_path / "digits.zip"
    files = digits(0, 30) | {"digits/3/notes.txt": b"no picture", "digits/again.png": b""}
    archive.write_bytes(packed(files))
    drop(page, archive)
    expect(page.locator("#chosen-title")).to_contain_text("1 file, ")
    page.get_by_label("Who wrote them").fill("Ada")
    send(page)
    heading(page, FOUND)
    expect(page.get_by_text("30 new pictures.")).to_be_visible()
    expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
    expect(page.locator(".collect-samples img").first).to_be_visible()
    counts = page.locator(".collect-table td:nth-child(3)").all_inner_texts()
    assert sum(map(int, counts)) == 30
    left_out = page.locator(".collect-left-out")
    expect(left_out).to_contain_text("2 files left out")
    left_out.get_by_text("It is no picture that can be read here.").click()
    expect(left_out.get_by_text("digits/3/notes.txt")).to_be_visible()

    page.get_by_role("button", name="Import 30 pictures").click()
    heading(page, "30 pictures imported")
    page.get_by_role("link", name="See them in the gallery").click()
    expect(page.locator(".tile").first).to_be_visible()

    page.goto(f"{site}/dataset")
    expect(page.locator(".collect-uploads")).to_contain_text("30 pictures imported")
    drop(page, archive)
    send(page)
    heading(page, FOUND)
    expect(page.get_by_text("30 are there already, and get your labels.")).to_be_visible()
    page.get_by_role("button", name="Import 30 pictures").click()
    heading(page, "Nothing new to import")


def test_a_folder_is_sent_over_a_line_that_breaks(
    page: Page, own_server: LiveServer, tmp_path: Path
) -> None:
    sign_up(page, own_server.url)
    page.goto(f"{own_server.url}/dataset")
    folder = fill(tmp_path / "own", digits(100, 450) | {"digits/.DS_Store": b"left by a system"})
    drop(page, folder)
    expect(page.locator("#chosen-title")).to_contain_text("450 files")
    expect(page.locator("#chosen-classes li")).to_have_count(10)

    sent: list[str] = []

    def break_second(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 2:
            own_server.stop()
        route.continue_()

    page.route("**/batches/*", break_second)
    send(page)
    expect(page.locator("#sending-note")).to_contain_text("The server cannot be reached")
    own_server.start()
    heading(page, FOUND)
    expect(page.get_by_text("450 new pictures.")).to_be_visible()
    # Three pieces, of which one was sent before the line broke.
    assert len({url.rpartition("/")[2] for url in sent}) == 3


def test_a_reload_finds_the_import_where_it_is(collect: Page, tmp_path: Path) -> None:
    page = collect
    page.locator("#choose").set_input_files(
        {
            "name": "many.zip",
            "mimeType": "application/zip",
            "buffer": packed(digits(550, 600)),
        }
    )
    send(page)
    heading(page, re.compile("Checking|found"))
    page.reload()
    heading(page, FOUND)
    page.get_by_role("button", name="Import 600 pictures").click()
    heading(page, re.compile("mport"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.reload()
    heading(page, "600 pictures imported")
    seen = len(asked)
    page.clock.run_for(60_000)  # what has ended is not asked for any more
    assert not [url for url in asked[seen:] if "/imports/" in url]


def test_pictures_without_a_folder_are_labelled_together(collect: Page, tmp_path: Path) -> None:
    page = collect
    images, labels = mnist(1200)
    paths = []
    for n in (labels == 7).nonzero()[0][-4:]:
        paths.append(tmp_path / f"{n}.png")
        paths[-1].write_bytes(png(images[n]))
    page.locator("#choose").set_input_files(paths[:3])
    expect(page.locator("#chosen-notes")).to_contain_text("3 pictures are in no folder")
    page.locator("#choose").set_input_files(paths[3:])
    expect(page.locator("#chosen-title")).to_contain_text("4 files")
    page.get_by_label("Where nothing else says it").select_option("7")
    send(page)
    heading(page, FOUND)
    expect(page.locator(".collect-table tbody th")).to_have_text(["7"])


def test_sending_is_cancelled_and_leaves_nothing(collect: Page, site: str, tmp_path: Path) -> None:
    page = collect
    page.route("**/imports/*/files/*", lambda route: None)  # a line that takes for ever
    archive = tmp_path / "large.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("3/large.bin", bytes(3_000_000))
    drop(page, archive)
    send(page)
    expect(page.locator("#sending-words")).to_contain_text("of 3 MB")
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_response("**/cancel") as cancelled:
        page.get_by_role("button", name="Cancel").click()
    assert cancelled.value.status == 200
    expect(page.locator("#chosen-title")).to_contain_text("1 file")
    upload = cancelled.value.url.split("/")[-2]
    assert page.request.get(f"{site}/imports/{upload}").status == 404
    page.get_by_role("button", name="Choose others").click()
    expect(page.get_by_text("Drop pictures, a folder or a ZIP here")).to_be_visible()


def test_a_large_file_that_goes_away_half_way_is_left_out_and_the_others_are_taken(
    collect: Page, tmp_path: Path
) -> None:
    page = collect
    images, labels = mnist(1200)
    seven = tmp_path / "seven.png"
    seven.write_bytes(png(images[(labels == 7).nonzero()[0][-5]]))
    archive = tmp_path / "large.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("3/large.bin", bytes(3_000_000))

    def lose(route: Route) -> None:
        archive.unlink(missing_ok=True)
        route.continue_()

    page.route("**/imports/*/files/*", lose)
    page.locator("#choose").set_input_files([archive, seven])
    page.get_by_label("Where nothing else says it").select_option("7")
    send(page)
    expect(page.locator("#sending-note")).to_contain_text("was not sent: large.zip.")
    page.get_by_role("button", name="Check the others").click()
    heading(page, FOUND)
    expect(page.get_by_text("1 new picture.")).to_be_visible()
    left_out = page.locator(".collect-left-out")
    expect(left_out).to_contain_text("Only a part of it has come")
    expect(left_out).to_contain_text("1 file left out")


def test_what_cannot_be_used_says_why_in_a_sentence(collect: Page, tmp_path: Path) -> None:
    page = collect
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../outside/3/1.png", b"")
    (tmp_path / "evil.zip").write_bytes(file.getvalue())
    drop(page, tmp_path / "evil.zip")
    page.get_by_label("Who wrote them").fill("x" * 65)
    send(page)
    expect(page.locator("#collect-problem")).to_contain_text("64")
    page.get_by_label("Who wrote them").fill("")
    send(page)
    heading(page, "This could not be used")
    expect(page.locator("main")).to_contain_text("a file whose name leads out of it")
    expect(page.locator("main")).to_contain_text("Nothing was stored.")
    page.get_by_role("link", name="Back to Collect").click()
    expect(page.locator(".collect-uploads")).to_contain_text("could not be used")


def test_without_scripts_a_form_does_the_same(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_up(page, site)
    page.goto(f"{site}/dataset")
    expect(page.locator(".collect-zone")).to_be_hidden()
    seven = encode(draw([(70, 70), (210, 70), (120, 221)]))
    page.get_by_label("Pictures, a ZIP").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": seven}
    )
    page.get_by_label("Where nothing else says it").select_option("7")
    send(page)
    heading(page, re.compile("Checking|found"))
    while (more := page.get_by_role("link", name="See how far it is")).count():
        more.click()
    heading(page, FOUND)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Import 1 picture").click()
    while (more := page.get_by_role("link", name="See how far it is")).count():
        more.click()
    heading(page, "1 picture imported")
    context.close()
