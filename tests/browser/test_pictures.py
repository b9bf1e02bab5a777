"""Pictures on the page Draw: chosen, dropped, pasted; shrunk, refused, and left again."""

import base64
import io

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import FilePayload, Page, expect

from .drawing import (
    SEVEN,
    draw,
    encoded,
    expect_digit,
    expect_nothing_invented,
    last_sent_picture,
    open_page,
    picture_of,
    place,
    record_sent_pictures,
    verdict,
)

MOST_BYTES = 3_000_000

HAND_OVER = """([event, name, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: "image/png" }));
    if (event === "paste") {
        document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer }));
    } else {
        const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent(event, options));
    }
}"""


def choose(page: Page, content: bytes, *, name: str = "x.png", mime: str = "image/png") -> None:
    file: FilePayload = {"name": name, "mimeType": mime, "buffer": content}
    page.locator("#choose").set_input_files(files=[file])


def test_a_chosen_picture_is_read_and_shown_with_its_box(page: Page, site: str) -> None:
    open_page(page, site)
    choose(page, picture_of(7))
    expect_digit(page, 7)
    expect(page.get_by_role("img", name="with a box around a 7")).to_be_visible()
    expect(page.locator("rect.box")).to_have_count(1)


def test_going_back_finds_the_drawing_as_it_was(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    choose(page, picture_of(1))
    expect_digit(page, 1)
    expect(page.locator("#pad")).to_be_hidden()
    page.get_by_role("button", name="Back to drawing").click()
    expect_digit(page, 7)
    expect(page.locator("#pad")).to_be_visible()


def test_a_picture_may_come_in_the_middle_of_a_line(page: Page, site: str) -> None:
    open_page(page, site)
    page.mouse.move(*place(page, (0.5, 0.2)))
    page.mouse.down()
    page.mouse.move(*place(page, (0.5, 0.8)), steps=5)
    choose(page, picture_of(7))
    expect_digit(page, 7)
    page.mouse.up()
    page.keyboard.press("Escape")
    expect_digit(page, 1)


def test_the_drawing_keys_leave_a_hidden_drawing_alone(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    choose(page, picture_of(1))
    expect_digit(page, 1)
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    expect_digit(page, 7)


def test_several_digits_are_spelt_boxed_and_listed(page: Page, site: str) -> None:
    open_page(page, site)
    choose(page, picture_of(7, 1, 0))
    expect(verdict(page).locator(".verdict-digit")).to_have_text("710")
    expect(page.get_by_role("status")).to_contain_text("3 digits")
    expect(page.locator("rect.box")).to_have_count(3)
    expect(page.locator(".found-card .found-digit")).to_have_text(["7", "1", "0"])
    expect(page.get_by_role("img", name="boxes around 3 digits: 710")).to_be_visible()


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_can_be_dropped_or_pasted(page: Page, site: str, way: str) -> None:
    open_page(page, site)
    content = base64.b64encode(picture_of(7)).decode()
    if way == "drop":
        page.evaluate(HAND_OVER, ["dragenter", "x.png", content])
        expect(page.get_by_text("Drop pictures or a folder to read them")).to_be_visible()
    page.evaluate(HAND_OVER, [way, "x.png", content])
    expect_digit(page, 7)
    expect(page.get_by_text("Drop pictures or a folder to read them")).to_be_hidden()


@pytest.mark.parametrize("grey", [0, 255])
def test_a_blank_picture_is_no_digit(page: Page, site: str, grey: int) -> None:
    open_page(page, site)
    choose(page, encoded(Image.new("L", (200, 200), grey), "PNG"))
    expect(verdict(page)).to_have_attribute("data-kind", "refusal")
    expect_nothing_invented(page)


@pytest.mark.parametrize(("name", "mime"), [("x.png", "image/png"), ("notes.txt", "text/plain")])
def test_a_file_that_is_no_picture_is_told(page: Page, site: str, name: str, mime: str) -> None:
    open_page(page, site)
    choose(page, b"hello", name=name, mime=mime)
    expect(page.get_by_role("status")).to_contain_text("This cannot be read")
    expect_nothing_invented(page)


def test_a_large_photo_is_shrunk_and_turned_upright_before_it_is_sent(
    page: Page, site: str
) -> None:
    record_sent_pictures(page)
    open_page(page, site)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = Image.open(io.BytesIO(picture_of(7, side=3000)))
    # As a phone stores a photo taken upright: lying on its side, with a note of how to turn it.
    photo = encoded(upright.rotate(90, expand=True), "JPEG", exif=exif)
    choose(page, photo, name="photo.jpg", mime="image/jpeg")
    expect_digit(page, 7)
    sent = last_sent_picture(page)
    assert len(sent) <= MOST_BYTES
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(sent))).size == (2000, 2000)


def test_a_picture_outlives_a_reload_and_the_way_back_from_explain(page: Page, site: str) -> None:
    open_page(page, site)
    draw(page, SEVEN)
    expect_digit(page, 7)
    # As large as may be sent, and larger than a photo that was shrunk.
    large = picture_of(1)
    choose(page, large + bytes(MOST_BYTES - len(large)))
    expect_digit(page, 1)
    page.reload()
    expect_digit(page, 1)
    expect(page.locator("rect.box")).to_have_count(1)
    page.locator("#explain").click()
    expect(page.locator("#picture img")).to_be_visible()
    page.go_back()
    expect_digit(page, 1)
    expect(page.locator("rect.box")).to_have_count(1)
    page.get_by_role("button", name="Back to drawing").click()
    expect_digit(page, 7)
    page.reload()
    expect_digit(page, 7)
    expect(page.locator("#pad")).to_be_visible()


@pytest.mark.parametrize("ink", [0, 255])
def test_what_shows_through_stays_so_when_a_picture_is_shrunk(
    page: Page, site: str, ink: int
) -> None:
    # More pixels than the server takes, and transparent but for the digit.
    digit = Image.open(io.BytesIO(picture_of(7, side=4200)))
    picture = Image.new("LA", digit.size, (ink, 0))
    picture.putalpha(ImageOps.invert(digit))
    record_sent_pictures(page)
    open_page(page, site)
    choose(page, encoded(picture, "PNG"))
    expect_digit(page, 7)
    sent = Image.open(io.BytesIO(last_sent_picture(page)))
    assert sent.format == "PNG"
    assert max(sent.size) < 4200
    alpha = sent.convert("RGBA").getchannel("A")
    assert alpha.getextrema() == (0, 255)
