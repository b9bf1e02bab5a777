"""From a ZIP to a model in service and back, on SQLite, and on PostgreSQL with Redis."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.applications import new_database
from tests.app.collecting import packed
from tests.app.jobs.test_queue import redis_or_skip
from tests.app.training import mnist_folder

from .live_server import LiveServer
from .people import sign_up
from .test_collecting import digits
from .test_runs import LONG_MS

COUNT = 60


@pytest.fixture(params=["sqlite", "postgresql and redis"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveServer]:
    mnist_folder()
    with new_database(request.param.partition(" ")[0]) as url:
        settings = {"DATABASE_URL": url, "REDIS_URL": redis_or_skip()} if url else {}
        server = LiveServer(tmp_path, **settings)
        server.start()
        yield server
        server.stop()


def with_a_wrong_label() -> dict[str, bytes]:
    """Return digits in folders, of which the first is in a wrong one."""
    files = digits(0, COUNT)
    path = next(iter(files))
    folder, digit, name = path.split("/")
    return {f"{folder}/{(int(digit) + 5) % 10}/{name}": files.pop(path)} | files


def in_service(page: Page, site: str) -> str:
    version: str = json.loads(page.request.get(f"{site}/status").text())["models"]["digits"]
    return version


def test_a_zip_becomes_a_model_in_service_and_is_taken_back(page: Page, server: LiveServer) -> None:
    site = server.url
    server.command("make-admin", sign_up(page, site))

    page.goto(f"{site}/dataset")
    archive = packed(with_a_wrong_label())
    page.locator("#choose").set_input_files(
        {"name": "digits.zip", "mimeType": "application/zip", "buffer": archive}
    )
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name=f"Import {COUNT} pictures").click(timeout=60_000)
    imported = page.get_by_role("heading", name=f"{COUNT} pictures imported")
    expect(imported).to_be_visible(timeout=60_000)

    page.get_by_role("link", name="Collect", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^Review ")).click()
    expect(page.locator("#why")).to_have_text("Shown because label and network disagree.")
    read = re.search(r"reads an? (\d)", page.locator("#network").inner_text())
    assert read
    page.keyboard.press(read[1])
    expect(page.locator("#progress")).to_contain_text("1 reviewed")

    page.goto(f"{site}/versions")
    page.get_by_label("Name").fill("class-7b")
    page.get_by_role("button", name="Freeze a version").click()
    page.get_by_role("link", name="Train a new model").click()
    page.get_by_label("MNIST mixed in, so that nothing is forgotten").uncheck()
    page.get_by_label("A quick trial").check()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".plot canvas")).to_have_count(2, timeout=LONG_MS)
    compared = page.get_by_role("heading", name=re.compile("^digits-2 is .* digits-1$"))
    expect(compared).to_be_visible(timeout=LONG_MS)
    assert in_service(page, site) == "digits-1"

    page.get_by_label("Why?").fill("It has seen our digits.")
    page.get_by_role("button", name="Put digits-2 in service").click()
    expect(page.get_by_text("digits-2 is in service.")).to_be_visible()
    assert in_service(page, site) == "digits-2"
    page.get_by_role("link", name="All versions of the digit model").click()
    page.get_by_role("button", name="Put it back in service").click()
    expect(page.get_by_text("digits-1 gives the answers now.")).to_be_visible()
    assert in_service(page, site) == "digits-1"
