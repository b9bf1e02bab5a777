"""Many pictures on the page Draw: a folder or several files, read, corrected, copied and kept."""

import csv
import io
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from .bringing import card, drop, expect_all_read, fill_folder
from .drawing import ONE, SEVEN, draw, expect_digit, open_page, picture_of, verdict
from .live_server import LiveServer
from .people import record_stored, sign_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("pictures") / "holiday")


def test_a_folder_becomes_a_list_of_answers_to_correct_copy_and_save(
    page: Page, site: str, folder: Path
) -> None:
    open_page(page, site)
    drop(page, folder)
    expect_all_read(page, "7 of 10 files read; 3 could not be read")
    expect(page.locator("#files-left-out")).to_have_text("Left out: 1 hidden file.")
    expect(page.locator(".file-name")).to_have_text(
        [
            f"holiday/{name}"
            for name in (
                "empty.png",
                "half.jpg",
                "more/blank.png",
                "notes.txt",
                "photo.avif",
                "scan_1.png",
                "scan_2.png",
                "scan_3.png",
                "scan_10.png",
                "untold",
            )
        ]
    )
    for name, words in {
        "holiday/empty.png": "is empty",
        "holiday/half.jpg": "damaged. Save it again",
        "holiday/notes.txt": "Send a file in one of these formats",
        "holiday/more/blank.png": "the page is blank",
        "holiday/photo.avif": "This is a 1",
        "holiday/untold": "This is a 7",
        "holiday/scan_3.png": "2 digits",
    }.items():
        expect(card(page, name)).to_contain_text(words)

    # By key: the third is said to be a 4, the fourth no digit; what cannot be read has no label.
    card(page, "holiday/scan_1.png").get_by_role("button").first.click()
    page.keyboard.press("4")
    expect(card(page, "holiday/scan_1.png")).to_contain_text("You say: a 4. Read as 0.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(card(page, "holiday/scan_2.png")).to_contain_text("You say: not a digit")
    page.keyboard.press("Backspace")
    expect(card(page, "holiday/scan_2.png")).to_contain_text("This is a 7")
    card(page, "holiday/notes.txt").get_by_role("button").first.click()
    page.keyboard.press("4")
    expect(card(page, "holiday/notes.txt")).not_to_contain_text("You say")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert rows[0] == ["file", "text", "confidence", "problem", "left_out"]
    table = {name.removeprefix("holiday/"): row for name, *row in rows[1:]}
    assert {name: text for name, (text, _, problem, _) in table.items() if not problem} == {
        "photo.avif": "1",
        "scan_1.png": "4",
        "scan_2.png": "7",
        "scan_3.png": "71",
        "scan_10.png": "1",
        "untold": "7",
    }
    assert float(table["scan_2.png"][1]) > 0.9 > 0.1 > float(table["scan_1.png"][1])
    for name, why in {
        "empty.png": "is empty",
        "half.jpg": "damaged. Save it again",
        "notes.txt": "Send a file in one of these formats",
        "more/blank.png": "the page is blank",
    }.items():
        text, confidence, problem, left_out = table[name]
        assert (text, confidence, left_out) == ("", "", "")
        assert why in problem

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy answers").click()
    expect(page.locator("#files-status")).to_have_text(
        "6 answers copied. Files without one: 4; the reason stands beside each."
    )
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 10
    assert "holiday/scan_1.png\t4" in copied
    assert f"holiday/empty.png\t\t{table['empty.png'][2]}" in copied

    # One of them by itself, and back.
    card(page, "holiday/scan_3.png").get_by_role("button").first.click()
    page.keyboard.press("o")
    expect(verdict(page).locator(".verdict-digit")).to_have_text("71")
    expect(page.locator("#files-opened")).to_have_text("From the list: holiday/scan_3.png.")
    page.get_by_role("button", name="Back to the list (10 pictures)").click()
    card(page, "holiday/scan_1.png").get_by_role("button").first.click()
    page.keyboard.press("o")
    expect(page.locator("#files-opened")).to_contain_text("There you said: a 4.")
    page.get_by_role("button", name="Back to the list (10 pictures)").click()
    expect(card(page, "holiday/scan_1.png")).to_contain_text("You say: a 4")

    # Who leaves now would lose what they said, and is asked.
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    assert asked == ["beforeunload"]


def test_several_files_are_chosen_and_more_are_added(page: Page, site: str, folder: Path) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files([folder / "scan_1.png", folder / "scan_2.png"])
    expect_all_read(page, "Both pictures read")
    page.locator("#choose-more").set_input_files([folder / "scan_10.png"])
    expect_all_read(page, "All 3 pictures read")
    expect(page.locator(".file-shown")).to_have_text(["0", "7", "1"])


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_number_is_shown_to_its_last_digit(
    page: Page, site: str, folder: Path, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    (tmp_path / "long.png").write_bytes(picture_of(7, 1, 0, 7, 1, 0, 7, 1, side=150))
    open_page(page, site)
    page.locator("#choose").set_input_files([folder / "scan_1.png", tmp_path / "long.png"])
    expect_all_read(page, "Both pictures read")
    number = card(page, "long.png").locator(".file-shown")
    expect(number).to_have_text("71071071")
    number.scroll_into_view_if_needed()
    # The digits as they are painted, against the box that cuts off what is outside it.
    painted, box = number.evaluate(
        """(element) => {
            const text = document.createRange();
            text.selectNodeContents(element);
            const sides = ({ left, right }) => [left, right];
            const card = element.closest(".file");
            return [sides(text.getBoundingClientRect()), sides(card.getBoundingClientRect())];
        }"""
    )
    assert box[0] < painted[0] < painted[1] < box[1]
    assert number.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_file_without_a_type_is_read_by_itself(page: Page, site: str, folder: Path) -> None:
    open_page(page, site)
    drop(page, folder / "untold")
    expect_digit(page, 7)


def test_an_empty_folder_says_what_to_do_and_asks_nothing(
    page: Page, site: str, tmp_path: Path
) -> None:
    open_page(page, site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drop(page, tmp_path)
    expect(verdict(page)).to_contain_text("There is no picture in this folder")
    expect(verdict(page)).to_contain_text("Choose the folder that holds the pictures")
    assert [url for url in asked if "predict" in url] == []


def test_all_that_are_right_are_kept_at_once_and_one_is_taken_back(
    page: Page, site: str, folder: Path
) -> None:
    sign_up(page, site)
    open_page(page, site)
    stored = record_stored(page)
    page.locator("#choose-folder").set_input_files(folder)
    expect_all_read(page, "7 of 10 files read; 3 could not be read")
    assert stored == []
    card(page, "holiday/scan_2.png").get_by_role("button").first.click()
    page.keyboard.press("2")
    page.get_by_role("button", name="Keep all 5 that are right").click()
    expect(page.locator("#files-keep-words")).to_have_text("5 pictures kept")
    assert len(stored) == 5
    expect(card(page, "holiday/scan_2.png")).to_contain_text("Kept as a 2.")
    expect(card(page, "holiday/untold")).to_contain_text("Kept as a 7.")
    expect(card(page, "holiday/scan_3.png")).not_to_contain_text("Kept")
    page.get_by_role("button", name="Undo keeping holiday/untold").click()
    expect(card(page, "holiday/untold").locator(".file-note")).to_be_empty()
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".gallery-count")).to_contain_text("4 pictures")
    expect(page.locator(".tile[data-label='2']")).to_have_count(1)


@pytest.fixture
def fourteen(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number:02}.png" for number in range(14)]
    for number, path in enumerate(paths):
        path.write_bytes(picture_of((0, 1, 7)[number % 3], side=200 + number))
    return paths


def test_a_list_opens_at_its_top_and_stays_there(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 740})
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen)
    expect_all_read(page, "All 14 pictures read")
    assert page.evaluate("scrollY") == 0
    expect(page.get_by_role("heading", name="Pictures")).to_be_in_viewport()
    expect(page.locator(".file-button").first).to_be_focused()


def test_on_a_phone_the_strip_covers_nothing_that_is_chosen_by_key(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen)
    expect_all_read(page, "All 14 pictures read")
    for key, places in ((None, [0]), ("ArrowDown", range(1, 14)), ("ArrowUp", range(12, -1, -1))):
        for place in places:
            if key is not None:
                page.keyboard.press(key)
            chosen = page.locator(".file-button").nth(place)
            expect(chosen).to_be_focused()
            expect(chosen).to_be_in_viewport(ratio=1)
            box, strip = chosen.bounding_box(), page.locator("#files-strip").bounding_box()
            assert box is not None
            assert strip is not None
            assert box["y"] + box["height"] <= strip["y"]


def test_its_keys_work_while_a_button_above_it_has_the_focus(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen[:2])
    expect_all_read(page, "Both pictures read")
    page.get_by_role("button", name="Table (CSV)").focus()
    page.keyboard.press("4")
    expect(card(page, "00.png")).to_contain_text("You say: a 4.")
    expect(page.get_by_role("button", name="Table (CSV)")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(card(page, "01.png").locator(".file-button")).to_be_focused()
    page.get_by_role("heading", name="Pictures").click()
    page.keyboard.press("n")
    expect(card(page, "01.png")).to_contain_text("You say: not a digit.")


def test_a_picture_that_is_explained_leads_back_to_its_place_in_the_list(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen[:3])
    expect_all_read(page, "All 3 pictures read")
    page.keyboard.press("End")
    page.keyboard.press("o")
    expect_digit(page, 7)
    page.get_by_role("link", name="Explain this answer").click()
    expect(verdict(page)).to_contain_text("This is a 7")
    page.get_by_role("link", name="Back to the list").click()
    expect_all_read(page, "All 3 pictures read")
    expect(card(page, "02.png").locator(".file-button")).to_be_focused()
    page.go_back()
    page.get_by_role("button", name="Draw instead").click()
    expect(page.get_by_role("link", name="Back to the list")).to_be_hidden()


def test_of_a_list_that_was_emptied_nothing_is_said_and_nothing_leads_back(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen[:2])
    expect_all_read(page, "Both pictures read")
    page.get_by_role("button", name="Empty the list").click()
    expect(page.locator("#files-status")).to_be_empty()
    page.goto(f"{site}/explain")
    page.locator("#choose").set_input_files(fourteen[0])
    page.wait_for_url("**/explain?sent=1")
    expect(page.locator("#main")).to_have_attribute("data-state", "explained")
    expect(page.get_by_role("link", name="Back to the list")).to_be_hidden()


def test_a_list_is_printed_with_its_pictures_and_answers(
    page: Page, site: str, fourteen: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen)
    expect_all_read(page, "All 14 pictures read")
    page.emulate_media(media="print")
    for name in ("00.png", "13.png"):
        expect(card(page, name).locator("canvas")).to_be_visible()
        expect(card(page, name).locator(".file-shown")).to_be_visible()
    expect(page.locator("#files .files-actions button:visible")).to_have_count(0)
    expect(page.locator(".strip")).to_be_hidden()


def test_the_chosen_picture_of_a_list_is_seen_in_forced_colours(
    browser: Browser, site: str, fourteen: list[Path]
) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    open_page(page, site)
    page.locator("#choose").set_input_files(fourteen[:2])
    expect_all_read(page, "Both pictures read")
    outlines = "(cards) => cards.map((card) => getComputedStyle(card).outlineStyle)"
    assert page.locator(".file").evaluate_all(outlines) == ["solid", "none"]
    context.close()


def test_the_digits_of_a_drawing_are_kept_as_drawn(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    stored = record_stored(page)
    one = [[(x - 0.25, y) for x, y in stroke] for stroke in ONE]
    seven = [[(x * 0.8 + 0.25, y) for x, y in stroke] for stroke in SEVEN]
    draw(page, [*one, *seven])
    expect(verdict(page).locator(".verdict-digit")).to_have_text("17")
    page.get_by_role("button", name="Keep its digits one by one").click()
    expect_all_read(page, "Both pictures read")
    page.get_by_role("button", name="Keep all 2 that are right").click()
    expect(page.locator("#files-keep-words")).to_have_text("2 pictures kept")
    assert ["source=draw" in url for url in stored] == [True, True]


def test_where_the_server_is_away_reading_stops_and_goes_on_by_itself(
    page: Page, own_server: LiveServer, tmp_path: Path
) -> None:
    for number in range(6):
        (tmp_path / f"{number}.png").write_bytes(picture_of(number % 2, side=300 + number))
    open_page(page, own_server.url)
    own_server.stop()
    asked: list[float] = []
    page.on("request", lambda _: asked.append(time.monotonic()))
    page.locator("#choose").set_input_files(sorted(tmp_path.glob("*.png")))
    expect(page.locator("#files-progress")).to_contain_text("The server cannot be reached")
    expect(page.locator("#files-progress")).to_contain_text("0 of 6 read")
    page.wait_for_timeout(1500)
    assert len(asked) < 8
    own_server.start()
    expect(page.locator("#files-progress")).to_have_text("All 6 pictures read", timeout=30_000)
    expect(page.locator(".file-shown")).to_have_text(["0", "1", "0", "1", "0", "1"])


def test_a_number_is_copied_and_its_digits_are_kept_one_by_one(page: Page, site: str) -> None:
    sign_up(page, site)
    open_page(page, site)
    stored = record_stored(page)
    number = picture_of(7, 1, 0, side=180)
    page.locator("#choose").set_input_files(
        {"name": "number.png", "mimeType": "image/png", "buffer": number}
    )
    expect(verdict(page).locator(".verdict-digit")).to_have_text("710")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the number").click()
    expect(page.locator("#number-words")).to_have_text("Copied: 710")
    assert page.evaluate("navigator.clipboard.readText()") == "710"
    page.get_by_role("button", name="Keep its digits one by one").click()
    expect_all_read(page, "All 3 pictures read")
    expect(page.locator(".file-shown")).to_have_text(["7", "1", "0"])
    expect(page.locator(".file-name")).to_have_text([f"Digit {n} of 3" for n in (1, 2, 3)])
    assert stored == []
    # The first is left out, the second corrected.
    expect(page.locator(".file-button").first).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(".file-shown")).to_have_text(["1", "0"])
    page.keyboard.press("4")
    page.get_by_role("button", name="Keep all 2 that are right").click()
    expect(page.locator("#files-keep-words")).to_have_text("2 pictures kept")
    assert len(stored) == 2
    page.goto(f"{site}/gallery/?mine=1")
    expect(page.locator(".tile[data-label='4'][data-digit='1']")).to_have_count(1)
    expect(page.locator(".tile[data-label='0']")).to_have_count(1)
    expect(page.locator(".tile")).to_have_count(2)


def test_a_number_that_the_browser_cannot_cut_up_says_so(page: Page, site: str) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(
        {"name": "17.png", "mimeType": "image/png", "buffer": picture_of(1, 7)}
    )
    expect(page.locator("#verdict")).to_have_attribute("data-kind", "number")
    page.evaluate(
        "() => { HTMLCanvasElement.prototype.toBlob = (done) => setTimeout(() => done(null)); }"
    )
    page.locator("#number-split").click()
    expect(page.locator("#number-words")).to_contain_text("cannot cut the picture up")
