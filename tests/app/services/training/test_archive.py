"""Archives with a folder for each class: what is found in them, and what is refused."""

import io
import struct
import zipfile

import pytest

from app.errors import CodedError, StorageError, UploadError
from app.languages import ENGLISH
from app.sentences import say_error
from app.services.training import archive as archive_module
from app.services.training.archive import open_archive
from tests.app.collecting import packed
from tests.app.folders import colour, colours, lying
from tests.app.services.collecting.test_hostile import HOSTILE


@pytest.fixture
def look(tmp_path):
    """Open an archive of files, and return what is found in it."""

    def look(files):
        with open_archive(keep(tmp_path, files), name="pets.zip") as found:
            return found

    return look


@pytest.fixture
def unpack(tmp_path):
    """Unpack an archive of files; return the paths of the files within, and how they are called."""

    def unpack(files):
        folder = tmp_path / "pictures"
        with open_archive(keep(tmp_path, files), name="pets.zip") as found:
            unpacked = found.unpack(folder, lambda: None)
        paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*/*/*")]
        return sorted(paths), unpacked

    return unpack


def keep(folder, files):
    path = folder / "kept.zip"
    path.write_bytes(files if isinstance(files, bytes) else packed(files))
    return path


@pytest.mark.parametrize(
    ("layout", "beside"),
    [
        (["cats/1", "cats/2", "dogs/1", "dogs/2", "dogs/3"], 0),
        (["pets/cats/1", "pets/cats/2", "pets/dogs/1", "pets/dogs/2", "pets/dogs/3"], 0),
        (["a/b/cats/1", "a/b/cats/2", "a/b/dogs/1", "a/b/dogs/2", "a/b/dogs/3"], 0),
        # What is beside the folders, deeper than they are, or of the system, is of no use.
        (
            [
                *("pets/cats/1", "pets/cats/2", "pets/dogs/1", "pets/dogs/2", "pets/dogs/3"),
                *("pets/README", "licence", "pets/dogs/old/9", "__MACOSX/pets/cats/._1"),
                "pets/.DS_Store",
            ],
            3,
        ),
        (
            [
                *("a/Train/cats/1", "a/Train/cats/2", "a/Train/dogs/1", "a/Train/dogs/2"),
                *("a/Train/dogs/3", "a/Test_Set/dogs/1", "a/notes/cats/1"),
            ],
            1,
        ),
    ],
)
def test_classes_are_found_by_their_folders(look, layout, beside):
    found = look(dict.fromkeys(layout, b"x"))
    assert found.counts == {"cats": 2, "dogs": 3}
    assert found.classes == ("cats", "dogs")
    assert found.beside == beside


def test_numbers_come_first_and_accents_are_with_their_letters(look):
    files = colours(0) | {
        f"{name}/{number}": b"x"
        for name in ("10", "2", "Ku\u0308he", "Hunde ")
        for number in range(2)
    }
    archive = bytearray(packed(files))
    assert look(bytes(archive)).classes == ("2", "10", "Hunde", "Kühe")
    # As macOS packs: UTF-8, without saying so.
    for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        place = archive.find(mark)
        while place >= 0:
            archive[place + at] &= ~8
            place = archive.find(mark, place + 1)
    assert look(bytes(archive)).classes == ("2", "10", "Hunde", "Kühe")
    windows = {f"pets\\{name}\\{number}": b"x" for name in ("a", "b") for number in range(2)}
    assert look(windows).counts == {"a": 2, "b": 2}


def test_no_name_becomes_a_path_and_the_parts_are_as_they_were_sent(unpack):
    files = {
        f"{part}/{name}/{number}.jpg": b"x"
        for part in ("train", "val", "test")
        for name in ("con", "a; rm -rf *")
        for number in "12"
    }
    paths, unpacked = unpack(files)
    assert {path.rsplit("/", 1)[0] for path in paths} == {
        f"{part}/{label}" for part in ("test", "train", "validation") for label in (0, 1)
    }
    called = [unpacked.names[int(path.rsplit("/")[-1])] for path in paths]
    assert sorted(called) == sorted(files)
    assert called[0].startswith("test/a; rm -rf */")


def test_without_parts_all_is_to_be_learned_from(unpack):
    paths, unpacked = unpack(colours(2))
    assert paths == ["train/0/0", "train/0/1", "train/1/2", "train/1/3"]
    assert unpacked.names == ["blue/0.png", "blue/1.png", "red/0.png", "red/1.png"]


def test_files_that_are_too_large_are_left_out(unpack, monkeypatch):
    monkeypatch.setattr(archive_module, "_LARGEST_PICTURE", 5000)
    paths, unpacked = unpack(colours(3) | {"red/large": bytes(5001)})
    assert (len(paths), unpacked.too_large) == (6, 1)
    with pytest.raises(CodedError) as refused:
        unpack(colours(2, ["blue"]) | {"red/1": bytes(6000), "red/2": colour("red", 1)})
    assert (refused.value.code, refused.value.values["name"]) == ("pictures_few", "red")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"1.png": b"x", "2.png": b"x"}, "pictures_no_folders"),
        ({}, "pictures_no_folders"),
        (colours(3, ["blue"]), "pictures_one_class"),
        (colours(3, ["blue"], within="train/"), "pictures_one_class"),
        (colours(1), "pictures_few"),
        (colours(3, ["blue"]) | colours(1, ["red"]), "pictures_few"),
        (colours(2, within="test/"), "pictures_no_training"),
        (colours(2, within="val/") | colours(2, within="test/"), "pictures_no_training"),
        (colours(2, within="train/") | colours(2, within="training_set/"), "pictures_parts_twice"),
        (
            colours(2, within="train/") | colours(1, ["green"], within="test/"),
            "pictures_class_unknown",
        ),
        (colours(2, ["blue"]) | {"Blue/1": b"x", "Blue/2": b"x"}, "pictures_class_twice"),
        (colours(2) | {"x" * 41 + "/1": b"x", "x" * 41 + "/2": b"x"}, "pictures_class_name"),
        (colours(2) | {"a\nb/1": b"x", "a\nb/2": b"x"}, "pictures_class_name"),
        ({f"{n}/{m}": b"x" for n in range(101) for m in range(2)}, "pictures_classes"),
        # A class is called as a part is.
        (colours(2, ["blue"]) | {"train/1.png": b"x", "train/2.png": b"x"}, "pictures_no_folders"),
    ],
)
def test_folders_that_are_no_classes_are_refused_with_a_sentence(look, files, code):
    with pytest.raises(CodedError) as refused:
        look(files)
    assert refused.value.code == code
    assert "Nothing was stored." in say_error(refused.value, ENGLISH)


KINDS = [kind for kind, (_, code) in HOSTILE.items() if "arch" in code and kind != "lying"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hostile_is_refused_as_an_upload_of_digits_is(tmp_path, kind):
    make, code = HOSTILE[kind]
    [content] = make().values()
    path = keep(tmp_path, content)
    expected = {"archive_too_many": "pictures_too_many"}.get(code, code)
    with pytest.raises(UploadError) as refused, open_archive(path, name="a.zip") as found:
        found.unpack(tmp_path / "pictures", lambda: None)
    assert refused.value.code == expected
    assert "Nothing was stored." in say_error(refused.value, ENGLISH)


def test_an_entry_that_unpacks_to_more_than_it_states_is_refused(unpack):
    with pytest.raises(UploadError) as refused:
        unpack(lying())
    assert refused.value.code == "archive_damaged"


def test_an_archive_that_would_unpack_to_more_than_2_gb_is_refused(look):
    archive = bytearray(packed(colours(2)))
    place = archive.find(b"PK\x01\x02")
    struct.pack_into("<I", archive, place + 24, 2_100_000_000)
    with pytest.raises(UploadError) as refused:
        look(bytes(archive))
    assert refused.value.code == "pictures_too_large"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in ("a/1", "a/2", "b/1", "b/2"):
            zipped.writestr(name, bytes(15_000_000))
    with pytest.raises(UploadError) as refused:
        look(file.getvalue())
    assert refused.value.code == "archive_bomb"


def test_a_disk_that_fails_is_told_from_an_archive_that_is_damaged(tmp_path):
    (tmp_path / "pictures").write_bytes(b"in the way")
    path = keep(tmp_path, colours(2))
    with pytest.raises(StorageError), open_archive(path, name="a.zip") as found:
        found.unpack(tmp_path / "pictures", lambda: None)
