"""Versions of the data set: frozen whole, split by a rule, and left by what is withdrawn."""

import csv
import gzip
import io
import json
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import func, select, update

from app.errors import CodedError, PersonGone
from app.services.training import RunSettings
from app.services.versions import (
    Choice,
    NoSuchVersion,
    NotYourVersion,
    Use,
    VersionError,
    VersionInUse,
    Versions,
    VersionTaken,
)
from app.services.versions.split import MANY, split
from app.storage.models import Job, Picture, TrainingRun, VersionMember
from cnn.data.idx import decode_idx
from tests.app.database import reading, writing
from tests.app.stock import add_person, fill, new_picture


@pytest.fixture
def owner(services):
    return add_person("ann")


@pytest.fixture
def labelled(services, owner):
    """Twelve pictures: ten digits, one that shows none, and one without a label."""
    ids = [
        services.images.keep(owner, replace(new_picture(n), pixels=bytes([n]) * 784))
        for n in range(12)
    ]
    for number, picture_id in enumerate(ids[:10]):
        services.images.label(picture_id, str(number % 10), by=owner)
    services.images.label(ids[10], "none", by=owner)
    return ids


def content(services, version, form):
    return b"".join(services.version_exporter.write(version, form))


class TestSplit:
    def test_a_writer_with_few_pictures_is_on_one_side_and_one_with_many_is_not(self):
        digests = [f"{n * 2654435761 % 2**32:08x}{'0' * 56}" for n in range(3 * MANY)]
        few = [(f"writer {n % 50}", digest) for n, digest in enumerate(digests[:MANY])]
        many = [("many", digest) for digest in digests[MANY : 2 * MANY]]
        unknown = [(None, digest) for digest in digests[2 * MANY :]]
        sides = split([*few, *many, *unknown], {"many"})
        by_writer: dict[str, set[bool]] = {}
        for (writer, _), side in zip(few, sides, strict=False):
            by_writer.setdefault(writer, set()).add(side)
        assert all(len(own) == 1 for own in by_writer.values())
        assert {True, False} <= {side for own in by_writer.values() for side in own}
        for part in (sides[MANY : 2 * MANY], sides[2 * MANY :]):
            assert 0.1 < np.mean(part) < 0.3

    def test_nothing_but_writer_and_picture_decides(self):
        pictures = [("ann", "00000001"), ("bob", "00000005"), (None, "0000000a")]
        assert split(pictures, ()) == split(pictures[::-1], ())[::-1]


class TestFreezing:
    def test_a_picture_is_on_the_same_side_whatever_else_is_in_the_version(self, services, owner):
        ids = fill(MANY, user_id=owner)
        with writing() as session:
            session.execute(update(Picture).values(label="7", writer="Max"))
        whole = services.versions.freeze("whole", by=owner)
        assert 0.1 < whole.held_out / MANY < 0.3
        with writing() as session:
            later = Picture.id.in_(ids[: MANY // 2])
            day = datetime(2040, 1, 1, tzinfo=UTC)
            session.execute(update(Picture).where(later).values(created_at=day))
        half = services.versions.freeze("half", by=owner, choice=Choice(since=date(2040, 1, 1)))
        assert half.count == MANY // 2
        sides = {one.picture_id: one.held_out for one in services.versions.members(whole.id)}
        for one in services.versions.members(half.id):
            assert one.held_out == sides[one.picture_id]

    def test_pictures_are_withdrawn_while_versions_are_frozen(self, services, owner, labelled):
        faults = []

        def each(work):
            try:
                work()
            except Exception as error:
                faults.append(error)

        def withdraw():
            for picture_id in labelled[:8]:
                services.images.take_back(owner, picture_id)

        def freeze():
            for number in range(6):
                services.versions.freeze(f"v-{number}", by=owner)

        threads = [threading.Thread(target=each, args=(work,)) for work in (withdraw, freeze)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert [one.count for one in services.versions.all()] == [3] * 6

    def test_labels_stay_as_they_were(self, services, owner, labelled):
        version = services.versions.freeze("first", by=owner)
        assert (version.frozen, version.count, version.withdrawn) == (11, 11, 0)
        assert version.by_class == {label: 1 for label in (*map(str, range(10)), "none")}
        assert version.by_writer == {"": 11}
        services.images.label(labelled[3], "8", by=owner)
        services.images.label(labelled[11], "5", by=owner)
        assert services.versions.find("first").by_class["8"] == 1
        members = {one.picture_id: one.label for one in services.versions.members(version.id)}
        assert members[labelled[3]] == "3"
        assert labelled[11] not in members
        second = services.versions.freeze("second", by=owner)
        assert second.by_class["8"] == 2
        assert [one.name for one in services.versions.all()] == ["second", "first"]

    def test_by_writer_and_day(self, services, owner, labelled):
        assert services.versions.preview()["7"] == 1
        assert sum(services.versions.preview(Choice(since=date(2031, 1, 1))).values()) == 0
        day = date(2030, 1, 1)
        version = services.versions.freeze("day", by=owner, choice=Choice(since=day, until=day))
        assert version.count == 11
        assert (version.since, version.until) == ("2030-01-01", "2030-01-01")
        with pytest.raises(VersionError) as caught:
            services.versions.freeze("nobody", by=owner, choice=Choice(writer="Nobody"))
        assert caught.value.code == "version_empty"
        assert services.versions.find("nobody") is None

    @pytest.mark.parametrize("name", ["", "A", "a b", "-a", "a--b", "a" * 41, "../a", "é"])
    def test_a_name_that_cannot_be(self, services, owner, labelled, name):
        with pytest.raises(VersionError) as caught:
            services.versions.freeze(name, by=owner)
        assert caught.value.code == "version_name"

    def test_a_name_is_given_once_even_by_several_at_once(self, services, owner, labelled):
        ends = []

        def freeze():
            try:
                ends.append(services.versions.freeze("same", by=owner).count)
            except VersionTaken:
                ends.append("taken")

        threads = [threading.Thread(target=freeze) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, ends)) == ["11", "taken", "taken", "taken"]
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(VersionMember)) == 11

    def test_what_its_owner_withdraws_leaves_and_is_counted(self, services, owner, labelled):
        version = services.versions.freeze("first", by=owner)
        before = content(services, version, "csv")
        services.images.take_back(owner, labelled[4])
        version = services.versions.find("first")
        assert (version.frozen, version.count, version.withdrawn) == (11, 10, 1)
        after = content(services, version, "csv")
        assert str(labelled[4]).encode() in before
        assert str(labelled[4]).encode() not in after
        services.endings.end(owner)
        version = services.versions.find("first")
        assert version.created_by is None
        assert version.count == 10  # labels stay, without the person's name


class TestLimit:
    @pytest.fixture
    def versions(self, services):
        return Versions(services.database, limit=2)

    def test_a_person_has_so_many_and_may_remove_one(self, versions, owner, labelled):
        other = add_person("bob")
        versions.freeze("theirs", by=other)
        for name in ("first", "second"):
            versions.freeze(name, by=owner)
        with pytest.raises(VersionError) as caught:
            versions.freeze("third", by=owner)
        assert (caught.value.code, caught.value.values) == ("version_limit", {"count": 2})
        versions.remove("first", by=owner, is_admin=False)
        assert versions.freeze("third", by=owner).count == 11

    def test_several_at_once_count_like_one_after_the_other(self, versions, owner, labelled):
        ends = []

        def freeze(name):
            try:
                versions.freeze(name, by=owner)
                ends.append("frozen")
            except VersionError as error:
                ends.append(error.code)

        threads = [threading.Thread(target=freeze, args=(f"v-{n}",)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["frozen"] * 2 + ["version_limit"] * 3

    def test_whose_account_has_ended_freezes_nothing(self, versions, owner, labelled):
        with pytest.raises(PersonGone):
            versions.freeze("first", by=uuid4())
        assert versions.names() == set()


class TestRemoving:
    def test_the_owner_and_administrators_may_and_the_pictures_stay(
        self, services, owner, labelled
    ):
        other = add_person("bob")
        for name in ("first", "second"):
            services.versions.freeze(name, by=owner)
        with pytest.raises(NotYourVersion):
            services.versions.remove("first", by=other, is_admin=False)
        services.versions.remove("first", by=owner, is_admin=False)
        services.versions.remove("second", by=other, is_admin=True)
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(VersionMember)) == 0
        assert sum(services.versions.preview().values()) == 11
        with pytest.raises(NoSuchVersion):
            services.versions.remove("first", by=owner, is_admin=False)
        # Nothing was made of it: the name is free again.
        assert services.versions.freeze("first", by=owner).count == 11

    def test_a_run_that_waits_needs_it_and_one_with_a_model_keeps_its_name(
        self, services, owner, labelled
    ):
        services.versions.freeze("first", by=owner)
        run_id = services.runs.start(RunSettings(versions=("first",)), by=owner)
        with pytest.raises(VersionInUse) as caught:
            services.versions.remove("first", by=owner, is_admin=True)
        assert caught.value.values == {"name": "first", "number": 1}
        with writing() as session:
            ended = {"state": "finished", "model": "digits-2"}
            session.execute(update(TrainingRun).values(ended))
            session.execute(update(Job).values(state="finished"))
        assert services.versions.use_of("first") == Use((), (1,))
        services.versions.remove("first", by=owner, is_admin=False)
        assert services.runs.find(run_id).settings.versions == ("first",)
        with pytest.raises(VersionTaken) as taken:
            services.versions.freeze("first", by=owner)
        assert taken.value.code == "version_name_used"

    def test_a_run_that_is_started_at_the_same_moment_has_its_version_or_is_refused(
        self, services, owner, labelled
    ):
        for number in range(5):
            name = f"v-{number}"
            services.versions.freeze(name, by=owner)
            ends: list[str] = []
            start = partial(services.runs.start, RunSettings(versions=(name,)), by=owner)
            remove = partial(services.versions.remove, name, by=owner, is_admin=False)

            def attempt(work, ends=ends):
                try:
                    work()
                except CodedError as error:
                    ends.append(error.code)

            threads = [threading.Thread(target=attempt, args=(work,)) for work in (start, remove)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert ends in (["version_in_use"], ["run_version"])
            is_there = services.versions.find(name) is not None
            assert is_there == (ends == ["version_in_use"])


class TestExport:
    @pytest.fixture
    def version(self, services, owner, labelled):
        return services.versions.freeze("first", by=owner, licence=" They may be shared. ")

    def test_zip(self, services, version, labelled):
        archive = zipfile.ZipFile(io.BytesIO(content(services, version, "zip")))
        rows = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
        assert list(rows[0]) == [
            *("filename", "label", "confidence", "network", "labelled_by_person"),
            *("source", "writer", "date", "split"),
        ]
        labels = {row["filename"]: row["label"] for row in rows}
        assert labels[f"{labelled[7]}.png"] == "7"
        assert labels[f"{labelled[10]}.png"] == "none"
        assert {row["split"] for row in rows} <= {"train", "validation"}
        assert {f"images/{name}" for name in labels} < set(archive.namelist())
        card = json.loads(archive.read("card.json"))
        assert (card["name"], card["licence"]) == ("first", "They may be shared.")
        readme = archive.read("README.md").decode()
        assert "11 pictures of handwritten digits" in readme
        assert "Licence: They may be shared.\n" in readme
        assert "withdrawn" not in readme
        assert card["counts"]["pictures"] == 11
        held_out = sum(row["split"] == "validation" for row in rows)
        assert card["counts"]["held_out"] == held_out

    def test_npz(self, services, version):
        file = io.BytesIO(content(services, version, "npz"))
        with np.load(file, allow_pickle=False) as data:
            assert data["images"].shape == (10, 28, 28)
            assert sorted(data["labels"]) == list(range(10))
            assert set(data["split"]) <= {"train", "validation"}
            assert "Licence: They may be shared.\n" in data["readme"].item()
            for image, label in zip(data["images"], data["labels"], strict=True):
                assert (image == label).all()

    def test_idx_in_two_parts(self, services, version):
        archive = zipfile.ZipFile(io.BytesIO(content(services, version, "idx")))
        names = archive.namelist()
        assert "They may be shared." in archive.read(names.pop()).decode()
        arrays = {
            name: decode_idx(gzip.decompress(archive.read(name)), name=name) for name in names
        }
        counts = {}
        for part in ("train", "t10k"):
            images = arrays[f"{part}-images-idx3-ubyte.gz"]
            assert len(images) == len(arrays[f"{part}-labels-idx1-ubyte.gz"])
            counts[part] = len(images)
        examples = services.versions.examples("first")
        assert counts == {
            "train": np.sum(~examples.held_out),
            "t10k": np.sum(examples.held_out),
        }

    def test_the_readme_says_what_was_chosen_and_what_is_gone(self, services, owner, labelled):
        choice = Choice(since=date(2030, 1, 1), until=date(2030, 1, 2))
        services.versions.freeze("some", by=owner, choice=choice)
        services.images.take_back(owner, labelled[4])
        version = services.versions.find("some")
        readme = zipfile.ZipFile(io.BytesIO(content(services, version, "idx"))).read("README.md")
        words = readme.decode()
        assert "10 pictures" in words
        assert "1 more were withdrawn since then." in words
        assert "from 2030-01-01 on." in words
        assert "until 2030-01-02." in words
        assert "Licence: none was given." in words
        held_out = version.held_out_by_class["7"]
        assert f"| 7 | {1 - held_out} | {held_out} |" in words

    def test_examples_for_training(self, services, version, labelled):
        examples = services.versions.examples("first")
        assert examples.images.shape == (10, 28, 28)
        assert (examples.images[:, 0, 0] == examples.labels).all()
        assert (examples.labels.dtype, examples.held_out.dtype) == (np.int64, np.bool_)
        assert set(examples.ids) == set(map(str, labelled[:10]))

    @pytest.mark.parametrize("form", ["zip", "npz", "idx", "csv"])
    def test_the_same_version_is_the_same_file(self, services, version, form):
        assert content(services, version, form) == content(services, version, form)
