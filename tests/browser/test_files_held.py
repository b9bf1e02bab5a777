"""The list of many pictures outlives a reload, in the browser that it was made in."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from .bringing import card, expect_all_read
from .drawing import expect_digit, open_page, picture_of
from .live_server import LiveServer
from .people import log_out, sign_up


def expect_held(page: Page, *labels: str | None) -> None:
    """Wait until the browser has written down so many files, with these labels."""
    held = page.evaluate(
        """async (labels) => {
            const done = (request) => new Promise((resolve) => {
                request.onsuccess = () => resolve(request.result);
            });
            for (let tries = 0; ; tries += 1) {
                const database = await done(indexedDB.open("digitnet.files", 1));
                const stores = database.transaction(["files", "states"]);
                const files = await done(stores.objectStore("files").count());
                const states = await done(stores.objectStore("states").getAll());
                database.close();
                const said = states.map(({ state }) => state.label);
                const isThere = files === labels.length && said.join() === labels.join();
                if (isThere || tries === 100) return [files, said];
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        }""",
        labels,
    )
    assert held == [len(labels), list(labels)]


@pytest.fixture
def five(tmp_path: Path) -> list[Path]:
    """Five files that no other test keeps, of which two cannot be read."""
    contents = {
        "a.png": picture_of(0, side=231),
        "b.png": picture_of(7, side=232),
        "c.png": picture_of(1, side=233),
        "half.jpg": picture_of(7, image_format="JPEG")[:900],
        "notes.txt": b"no picture",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def test_a_list_survives_a_reload_with_what_was_said_and_kept(
    page: Page, site: str, five: list[Path]
) -> None:
    sign_up(page, site)
    open_page(page, site)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#choose").set_input_files(five)
    expect_all_read(page, "3 of 5 files read; 2 could not be read")
    page.get_by_role("button", name="Keep all 3 that are right").click()
    expect(page.locator("#files-keep-words")).to_have_text("3 pictures kept")
    card(page, "a.png").get_by_role("button").first.click()
    page.keyboard.press("4")
    card(page, "notes.txt").get_by_role("button").first.click()
    page.keyboard.press("Delete")
    expect_held(page, "4", None, None, None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect_all_read(page, "3 of 4 files read; 1 could not be read")
    expect(page.locator(".file-name")).to_have_text(["a.png", "b.png", "c.png", "half.jpg"])
    expect(card(page, "a.png")).to_contain_text("You say: a 4. Read as 0.")
    expect(card(page, "b.png")).to_contain_text("Kept as a 7.")
    expect(card(page, "half.jpg")).to_contain_text("damaged. Save it again")
    expect(card(page, "b.png").locator("canvas")).to_be_visible()
    assert [url for url in asked if "predict" in url] == [], "nothing is read a second time"

    # What was kept can be taken back, and one that is opened by itself leads back to the list.
    page.get_by_role("button", name="Undo keeping b.png").click()
    expect(card(page, "b.png").locator(".file-note")).to_be_empty()
    card(page, "b.png").get_by_role("button").first.click()
    page.keyboard.press("o")
    expect_digit(page, 7)
    page.reload()
    expect_digit(page, 7)
    page.get_by_role("button", name="Back to the list (4 pictures)").click()
    expect(card(page, "a.png")).to_contain_text("You say: a 4")


def test_what_was_not_read_before_a_reload_is_read_after_it(
    page: Page, own_server: LiveServer, five: list[Path]
) -> None:
    open_page(page, own_server.url)
    page.route("**/predict*", lambda route: route.abort())
    page.locator("#choose").set_input_files(five[:2])
    expect(page.locator("#files-progress")).to_contain_text("0 of 2 read")
    page.unroute("**/predict*")
    page.reload()
    expect_all_read(page, "Both pictures read")
    expect(page.locator(".file-shown")).to_have_text(["0", "7"])


def test_a_list_goes_along_to_who_logs_in_and_away_with_who_logs_out(
    page: Page, site: str, five: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(five[:2])
    expect_all_read(page, "Both pictures read")
    expect(page.locator("#files-held")).to_contain_text("stays in this browser")
    expect_held(page, None, None)
    sign_up(page, site)
    page.goto(site)
    expect_all_read(page, "Both pictures read")
    page.get_by_role("button", name="Keep all 2 that are right").click()
    expect(page.locator("#files-keep-words")).to_have_text("2 pictures kept")
    log_out(page)
    page.goto(site)
    expect(page.locator("#pad")).to_be_visible()
    expect(page.locator("#files-return")).to_be_hidden()
    expect_held(page)


def test_a_list_is_emptied_after_a_question_where_words_would_be_lost(
    page: Page, site: str, five: list[Path]
) -> None:
    open_page(page, site)
    page.locator("#choose").set_input_files(five[:2])
    expect_all_read(page, "Both pictures read")
    page.keyboard.press("4")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Empty the list").click()
    expect(page.locator(".file")).to_have_count(2)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Empty the list").click()
    expect(page.locator("#pad")).to_be_visible()
    expect_held(page)
    page.reload()
    expect(page.locator("#pad")).to_be_visible()
    expect(page.locator("#files-return")).to_be_hidden()
    page.locator("#choose").set_input_files([five[0], five[2]])
    expect(page.locator(".file-shown")).to_have_text(["0", "1"])


@pytest.mark.parametrize("is_full", [True, False])
def test_a_browser_without_room_for_a_list_says_so_and_asks_before_it_is_lost(
    page: Page, site: str, five: list[Path], is_full: bool
) -> None:
    page.add_init_script(
        """IDBObjectStore.prototype.put = () => {
            throw new DOMException("no room", "QuotaExceededError");
        };"""
        if is_full
        else "Object.defineProperty(window, 'indexedDB', { value: undefined });"
    )
    open_page(page, site)
    page.locator("#choose").set_input_files(five[:2])
    expect_all_read(page, "Both pictures read")
    expect(page.locator("#files-held")).to_contain_text("cannot hold 2 of these pictures")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.locator(".file-button").first.click()
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#pad")).to_be_visible()
