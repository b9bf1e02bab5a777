"""ZIP, .npz and IDX as the programs that people use read them."""

import csv
import gzip
import io
import shutil
import subprocess
import urllib.request
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select, update

from app.config import Settings
from app.services.pictures.gallery import Filter
from app.storage.models import Picture, User
from cnn.data.idx import decode_idx
from tests.app.database import reading, writing
from tests.app.pictures import encode
from tests.app.programs import free_port, resident, start
from tests.app.stock import add_person, fill, new_picture
from tests.app.visitor import Visitor


def unpack(pieces):
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def table(archive):
    text = archive.read("labels.csv").decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


HEAD = [
    *("filename", "label", "confidence"),
    *("network", "labelled_by_person", "source", "writer", "date"),
]


def probabilities(digit, confidence):
    """Return ten that sum to 1, with 0.03 for a 7 unless that is the digit."""
    rest = {n: 0.0 for n in range(10)} | {7: 0.03, digit: confidence}
    return tuple(rest.values())


@pytest.fixture
def labelled(services):
    """Pictures of 0 to 6.

    1 is corrected to 7, 2 confirmed, 3 no digit; 4 has lost its file.
    """
    person, store = add_person(), services.images
    ids = []
    for n in range(6):
        sure = 0.99996 - n / 7
        made = new_picture(
            n, confidence=sure, probabilities=probabilities(n, sure), pixels=bytes([n]) * 784
        )
        ids.append(store.keep(person, made))
    for number, label in ((1, "7"), (2, "2"), (3, "none")):
        store.label(ids[number], label, by=person)
    store.files.path(ids[4]).unlink()
    return ids


def test_zip(services, labelled, tmp_path):
    pieces = list(services.exporter.zip(Filter()))
    archive = unpack(pieces)
    assert archive.testzip() is None
    rows = table(archive)
    assert rows[0] == HEAD
    assert rows[1:] == [
        [f"{labelled[n]}.png", label, sure, str(n), by_person, "upload", "", moment]
        for n, label, sure, by_person, moment in (
            (5, "5", "0.2857", "false", "2030-01-01T12:00:05+00:00"),
            (2, "2", "0.7142", "true", "2030-01-01T12:00:02+00:00"),
            (1, "7", "0.0300", "true", "2030-01-01T12:00:01+00:00"),
            (0, "0", "1.0000", "false", "2030-01-01T12:00:00+00:00"),
        )
    ]
    assert archive.namelist() == [*(f"images/{row[0]}" for row in rows[1:]), "labels.csv"]
    for name, number in zip(archive.namelist(), (5, 2, 1, 0), strict=False):
        assert archive.read(name) == new_picture(number).png
        assert Image.open(archive.open(name)).size == (8, 8)
    path = tmp_path / "digits.zip"
    path.write_bytes(b"".join(pieces))
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-tq", path], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(("shown", "count"), [("7", 1), ("1", 0), ("2", 1), ("none", 0)])
def test_an_export_is_of_the_filter(services, labelled, shown, count):
    assert len(table(unpack(services.exporter.zip(Filter(shown))))) == 1 + count


def test_npz(services, labelled):
    with np.load(io.BytesIO(b"".join(services.exporter.npz(Filter()))), allow_pickle=False) as data:
        assert sorted(data) == sorted(["images", "labels", "ids", *HEAD[2:]])
        assert data["images"].shape == (5, 28, 28)
        assert data["images"].dtype == data["labels"].dtype == np.uint8
        assert data["labels"].tolist() == [5, 4, 2, 7, 0]
        assert data["images"][:, 0, 0].tolist() == [5, 4, 2, 1, 0]
        assert data["ids"].tolist() == [str(labelled[n]) for n in (5, 4, 2, 1, 0)]
        assert data["confidence"].dtype == np.float32
        assert data["confidence"] == pytest.approx([0.2857, 0.4285, 0.7142, 0.03, 1.0], abs=1e-4)
        assert data["network"].dtype == np.int8
        assert data["network"].tolist() == [5, 4, 2, 1, 0]
        assert data["labelled_by_person"].tolist() == [False, False, True, True, False]
        assert data["source"].tolist() == ["upload"] * 5
        assert data["writer"].tolist() == [""] * 5
        assert data["date"].dtype == "datetime64[s]"
        assert data["date"][0] == np.datetime64("2030-01-01T12:00:05")


def test_what_is_not_known_is_left_empty(services):
    """Pictures of the original program came without probabilities, and from whoever wrote them."""
    person = add_person()
    own = services.images.keep(person, new_picture(1, source="import"))
    services.images.label(own, "7", by=person)
    with writing() as session:
        session.execute(update(Picture).values(writer='Ann, "A"'))
    (row,) = table(unpack(services.exporter.zip(Filter())))[1:]
    assert row[1:7] == ["7", "", "1", "true", "import", 'Ann, "A"']
    with np.load(io.BytesIO(b"".join(services.exporter.npz(Filter())))) as data:
        assert np.isnan(data["confidence"]).tolist() == [True]
        assert data["writer"].tolist() == ['Ann, "A"']


def test_what_was_refused_is_exported_under_its_writers_digit(services):
    person = add_person()
    for number, label in ((1, "3"), (2, "none"), (3, None)):
        new = new_picture(number, digit=None, confidence=None, probabilities=probabilities(7, 0.4))
        services.images.keep_labelled(person, new, label)
    (row,) = table(unpack(services.exporter.zip(Filter())))[1:]
    assert row[1:5] == ["3", "0.0000", "none", "true"]
    with np.load(io.BytesIO(b"".join(services.exporter.npz(Filter())))) as data:
        assert data["labels"].tolist() == [3]
        assert data["network"].tolist() == [-1]
    assert services.gallery.count(Filter("none")) == 2


def test_idx(services, labelled):
    archive = unpack(services.exporter.idx({"digitnet": Filter()}))
    assert archive.namelist() == ["digitnet-images-idx3-ubyte.gz", "digitnet-labels-idx1-ubyte.gz"]
    images, labels = (
        decode_idx(bytearray(gzip.decompress(archive.read(name))), name=name)
        for name in archive.namelist()
    )
    assert images.shape == (5, 28, 28)
    assert labels.tolist() == [5, 4, 2, 7, 0]
    assert images[:, 27, 27].tolist() == [5, 4, 2, 1, 0]


def test_exports_of_nothing(services):
    exporter = services.exporter
    assert table(unpack(exporter.zip(Filter()))) == [HEAD]
    with np.load(io.BytesIO(b"".join(exporter.npz(Filter())))) as data:
        assert data["images"].shape == (0, 28, 28)
        assert {data[name].shape for name in data if name != "images"} == {(0,)}
    assert all(unpack(exporter.idx({"digitnet": Filter()})).infolist())


def test_what_was_imported_without_its_28_pixels_is_in_the_zip_alone(services):
    services.images.keep(add_person(), new_picture(1, pixels=None))
    assert len(table(unpack(services.exporter.zip(Filter())))) == 2
    with np.load(io.BytesIO(b"".join(services.exporter.npz(Filter())))) as data:
        assert len(data["images"]) == 0


@pytest.mark.parametrize("year", [1969, 1979, 1980, 2106])
def test_a_picture_may_be_of_any_year(services, year):
    moment = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    services.images.keep(add_person(), new_picture(1, created_at=moment))
    assert unpack(services.exporter.zip(Filter())).testzip() is None


def test_what_is_deleted_meanwhile_is_left_out(services):
    person = add_person()
    fill(1200, user_id=person, folder=services.images.files.folder, png=b"x")
    pieces = services.exporter.zip(Filter())
    first = next(pieces)
    services.images.let_go_of_all(person)
    archive = unpack([first, *pieces])
    assert archive.testzip() is None
    assert 1 <= len(table(archive)) - 1 <= 500


def test_more_than_a_chunk_comes_through_the_site(ann, services):
    fill(1100, folder=services.images.files.folder, png=encode(Image.new("L", (8, 8))))
    answer = ann.get("/gallery/download.zip")
    assert answer.status_code == 200
    assert answer.content_type == "application/zip"
    assert 'filename="digitnet-' in answer.headers["Content-Disposition"]
    archive = unpack([answer.data])
    assert archive.testzip() is None
    assert len(table(archive)) == 1101
    with np.load(io.BytesIO(ann.get("/gallery/download.npz").data)) as data:
        assert len(data["images"]) == 1100


def test_names_of_downloads_say_what_is_in_them(ann, seven):
    ann.keep(seven)
    for path, ending in (
        ("download.zip", ".zip"),
        ("download.npz", ".npz"),
        ("download-idx.zip", "-idx.zip"),
    ):
        answer = ann.get(f"/gallery/{path}?mine=1&digit=7")
        name = answer.headers["Content-Disposition"]
        assert name.startswith('attachment; filename="digitnet-mine-7-20')
        assert name.endswith(f'{ending}"')


def test_three_downloads_of_one_person_at_once(ann, bob, services, seven):
    ann.keep(seven)
    with reading() as session:
        own = session.scalar(select(User.id).where(User.username == "ann"))
    for _ in range(3):
        services.exporter.begin(own)
    fourth = ann.get("/gallery/download.npz")
    assert fourth.status_code == 429
    assert int(fourth.headers["Retry-After"]) > 0
    assert "You already have 3 downloads running" in fourth.text
    # What the page says and what the header says is the same.
    assert f"again in {fourth.headers['Retry-After']} seconds." in fourth.text
    assert "few seconds" not in fourth.text
    assert bob.get("/gallery/download.zip").status_code == 200
    services.exporter.end(own)
    for path in ("download.zip", "download.npz", "download-idx.zip"):
        assert ann.get(f"/gallery/{path}").status_code == 200
    for _ in range(2):
        services.exporter.end(own)


def test_a_download_that_fails_takes_no_place(ann, services, monkeypatch):
    def fail(*chosen):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(services.gallery, "ids", fail)
    assert {ann.get("/gallery/download.zip").status_code for _ in range(5)} == {500}
    monkeypatch.undo()
    assert ann.get("/gallery/download.zip").status_code == 200


def test_a_large_zip_leaves_the_servers_memory_flat(tmp_path, open_app):
    settings = Settings(instance_path=tmp_path / "instance")
    app = open_app(settings)
    with app.app_context():
        noise = np.random.default_rng(1).integers(0, 256, (100, 100), np.uint8)
        png = encode(Image.fromarray(noise))
        fill(10_000, folder=settings.instance_path / "saved_images", png=png)
    visitor = Visitor(app).sign_up("ann")
    cookie = visitor.client.get_cookie("session").value
    port = free_port()
    process = start(tmp_path, PORT=port, NATIVE_PORT="")
    try:
        assert "serves" in process.stdout.readline()

        def ask(path):
            """Download something; return its size and the most memory that it took."""
            size, most = 0, 0
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}{path}", headers={"Cookie": f"session={cookie}"}
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                while piece := answer.read(1 << 20):
                    size += len(piece)
                    most = max(most, resident(process.pid))
            return size, most

        ask("/gallery/download.zip?digit=7")
        for path, least in (("zip", 10_000 * len(png)), ("npz", 10_000 * 784)):
            before = resident(process.pid)
            size, most = ask(f"/gallery/download.{path}")
            assert size > least
            assert most - before < 50_000_000
    finally:
        process.terminate()
        process.communicate(timeout=60)
