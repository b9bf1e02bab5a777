"""A model of other classes in a browser: its pictures are sent, it learns, and answers."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.collecting import packed
from tests.app.folders import colour, colours

from .conftest import PATIENCE_MS
from .live_server import LiveServer
from .test_runs import become_administrator, expect_no_faults

LONG_MS = 300_000


def zipped(content: bytes) -> dict[str, object]:
    return {"name": "colours.zip", "mimeType": "application/zip", "buffer": content}


def fill_in(page: Page, site: str, content: bytes, *, epochs: int = 1) -> None:
    page.goto(f"{site}/runs")
    form = page.locator("#train-pictures")
    form.get_by_label("Pictures, packed as a ZIP").set_input_files(zipped(content))  # type: ignore[arg-type]
    form.get_by_label("Name of the model").fill("colours")
    details = form.get_by_text("Size, colour, epochs, augmentation")
    if not form.get_by_label("Epochs").is_visible():
        details.click()
    form.get_by_label("Side in pixels").fill("16")
    form.get_by_label("Epochs").fill(str(epochs))


def test_pictures_are_sent_learned_from_and_the_model_answers_and_goes_again(
    page: Page, own_server: LiveServer
) -> None:
    site = own_server.url
    become_administrator(page, own_server)
    fill_in(page, site, packed(colours(24)))
    page.get_by_label("wait: I look at it first").check()
    expect_no_faults(page)
    page.get_by_role("button", name="Send and train").click()
    expect(page.get_by_role("heading", name="Run 1", level=1)).to_be_visible()
    expect(page.locator(".runs-head")).to_contain_text("colours · blue, red · 48 pictures")
    first = page.get_by_role("heading", name="colours-1 is the first model called colours")
    expect(first).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".plot canvas")).to_have_count(2)
    expect(page.get_by_role("img", name=re.compile("Accuracy after 1 of 1 epoch"))).to_be_visible()
    expect(page.locator(".runs-card")).to_contain_text("held out of its training")
    page.get_by_text("What it took them for").click()
    expect(page.get_by_role("columnheader", name="as blue")).to_be_visible()
    expect_no_faults(page)
    page.set_viewport_size({"width": 360, "height": 740})
    expect_no_faults(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.request.get(f"{site}/models/colours").status == 404

    page.get_by_label("Why?").fill("It knows our colours.")
    page.get_by_role("button", name="Put colours-1 in service").click()
    page.get_by_role("link", name="Send it a picture").click()
    expect(page.get_by_role("heading", name="Blue or red?")).to_be_visible()
    page.locator("[data-pictures]").first.set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": colour("red", 700)}
    )
    expect(page.locator("#bars .bar-percent").first).to_have_text(re.compile(r"\d"))

    # Another one of the name is compared with it; that goes back, and is removed.
    fill_in(page, site, packed(colours(30, seed=200)), epochs=3)
    page.get_by_role("button", name="Send and train").click()
    compared = page.get_by_role("heading", name=re.compile("^colours-2 is .* colours-1$"))
    expect(page.locator(".plot canvas")).to_have_count(2, timeout=LONG_MS)
    expect(compared).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".gate-sets tbody")).to_have_count(1)
    expect_no_faults(page)
    own_server.command("model", "put-in-service", "colours-2")
    page.goto(f"{site}/models/colours/versions")
    expect(page.get_by_text("It knows our colours.")).to_be_visible()
    page.get_by_role("button", name="Put it back in service").click()
    expect(page.get_by_text("colours-1 gives the answers now.")).to_be_visible()
    own_server.command("model", "remove", "colours-2")
    page.reload()
    expect(page.locator(".model-list li")).to_have_count(1)


def test_what_is_refused_is_said_and_what_was_chosen_stays(
    page: Page, own_server: LiveServer
) -> None:
    become_administrator(page, own_server)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{own_server.url}/runs")
    send = page.get_by_role("button", name="Send and train")
    send.click()
    problem = page.locator("#pictures-problem")
    expect(problem).to_have_text("Choose a ZIP with a folder of pictures for each class.")
    fill_in(page, own_server.url, packed(colours(4, ["blue"])))
    send.click()
    expect(problem).to_contain_text("There is only one class, blue")
    form = page.locator("#train-pictures")
    expect(form.get_by_label("Name of the model")).to_have_value("colours")
    assert form.locator("[type=file]").evaluate("input => input.files.length") == 1
    expect(send).to_be_enabled()
    expect(send).to_be_focused()
    form.evaluate("form => { form.dataset.most = 100; }")
    send.click()
    expect(problem).to_contain_text("at most 0.1 kB can be sent")
    expect_no_faults(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_the_form_is_sent_and_its_run_cancelled(
    browser: Browser, own_server: LiveServer, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    become_administrator(page, own_server)
    fill_in(page, own_server.url, packed(colours(1)), epochs=300)
    page.get_by_role("button", name="Send and train").click()
    expect(page.locator("#pictures-problem")).to_contain_text("there must be 2 at least")
    expect(page.locator("#pictures-problem")).to_be_in_viewport()
    expect(page.locator("#train-pictures").get_by_label("Epochs")).to_have_value("300")
    fill_in(page, own_server.url, packed(colours(9)), epochs=300)
    page.get_by_role("button", name="Send and train").click()
    expect(page.get_by_role("heading", name="Run 1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Cancel").click()
    while (more := page.get_by_role("link", name="See how far it is")).count():
        more.click()
    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    context.close()
