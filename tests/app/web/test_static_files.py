"""Static files: addresses that name their content, caching, and packing."""

import gzip
import io
import json
import re
from urllib.parse import urljoin

import pytest
from PIL import Image

from app import create_app
from app.config import ROOT
from app.web.static_files import StaticFiles

GZIP = {"Accept-Encoding": "gzip"}
STATIC = ROOT / "static"
ENTRIES = [
    path.relative_to(STATIC).as_posix()
    for pattern in ("js/pages/*.js", "js/text/*/index.js", "css/*.css")
    for path in sorted(STATIC.glob(pattern))
]


def addresses(client, page="/"):
    text = re.sub("<noscript>.*?</noscript>", "", client.get(page).text, flags=re.DOTALL)
    return re.findall(r'"(/static/[^"]+)"', text)


def test_what_a_page_loads_is_never_asked_for_again(client):
    found = addresses(client)
    assert len(found) <= 8
    for address in found:
        response = client.get(address)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "page",
    ["/", "/explain", "/explain?model=cats-dogs", "/explain/course", "/login", "/nothing-here"],
)
def test_a_page_has_one_script_and_one_style_sheet(client, page):
    found = addresses(client, page)
    assert sum(address.endswith(".js") for address in found) == 1
    assert sum(address.endswith(".css") for address in found) == 1


def test_every_page_s_script_and_style_sheet_can_be_joined():
    files = StaticFiles(STATIC)
    for path in ENTRIES:
        joined = files.find(path, joined=True).content.decode()
        assert not re.search(r"^\s*@?import\b", joined, re.MULTILINE), path


def test_the_manifest_names_icons_of_the_sizes_that_it_says(client):
    address = next(one for one in addresses(client) if one.endswith(".webmanifest"))
    response = client.get(address)
    assert response.mimetype == "application/manifest+json"
    icons = json.loads(response.data)["icons"]
    assert {icon.get("purpose", "any") for icon in icons} == {"any", "maskable"}
    for icon in icons:
        answer = client.get(urljoin(address, icon["src"]))
        assert answer.mimetype == icon["type"]
        if icon["type"] == "image/png":
            with Image.open(io.BytesIO(answer.data)) as image:
                assert f"{image.width}x{image.height}" == icon["sizes"]


def test_a_text_is_packed_for_those_who_take_it(client):
    address = next(one for one in addresses(client) if one.endswith(".js"))
    whole, packed = client.get(address), client.get(address, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in whole.headers
    assert gzip.decompress(packed.data) == whole.data
    assert len(packed.data) < len(whole.data) / 2
    assert whole.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_without_a_version_a_file_is_as_it_is_and_asked_for_again(client):
    response = client.get("/static/js/pages/draw.js")
    assert response.data == (STATIC / "js/pages/draw.js").read_bytes()
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(
        "/static/js/pages/draw.js", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_what_other_people_wrote_is_sent_as_it_is(client):
    version = StaticFiles(STATIC).version
    response = client.get(f"/static/{version}/vendor/uplot/uPlot.iife.min.js")
    assert response.data == (STATIC / "vendor/uplot/uPlot.iife.min.js").read_bytes()


def test_a_page_of_another_version_gets_what_there_is(client):
    address = next(one for one in addresses(client) if one.endswith(".js"))
    old = re.sub(r"[0-9a-f]{16}", "0" * 16, address)
    response = client.get(old)
    assert response.data == client.get(address).data
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_version_names_what_the_files_hold(tmp_path):
    (tmp_path / "one.css").write_text("a {}")
    before = StaticFiles(tmp_path).version
    assert StaticFiles(tmp_path).version == before
    (tmp_path / "one.css").write_text("b {}")
    after = StaticFiles(tmp_path).version
    (tmp_path / "one.css").rename(tmp_path / "two.css")
    assert len({before, after, StaticFiles(tmp_path).version}) == 3


def test_with_the_debugger_a_change_shows_at_once(settings, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(settings)
    with app.test_request_context():
        address = app.url_for("static", filename="js/pages/draw.js")
    assert address == "/static/js/pages/draw.js"
    with app.test_client().get(address) as response:
        assert response.data == (STATIC / "js/pages/draw.js").read_bytes()


@pytest.mark.parametrize("version", ["", "0" * 16 + "/"])
@pytest.mark.parametrize("path", ["js/none.js", "js", "../wsgi.py", "%2e%2e/wsgi.py"])
def test_what_is_not_there_is_not_found(client, version, path):
    assert client.get(f"/static/{version}{path}").status_code == 404
