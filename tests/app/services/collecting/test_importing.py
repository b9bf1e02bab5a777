"""Training data as people have it becomes labelled pictures, each once."""

import gzip
import io

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select

from app.services.pictures.batches import BatchStore
from app.services.pictures.gallery import Filter
from app.storage.models import Holding, Job, Labelling
from cnn.data import encode_idx
from tests.app.collecting import (
    in_folders,
    mnist,
    npz,
    packed,
    png,
    send,
    stored,
    take_in,
    work,
)
from tests.app.database import reading, writing
from tests.app.stock import add_person


@pytest.fixture
def owner(services):
    return add_person("ann")


def labels_of(pictures):
    return sorted(picture.label for picture in pictures)


def expected(count, start=0):
    return sorted(map(str, mnist()[1][start : start + count]))


class TestForms:
    def test_a_folder_for_each_class(self, services, owner):
        done = take_in(services, owner, in_folders(20), writer="Max Muster")
        assert (done.state, done.stored, done.known, done.left_out) == ("finished", 20, 0, [])
        pictures = stored()
        assert labels_of(pictures) == expected(20)
        assert {picture.writer for picture in pictures} == {"Max Muster"}
        assert {picture.labelled_by for picture in pictures} == {owner}
        assert all(picture.pixels for picture in pictures)
        right = sum(str(picture.digit) == picture.label for picture in pictures)
        assert right >= 19
        for picture in pictures:
            assert services.images.files.read(picture.id, picture.sha256) is not None
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(Holding)) == 20

    def test_the_same_as_a_zip(self, services, owner):
        done = take_in(services, owner, {"all.zip": packed(in_folders(20))})
        assert done.stored == 20
        assert labels_of(stored()) == expected(20)

    def test_files_with_a_table(self, services, owner):
        images, labels = mnist()
        files = {f"scans/{n}.png": png(images[n]) for n in range(12)}
        rows = "".join(f"{n}.png,{labels[n]},0.5,Eva {n % 2}\r\n" for n in range(12))
        table = "\ufefffilename,label,confidence,writer\r\n" + rows
        done = take_in(services, owner, files | {"scans/labels.csv": table.encode()})
        assert done.stored == 12
        assert labels_of(stored()) == expected(12)
        assert {picture.writer for picture in stored()} == {"Eva 0", "Eva 1"}

    def test_one_label_for_all(self, services, owner):
        images, labels = mnist()
        files = {f"{n}.png": png(images[n]) for n in np.flatnonzero(labels == 7)[:5]}
        assert take_in(services, owner, files, label="7").stored == 5
        assert labels_of(stored()) == ["7"] * 5

    def test_labels_by_name(self, services, owner):
        images, labels = mnist()
        files = {f"{n}.png": png(images[n]) for n in range(5)}
        said = {f"{n}.png": str(labels[n]) for n in range(5)}
        assert take_in(services, owner, files, labels=said).stored == 5
        assert labels_of(stored()) == expected(5)

    @pytest.mark.parametrize("gzipped", [True, False])
    def test_the_files_of_mnist(self, services, owner, gzipped):
        images, labels = mnist()
        pack = gzip.compress if gzipped else bytes
        end = ".gz" if gzipped else ""
        files = {
            f"train-images-idx3-ubyte{end}": pack(encode_idx(images[:30])),
            f"train-labels-idx1-ubyte{end}": pack(encode_idx(labels[:30])),
        }
        assert take_in(services, owner, files).stored == 30
        self._looks_as_written(services, stored(), images[:30])

    @pytest.mark.parametrize("scale", [1, 255])
    def test_arrays_of_numpy(self, services, owner, scale):
        images, labels = mnist()
        given = images[:30] if scale == 1 else (images[:30] / 255).astype(np.float32)
        arrays = npz(images=given, labels=labels[:30].astype(np.int64))
        assert take_in(services, owner, {"mine.npz": arrays}).stored == 30
        self._looks_as_written(services, stored(), images[:30])

    def _looks_as_written(self, services, pictures, images):
        """A person sees black ink on white; the network what the file holds."""
        assert labels_of(pictures) == expected(len(images))
        assert {p.pixels for p in pictures} == {one.tobytes() for one in images}
        for picture in pictures:
            file = services.images.files.read(picture.id, picture.sha256)
            seen = np.asarray(Image.open(io.BytesIO(file)).convert("L"))
            assert np.array_equal(255 - seen, np.frombuffer(picture.pixels, "u1").reshape(28, 28))

    @pytest.mark.parametrize("form", ["zip", "npz", "idx"])
    def test_what_the_gallery_exports(self, services, owner, form):
        take_in(services, owner, in_folders(10), writer="=cmd|' /C calc'!A1")
        before = {picture.pixels: (picture.label, picture.writer) for picture in stored()}
        chosen = {"digitnet": Filter()} if form == "idx" else Filter()
        content = b"".join(getattr(services.exporter, form)(chosen))
        for picture in stored():
            services.images.label(picture.id, None, by=owner)
            services.images.let_go(owner, picture.id)
        assert stored() == []
        done = take_in(services, owner, {f"export.{form}.zip": content})
        assert (done.stored, done.left_out) == (10, [])
        after = {picture.pixels: (picture.label, picture.writer) for picture in stored()}
        if form == "idx":  # which has no room for writers
            before = {pixels: (label, None) for pixels, (label, _) in before.items()}
        assert after == before


def test_nothing_is_stored_before_it_is_accepted(services, owner):
    upload = send(services, owner, in_folders(10))
    checked = services.collection.find(owner, upload)
    assert checked.state == "checked"
    assert stored() == []
    assert checked.preview["new"] == 10
    counted = {label: one["new"] for label, one in checked.preview["classes"].items()}
    assert sum(counted.values()) == 10
    assert all(one["samples"] for one in checked.preview["classes"].values())
    services.collection.cancel(owner, upload)
    work(services)
    assert stored() == []


def test_the_preview_is_what_the_import_does(services, owner):
    files = in_folders(6) | {
        "digits/3/notes.txt": b"no picture",
        "digits/3/broken.png": next(iter(in_folders(1, 50).values()))[:60],
        "loose.png": next(iter(in_folders(1, 51).values())),
        "digits/4/blank.png": png(np.zeros((28, 28), np.uint8)),
        "digits/2/again.png": next(iter(in_folders(1).values())),
        "inner/more.zip": b"PK",
        ".DS_Store": b"clutter",
        "__MACOSX/digits/._1.png": b"clutter",
    }
    done = take_in(services, owner, {"all.zip": packed(files)})
    assert done.stored == 6
    assert {one["name"]: one["code"] for one in done.left_out} == {
        "digits/3/notes.txt": "file_no_picture",
        "digits/3/broken.png": "file_damaged",
        "loose.png": "file_unlabelled",
        "digits/4/blank.png": "picture_blank",
        "digits/2/again.png": "picture_twice_labelled",
        "inner/more.zip": "archive_nested",
    }
    assert done.preview["new"] == 6


def test_a_label_decides_whether_what_hangs_together_is_one_digit(services, owner):
    images, labels = mnist(1200)
    six = images[1014]  # which may be two digits that touch, too
    touching = np.hstack([images[0][:, 3:24], images[17][:, 3:24]])  # 77
    files = {"6/six.png": png(six), "7/two.png": png(touching), "4/six.png": png(six[1:])}
    assert (labels[1014], labels[0], labels[17]) == (6, 7, 7)
    done = take_in(services, owner, files)
    assert labels_of(stored()) == ["6"]
    assert [one.digit for one in stored()] == [6]
    assert len(done.left_out) == 2


def test_the_same_again_imports_nothing(services, owner):
    archive = packed(in_folders(20))
    assert take_in(services, owner, {"all.zip": archive}).stored == 20
    before = [(one.id, one.label, one.created_at) for one in stored()]
    again = take_in(services, owner, {"all.zip": archive})
    assert (again.stored, again.known) == (0, 20)
    assert again.preview["known"] == 20
    assert [(one.id, one.label, one.created_at) for one in stored()] == before


def test_what_somebody_else_has_is_labelled_and_held_by_both(services, owner):
    take_in(services, owner, in_folders(5))
    bob = add_person("bob")
    done = take_in(services, bob, in_folders(5))
    assert (done.stored, done.known) == (0, 5)
    assert len(stored()) == 5
    with reading() as session:
        for table in (Labelling, Holding):
            mine = select(func.count()).select_from(table).where(table.user_id == bob)
            assert session.scalar(mine) == 5


def test_a_label_that_was_corrected_stays(services, owner):
    take_in(services, owner, in_folders(5))
    first = stored()[0]
    services.images.label(first.id, "none", by=owner)
    take_in(services, owner, in_folders(5))
    assert stored()[0].label == "none"


def test_an_administrator_s_labels_count_as_theirs(services, owner):
    services.accounts.make_admin("ann")
    take_in(services, owner, in_folders(3))
    with reading() as session:
        assert set(session.scalars(select(Labelling.by_admin))) == {True}


def test_the_limit_of_labels_is_told_and_kept(services, owner, monkeypatch):
    monkeypatch.setattr(services.checker._store, "limit", 8)
    upload = send(services, owner, in_folders(12))
    checked = services.collection.find(owner, upload)
    assert checked.preview["new"] == 8
    assert checked.preview["reasons"] == {"label_limit": 4}
    # Something else is labelled in between.
    take_in(services, owner, in_folders(3, 100))
    services.collection.accept(owner, upload)
    work(services)
    done = services.collection.find(owner, upload)
    assert done.stored == 5
    assert {one["code"] for one in done.left_out} == {"label_limit"}
    assert len(done.left_out) == 7
    assert len(stored()) == 8
    assert len(services.images.files.listed()) == 8


def test_what_was_deleted_since_the_check_is_stored_again(services, owner):
    bob = add_person("bob")
    take_in(services, bob, in_folders(4))
    upload = send(services, owner, in_folders(4))
    assert services.collection.find(owner, upload).preview["known"] == 4
    for picture in stored():
        services.images.label(picture.id, None, by=bob)
        services.images.let_go(bob, picture.id)
    assert stored() == []
    services.collection.accept(owner, upload)
    work(services)
    assert services.collection.find(owner, upload).stored == 4
    assert labels_of(stored()) == expected(4)
    assert all(picture.digit is not None for picture in stored())


def test_a_lost_file_is_restored_by_the_same_picture(services, owner):
    take_in(services, owner, in_folders(4))
    lost = stored()[0]
    services.images.files.path(lost.id).unlink()
    take_in(services, owner, in_folders(4))
    assert services.images.files.read(lost.id, lost.sha256) is not None


def test_an_account_that_ends_ends_its_uploads(services, owner):
    upload = send(services, owner, in_folders(4))
    services.collection.accept(owner, upload)
    services.endings.end(owner)
    work(services)
    assert stored() == []
    assert services.images.files.listed() == {}
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


class Killed(BaseException):
    """What a process that is killed does not survive."""


@pytest.mark.parametrize("moment", ["files", "rows", "committed"])
def test_a_kill_at_any_moment_loses_and_doubles_nothing(services, owner, monkeypatch, moment):
    monkeypatch.setattr("app.services.collecting.importing._BATCH", 5)
    upload = send(services, owner, in_folders(20))
    services.collection.accept(owner, upload)
    keep, count = BatchStore.keep, []

    def kill_in_third(self, user_id, batch, *, as_admin, finish):
        count.append(1)
        if len(count) != 3:
            return keep(self, user_id, batch, as_admin=as_admin, finish=finish)
        if moment == "files":
            self._files.write_many({one.new.id: one.new.png for one in batch})
            raise Killed
        if moment == "rows":

            def die(session, stored):
                finish(session, stored)
                raise Killed

            keep(self, user_id, batch, as_admin=as_admin, finish=die)
        keep(self, user_id, batch, as_admin=as_admin, finish=finish)
        raise Killed

    monkeypatch.setattr(BatchStore, "keep", kill_in_third)
    with pytest.raises(Killed):
        work(services)
    assert services.collection.find(owner, upload).state == "importing"
    with writing() as session:
        for job in session.scalars(select(Job).where(Job.state == "running")):
            job.state = "queued"  # as a worker does that finds it by its heartbeat
    work(services)
    done = services.collection.find(owner, upload)
    assert (done.state, done.stored, done.known) == ("finished", 20, 0)
    assert labels_of(stored()) == expected(20)
    assert services.images.files.listed().keys() == {picture.id for picture in stored()}


def test_cancelling_keeps_what_was_done_and_leaves_no_files(services, owner, monkeypatch):
    monkeypatch.setattr("app.services.collecting.importing._BATCH", 5)
    upload = send(services, owner, in_folders(20))
    services.collection.accept(owner, upload)
    keep, count = BatchStore.keep, []

    def cancel_in_second(self, *arguments, **options):
        count.append(1)
        if len(count) == 2:
            services.collection.cancel(owner, upload)
        return keep(self, *arguments, **options)

    monkeypatch.setattr(BatchStore, "keep", cancel_in_second)
    work(services)
    assert services.collection.find(owner, upload).state == "cancelled"
    assert len(stored()) == 5
    assert services.images.files.listed().keys() == {picture.id for picture in stored()}


def test_counts_by_class_are_mine_and_all(services, owner):
    bob = add_person("bob")
    take_in(services, owner, in_folders(10))
    take_in(services, bob, in_folders(5, 10))
    assert sum(services.collection.counts().values()) == 15
    assert sum(services.collection.counts(owner).values()) == 10
    assert sorted(services.collection.counts(bob)) == sorted([*map(str, range(10)), "none"])


def test_a_csv_with_a_writer_s_formula_is_harmless(services, owner):
    take_in(services, owner, in_folders(1), writer='=HYPERLINK("http://x")')
    archive = b"".join(services.exporter.zip(Filter()))
    assert b"'=HYPERLINK" in archive
    assert b",=HYPERLINK" not in archive
    assert b',"=HYPERLINK' not in archive
