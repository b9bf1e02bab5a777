"""Pictures as people bring them to a page, for the tests in this folder."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from .drawing import encoded, picture_of


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders on the page, as the system does."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 200, "data": data})
    session.detach()


def fill_folder(folder: Path) -> Path:
    """Make a folder of seven pictures, one in a folder of its own, and three other files."""
    (folder / "more").mkdir(parents=True)
    for name, digits in {"scan_2": (7,), "scan_10": (1,), "scan_1": (0,), "scan_3": (7, 1)}.items():
        (folder / f"{name}.png").write_bytes(picture_of(*digits))
    photo = Image.open(io.BytesIO(picture_of(1, side=400))).convert("RGB")
    (folder / "photo.avif").write_bytes(encoded(photo, "AVIF"))
    (folder / "untold").write_bytes(picture_of(7, side=250))
    (folder / "more" / "blank.png").write_bytes(encoded(Image.new("L", (200, 200), 255), "PNG"))
    (folder / "half.jpg").write_bytes(picture_of(7, image_format="JPEG")[:900])
    (folder / "notes.txt").write_text("no picture")
    (folder / "empty.png").write_bytes(b"")
    (folder / ".DS_Store").write_bytes(b"left by a system")
    return folder


def card(page: Page, name: str) -> Locator:
    """Return the card of a file in the list."""
    return page.locator(".file", has=page.get_by_text(name, exact=True))


def expect_all_read(page: Page, words: str) -> None:
    expect(page.locator("#files-progress")).to_have_text(words)
    expect(page.locator("#files-bar")).to_be_hidden()
