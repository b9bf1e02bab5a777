"""Asking for pictures to review."""

from uuid import uuid4


def turn(reviews, person, *, is_admin=False, count=10, claim=None):
    return reviews.next(person, claim or uuid4(), is_admin=is_admin, count=count)


def ids(found):
    return [one.id for one in found.pictures]
