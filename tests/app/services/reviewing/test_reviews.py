"""Reviews: what is shown first, to one person at a time."""

import threading
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import func, select

from app.services.pictures.attention import add_missing
from app.services.reviewing import LONGEST_CLAIM, NotYours
from app.services.reviewing import reviews as reviews_module
from app.services.reviewing.bands import bands_of, distance
from app.storage.models import ReviewClaim
from tests.app.collecting import mnist
from tests.app.database import reading
from tests.app.services.reviewing.turns import ids, turn
from tests.app.stock import fill, new_picture


def noisy(pixels, spread, seed=0):
    noise = np.random.default_rng(seed).normal(0, spread, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


class TestOrder:
    def test_what_needs_a_look_most_comes_first(self, reviews, ann, keep):
        calm = keep(1, "7", confidence=0.99)
        unlabelled = keep(2, confidence=0.99)
        unread = keep(3, digit=None, confidence=None)
        unsure = keep(4, "7", confidence=0.6)
        least_sure = keep(5, "7", confidence=0.5)
        differs = keep(6, "1", confidence=0.9)
        surely_differs = keep(7, "none", confidence=0.99)
        found = turn(reviews, ann)
        assert ids(found) == [surely_differs, differs, least_sure, unsure, unread, unlabelled]
        assert (found.left, found.elsewhere) == (6, 0)
        assert calm not in ids(found)
        reasons = [one.reasons for one in found.pictures]
        assert reasons[:3] == [("differs",), ("differs",), ("unsure",)]
        assert reasons[4:] == [("unlabelled",), ("unlabelled",)]
        assert reviews.count(ann, is_admin=False) == 6

    def test_a_label_that_changes_changes_the_order(self, services, reviews, ann, keep):
        picture = keep(1, "7", confidence=0.99)
        assert ids(turn(reviews, ann)) == []
        services.images.label(picture, "1", by=ann)
        assert ids(turn(reviews, ann)) == [picture]
        services.images.label(picture, "7", by=ann)
        assert reviews.count(ann, is_admin=False) == 0
        services.images.label(picture, None, by=ann)
        assert reviews.count(ann, is_admin=False) == 1

    def test_everybody_reviews_their_own_and_administrators_all(self, reviews, ann, boss, keep):
        own, theirs = keep(1, "1"), keep(2, "2", by=boss)
        assert ids(turn(reviews, ann)) == [own]
        assert (turn(reviews, boss).left, reviews.count(boss, is_admin=True)) == (1, 2)
        with pytest.raises(NotYours):
            reviews.answer(theirs, "7", by=ann, is_admin=False)
        with pytest.raises(NotYours):
            reviews.undo(theirs, uuid4(), by=ann, is_admin=False)

    @pytest.mark.parametrize("looked_at", [2, 5, 500])
    def test_ones_own_come_in_the_same_order_however_urgent_those_of_others_are(
        self, reviews, ann, boss, keep, monkeypatch, looked_at
    ):
        monkeypatch.setattr(reviews_module, "_LOOKED_AT", looked_at)
        own: list[UUID] = []
        theirs: list[UUID] = []
        for number in range(8):
            who = ann if number % 2 else boss
            picture = keep(number, by=who, confidence=0.9 + number / 100)
            (own if who == ann else theirs).append(picture)
        first = turn(reviews, ann, count=3)
        assert (ids(first), first.left, first.elsewhere) == (own[:3], 4, 0)
        # What Ann has been given is hers for now.
        assert ids(turn(reviews, boss, is_admin=True)) == [*theirs, own[3]]
        again = turn(reviews, ann)
        assert (again.left, again.elsewhere) == (4, 1)

    def test_imported_pictures_without_a_holder_are_for_administrators(
        self, services, reviews, ann
    ):
        services.images.keep(None, new_picture(1, source="import", confidence=0.5))
        assert reviews.count(ann, is_admin=True) == 1
        assert reviews.count(ann, is_admin=False) == 0

    def test_pictures_from_before_there_were_reviews_are_added_at_the_start(
        self, services, reviews, ann
    ):
        fill(7, user_id=ann, folder=services.images.files.folder)
        assert reviews.count(ann, is_admin=False) == 0
        services.upkeep.prepare()
        assert reviews.count(ann, is_admin=False) == 7


class TestTwins:
    @pytest.fixture
    def digit(self):
        images, labels = mnist()
        return images[int(np.flatnonzero(labels == 7)[0])]

    def test_nearly_equal_pictures_with_different_labels_are_found(self, reviews, ann, keep, digit):
        first = keep(1, "7", pixels=digit.tobytes(), confidence=0.99)
        same = keep(2, "7", pixels=noisy(digit, 5).tobytes(), confidence=0.99)
        assert ids(turn(reviews, ann)) == []
        other = keep(3, "1", digit=1, pixels=noisy(digit, 8).tobytes(), confidence=0.99)
        found = turn(reviews, ann)
        assert other in ids(found)
        assert len(ids(found)) >= 2
        assert {first, same} & set(ids(found))
        by_id = {one.id: one for one in found.pictures}
        assert by_id[other].reasons == ("twin",)
        assert by_id[other].twin.label == "7"

    def test_a_new_twin_brings_a_reviewed_picture_back_once(self, reviews, ann, keep, digit):
        first = keep(1, "7", pixels=digit.tobytes(), confidence=0.5)
        assert ids(turn(reviews, ann)) == [first]
        reviews.answer(first, "7", by=ann, is_admin=False)
        assert ids(turn(reviews, ann)) == []
        second = keep(2, "1", digit=1, pixels=noisy(digit, 5).tobytes(), confidence=0.99)
        assert sorted(ids(turn(reviews, ann))) == sorted([first, second])
        for picture, label in ((first, "7"), (second, "1")):
            reviews.answer(picture, label, by=ann, is_admin=False)
        assert ids(turn(reviews, ann)) == []
        assert ids(turn(reviews, ann)) == []

    def test_a_pair_that_was_put_right_is_not_shown(self, services, reviews, ann, keep, digit):
        first = keep(1, "7", pixels=digit.tobytes(), confidence=0.99)
        second = keep(2, "1", digit=1, pixels=noisy(digit, 5).tobytes(), confidence=0.99)
        assert len(ids(turn(reviews, ann))) == 2
        services.images.label(second, "7", by=ann)  # which the network does not say
        assert ids(turn(reviews, ann)) == [second]
        assert reviews.count(ann, is_admin=False) == 1
        services.images.take_back(ann, second)
        assert ids(turn(reviews, ann)) == []
        assert first is not None

    def test_bands_find_what_is_nearly_equal_and_little_else(self):
        images, labels = mnist()
        flat = images.reshape(len(images), -1)
        copies = noisy(flat, 10)
        near = [
            distance(one.tobytes(), other.tobytes())
            for one, other in zip(flat, copies, strict=True)
        ]
        assert max(near) < 0.3
        bands = bands_of(flat)
        assert (bands == bands_of(copies)).any(axis=1).mean() > 0.95
        equal = (bands[:, None] == bands[None]).any(axis=2)
        assert equal[labels[:, None] != labels[None]].mean() < 0.001

    def test_pictures_without_pixels_resemble_nothing(self, reviews, ann, keep):
        keep(1, "7", confidence=0.99)
        keep(2, "1", digit=1, confidence=0.99)
        assert ids(turn(reviews, ann)) == []
        assert distance(bytes(784), bytes(784)) == 0


class TestClaims:
    def test_two_people_at_once_never_get_the_same(self, services, reviews, ann, boss):
        pictures = fill(120)
        add_missing(services.database, pictures)
        given, faults = dict[UUID, list[UUID]]({ann: [], boss: []}), []

        def look(person):
            try:
                claim = uuid4()
                while found := ids(turn(reviews, person, is_admin=True, claim=claim, count=7)):
                    given[person] += found
            except Exception as error:
                faults.append(error)

        threads = [threading.Thread(target=look, args=(one,)) for one in (ann, boss)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert sorted(given[ann] + given[boss]) == sorted(pictures)

    def test_a_claim_ends_after_a_while_and_is_renewed_by_asking(
        self, reviews, clock, ann, boss, keep
    ):
        picture, claim = keep(1, "1"), uuid4()
        assert ids(turn(reviews, ann, claim=claim)) == [picture]
        found = turn(reviews, boss, is_admin=True)
        assert (ids(found), found.left, found.elsewhere) == ([], 1, 1)
        clock.wait(LONGEST_CLAIM.total_seconds() - 1)
        assert ids(turn(reviews, ann, claim=claim)) == []  # it has it already
        clock.wait(LONGEST_CLAIM.total_seconds() - 1)
        assert ids(turn(reviews, boss, is_admin=True)) == []
        clock.wait(1)
        assert ids(turn(reviews, boss, is_admin=True)) == [picture]
        assert ids(turn(reviews, ann, claim=claim)) == []

    def test_what_is_given_back_is_there_for_others_at_once(self, reviews, ann, boss, keep):
        picture, claim = keep(1, "1"), uuid4()
        turn(reviews, ann, claim=claim)
        reviews.release(boss, claim)
        reviews.release(ann, uuid4())
        assert ids(turn(reviews, boss, is_admin=True)) == []
        reviews.release(ann, claim)
        assert ids(turn(reviews, boss, is_admin=True)) == [picture]

    def test_a_page_that_is_loaded_anew_gets_the_same_pictures(self, reviews, ann, keep):
        pictures = {keep(number, "1") for number in range(3)}
        before = uuid4()
        assert set(ids(turn(reviews, ann, claim=before))) == pictures
        assert set(ids(turn(reviews, ann))) == pictures
        reviews.release(ann, before)  # which may come late
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(ReviewClaim)) == 3
