"""Training runs in a browser: one is started, watched, compared, and put in service."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.app.collecting import packed
from tests.app.training import mnist_folder
from tests.app.waiting import eventually

from .conftest import PATIENCE_MS
from .live_server import LiveServer
from .people import sign_up
from .test_access import AXE, faults_in
from .test_collecting import digits

LONG_MS = 300_000
# It may be over before it is seen.
SECOND_EPOCH = re.compile("Epoch 2 of 2|How sure it says it is|It is compared with")
NOTE_SAID = """() => {
    window.said = [];
    new MutationObserver(() => {
        const words = document.querySelector(".run-said")?.textContent;
        if (words && words !== window.said.at(-1)) window.said.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture
def runs(own_server: LiveServer) -> str:
    """The address of a page of runs, of a server whose program finds MNIST."""
    mnist_folder()
    return f"{own_server.url}/runs"


def become_administrator(page: Page, server: LiveServer) -> None:
    server.command("make-admin", sign_up(page, server.url))


def make_version(page: Page, site: str) -> None:
    """Import a few digits, and freeze them as a version."""
    page.goto(f"{site}/dataset")
    page.locator("#choose").set_input_files(
        {
            "name": "digits.zip",
            "mimeType": "application/zip",
            "buffer": packed(digits(0, 60)),
        }
    )
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name="Import 60 pictures").click(timeout=60_000)
    expect(page.get_by_role("heading", name="60 pictures imported")).to_be_visible(timeout=60_000)
    page.goto(f"{site}/versions")
    page.get_by_label("Name").fill("class-7b")
    page.get_by_role("button", name="Freeze a version").click()
    expect(page.get_by_role("heading", name="class-7b")).to_be_visible()


def start_trial(page: Page, runs: str) -> None:
    page.goto(runs)
    page.get_by_label("MNIST mixed in, so that nothing is forgotten").uncheck()
    page.get_by_label("A quick trial").check()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Run "), level=1)).to_be_visible()


def expect_no_faults(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8") + ";0")
    assert faults_in(page) == []
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def right_side(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_a_run_is_started_watched_compared_and_put_in_service(
    page: Page, own_server: LiveServer, runs: str
) -> None:
    become_administrator(page, own_server)
    make_version(page, own_server.url)
    page.get_by_role("link", name="Train a new model").click()
    expect(page.get_by_label("class-7b 60 pictures")).to_be_checked()
    expect(page.get_by_text("None yet.")).to_be_visible()
    start_trial(page, runs)
    page.evaluate(NOTE_SAID)
    overview = page.context.new_page()
    overview.goto(runs)
    expect(overview.locator("#live")).to_contain_text("Run 1 is running")
    expect(page.locator(".run-words")).to_contain_text(SECOND_EPOCH, timeout=LONG_MS)
    expect(page.locator("h1")).to_contain_text("is running")
    expect(page.locator(".plot canvas")).to_have_count(2)
    expect(overview.locator("#live .plot canvas")).to_have_count(1)
    expect_no_faults(page)

    # How good it is, another machine's arithmetic may find otherwise.
    compared = page.get_by_role("heading", name=re.compile("^digits-2 is .* digits-1$"))
    expect(compared).to_be_visible(timeout=LONG_MS)
    assert [words[:18] for words in page.evaluate("said")] == [
        "Epoch 1 of 2 is do",
        "Epoch 2 of 2 is do",
    ]
    expect(page.locator(".plot canvas")).to_have_count(2)
    expect(page.get_by_role("img", name=re.compile("Accuracy after 2 of 2 epochs"))).to_be_visible()
    page.get_by_text("As a table").first.click()
    rows = page.get_by_role("region", name="Accuracy").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(page.locator(".gate-sets tbody")).to_have_count(4)
    expect(page.locator(".gate-sets")).to_contain_text("of MNIST, held out")
    page.set_viewport_size({"width": 360, "height": 740})
    expect_no_faults(page)
    eventually(lambda: right_side(page.locator(".plot canvas").first) <= 360)

    # The other page has taken notice by itself.
    overview.bring_to_front()
    expect(overview.locator("#live")).to_be_hidden()
    expect(overview.locator(".runs-list")).to_contain_text(re.compile("as good|better"))
    overview.close()

    page.get_by_label("Why?").fill("It reads our sevens.")
    page.get_by_role("button", name="Put digits-2 in service").click()
    expect(page.get_by_text("digits-2 is in service.")).to_be_visible()
    page.get_by_role("link", name="All versions of the digit model").click()
    expect(page.get_by_text("It reads our sevens.")).to_be_visible()
    page.get_by_role("link", name="Training runs").click()
    expect(page.locator(".runs-state")).to_have_text("in service")

    start_trial(page, runs)
    expect(page.locator(".run-words")).to_contain_text(SECOND_EPOCH, timeout=LONG_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    page.get_by_role("link", name="All runs").click()
    page.get_by_label("Compare run 1").check()
    expect(page.locator("#comparison-note")).to_have_text("Tick one more to compare them.")
    page.get_by_label("Compare run 2").check()
    expect(page.locator("#comparison canvas")).to_be_visible()
    expect(page.locator("#comparison-legend li")).to_have_count(2)
    expect(page.locator("#comparison-legend li").last).to_contain_text(re.compile(r"Run 1 \d+"))
    page.get_by_role("radio", name="Loss").check()
    expect(page.locator("#comparison-legend li").last).to_contain_text(re.compile(r"Run 1 0\.\d+"))
    page.get_by_text("As a table").click()
    expect(page.locator("#comparison-table th")).to_have_text(["Epoch", "Run 2", "Run 1", "1", "2"])
    expect_no_faults(page)


def test_without_scripts_a_run_is_followed_and_cancelled(
    browser: Browser, own_server: LiveServer, runs: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    become_administrator(page, own_server)
    page.goto(runs)
    expect(page.get_by_role("link", name="Freeze a version")).to_be_visible()
    page.get_by_label("A quick trial").check()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="Run 1")).to_be_visible()
    expect(page.locator(".plot-place").first).to_be_hidden()
    for _ in range(3):
        page.get_by_role("link", name="See how far it is").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Cancel").click()
    while (more := page.get_by_role("link", name="See how far it is")).count():
        more.click()
    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    context.close()


def test_what_cannot_be_trained_is_said_and_what_was_chosen_stays(
    page: Page, own_server: LiveServer, runs: str
) -> None:
    become_administrator(page, own_server)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(runs)
    page.get_by_label("MNIST mixed in, so that nothing is forgotten").uncheck()
    page.get_by_label("random weights").check()
    page.get_by_text("Epochs, rate, augmentation").click()
    form = page.locator("#train")
    expect(form.get_by_label("Turned, degrees")).to_be_hidden()
    form.get_by_label("by at most:").check()
    form.get_by_label("Turned, degrees").fill("7")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is nothing to learn from")
    expect(page.get_by_label("MNIST mixed in, so that nothing is forgotten")).not_to_be_checked()
    expect(page.get_by_label("random weights")).to_be_checked()
    expect(form.get_by_label("Turned, degrees")).to_have_value("7")
    expect_no_faults(page)


def test_a_page_that_loses_the_server_says_so_and_goes_on(
    page: Page, own_server: LiveServer, runs: str
) -> None:
    become_administrator(page, own_server)
    page.goto(runs)
    page.get_by_label("A quick trial").check()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".run-words")).not_to_be_empty()
    run = page.url

    def break_off(route: Route) -> None:
        route.abort()

    page.route(run, break_off)
    page.route("**/status", break_off)
    expect(page.locator(".run-note")).to_contain_text("The server cannot be reached")
    page.unroute(run)
    page.unroute("**/status")
    expect(page.locator(".run-note")).to_be_hidden()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
