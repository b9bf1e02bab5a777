"""Archives and arrays that are broken or meant ill: a sentence each, and nothing stored."""

import gzip
import io
import stat
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from app.errors import CodedError, UploadError
from app.languages import ENGLISH
from app.sentences import say_error
from app.services.collecting.zips import MOST_ENTRIES, open_zip
from cnn.data import encode_idx
from tests.app.collecting import in_folders, mnist, npz, packed, png, send, stored, take_in
from tests.app.stock import add_person


@pytest.fixture
def owner(services):
    return add_person("ann")


def good():
    return in_folders(3)


def encrypted():
    archive = bytearray(packed(good()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = archive.find(mark)
        while place >= 0:
            archive[place + at] |= 1
            place = archive.find(mark, place + 1)
    return bytes(archive)


def linked():
    entry = zipfile.ZipInfo("7/link.png")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return file.getvalue()


def named(name):
    return packed(good() | {name: png(mnist()[0][5])})


def twice():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("7/a.png", png(mnist()[0][0]))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("7/a.png", png(mnist()[0][1]))
    return file.getvalue()


def bomb():
    files = {f"7/{number}.png": bytes(2_900_000) for number in range(30)}
    return packed(files, compression=zipfile.ZIP_DEFLATED)


def lying_bomb():
    """Return an archive whose only entry states a small size and unpacks to a large one."""
    archive = bytearray(packed({"7/a.png": bytes(40_000_000)}, compression=zipfile.ZIP_DEFLATED))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", archive, archive.find(mark) + at, 1000)
    return bytes(archive)


def crowd(count):
    """Return an archive's end and list of so many empty files, without zipfile's patience."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    one = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0
    )
    listed = b"".join(one + b"%08d" % number for number in range(count))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), len(local), 0)
    return local + listed + end


def pickled():
    file = io.BytesIO()
    images = np.array([{"evil": 1}], dtype=object)
    np.savez(file, images=images, labels=np.array([1]))
    return file.getvalue()


def few():
    images, labels = mnist()
    return images[:4], labels[:4]


def idx_that_states(count):
    head = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28)
    return {
        "a-images-idx3-ubyte.gz": gzip.compress(head + few()[0].tobytes()),
        "a-labels-idx1-ubyte.gz": gzip.compress(encode_idx(np.zeros(count, np.uint8))),
    }


HOSTILE = {
    "encrypted": (lambda: {"a.zip": encrypted()}, "archive_encrypted"),
    "link": (lambda: {"a.zip": linked()}, "archive_link"),
    "parent folder": (lambda: {"a.zip": named("../../7/evil.png")}, "archive_outside"),
    "parent in Windows": (lambda: {"a.zip": named("..\\7\\evil.png")}, "archive_outside"),
    "absolute": (lambda: {"a.zip": named("/7/evil.png")}, "archive_outside"),
    "drive": (lambda: {"a.zip": named("C:/7/evil.png")}, "archive_outside"),
    "twice": (lambda: {"a.zip": twice()}, "archive_names_twice"),
    "bomb": (lambda: {"a.zip": bomb()}, "archive_bomb"),
    "lying": (lambda: {"a.zip": lying_bomb()}, "archive_damaged"),
    "truncated": (lambda: {"a.zip": packed(good())[:-100]}, "archive_damaged"),
    "cut in the middle": (lambda: {"a.zip": packed(good())[:900]}, "archive_damaged"),
    "a million": (lambda: {"a.zip": crowd(1_000_000)}, "archive_too_many"),
    "too many": (lambda: {"a.zip": crowd(MOST_ENTRIES + 1)}, "archive_too_many"),
    "bzip2": (
        lambda: {"a.zip": packed(good(), compression=zipfile.ZIP_BZIP2)},
        "archive_method",
    ),
    "pickled": (lambda: {"a.npz": pickled()}, "array_pickled"),
    "other arrays": (lambda: {"a.npz": npz(x=few()[0], y=few()[1])}, "npz_arrays"),
    "fewer labels": (
        lambda: {"a.npz": npz(images=few()[0], labels=few()[1][:3])},
        "array_lengths",
    ),
    "another size": (
        lambda: {"a.npz": npz(images=few()[0][:, :20, :20], labels=few()[1])},
        "array_shape",
    ),
    "one number": (lambda: {"a.npz": npz(images=np.uint8(3), labels=few()[1])}, "array_too_large"),
    "not numbers": (
        lambda: {"a.npz": npz(images=np.full((4, 28, 28), np.nan), labels=few()[1])},
        "array_numbers",
    ),
    "labels with decimals": (
        lambda: {"a.npz": npz(images=few()[0], labels=few()[1] + 0.5)},
        "array_labels",
    ),
    "IDX states more": (lambda: idx_that_states(9), "array_damaged"),
    "IDX states very many": (lambda: idx_that_states(200_000), "array_too_large"),
    "IDX alone": (lambda: dict([idx_that_states(4).popitem()]), "idx_alone"),
    "IDX of nothing": (
        lambda: {"a-images-idx3-ubyte": b"", "a-labels-idx1-ubyte": b""},
        "array_damaged",
    ),
    "table without columns": (
        lambda: good() | {"labels.csv": b"name;digit\n1.png;7\n"},
        "table_columns",
    ),
    "table of nothing": (lambda: good() | {"labels.csv": b""}, "table_columns"),
    "table in UTF-16": (
        lambda: good() | {"labels.csv": "filename,label\n".encode("utf-16")},
        "table_unreadable",
    ),
    "table with half a line": (
        lambda: good() | {"labels.csv": b"filename,label\n1.png\n"},
        "table_row",
    ),
    "table with an open quote": (
        lambda: good() | {"labels.csv": b'filename,label\n"1.png,7\n'},
        "table_unreadable",
    ),
    "table with a writer's essay": (
        lambda: good() | {"labels.csv": b"filename,label,writer\n1.png,7," + b"x" * 99},
        "writer_name",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_stores_nothing_and_is_told(services, owner, kind):
    make, code = HOSTILE[kind]
    upload = send(services, owner, make())
    found = services.collection.find(owner, upload)
    assert (found.state, found.message) == ("failed", code)
    words = say_error(CodedError(found.message, **found.values), ENGLISH)
    assert "%(" not in words
    assert words.endswith(".")
    assert stored() == []
    assert services.images.files.listed() == {}


def test_a_million_entries_take_no_memory():
    archive = crowd(1_000_000)
    tracemalloc.start()
    with pytest.raises(UploadError), open_zip(io.BytesIO(archive), name="a.zip"):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


@pytest.mark.parametrize(
    "name", ["../../7/evil.png", "/7/evil.png", "7/" + "x" * 5000 + ".png", "7/\u202egnp.exe", "7/"]
)
def test_names_of_files_never_become_paths(services, owner, tmp_path, name):
    before = set(tmp_path.parent.rglob("*evil*"))
    done = take_in(services, owner, {name: png(mnist()[0][0])})
    assert done.stored + len(done.left_out) == 1
    assert set(tmp_path.parent.rglob("*evil*")) == before


def test_pictures_that_are_no_pictures_are_left_out_one_by_one(services, owner):
    files = {
        "7/huge.png": b"\x89PNG" + bytes(3_100_000),
        "7/text.png": b"hello",
        "7/empty.png": b"",
        "x/unknown.png": png(mnist()[0][3]),
        "7/good.png": png(mnist()[0][0]),
        "labels.csv": b"filename,label\nunknown.png,ten\ngone.png,7\n",
    }
    done = take_in(services, owner, {"a.zip": packed(files)})
    assert done.stored == 1
    assert {one["name"]: one["code"] for one in done.left_out} == {
        "7/huge.png": "file_too_large",
        "7/text.png": "file_no_picture",
        "7/empty.png": "file_no_picture",
        "x/unknown.png": "file_label",
        "gone.png": "file_missing",
    }
