"""Transactions on the database of the application at work, to look into it and to fill it."""

from app.web.services import get_services


def reading():
    return get_services().database.reading()


def writing():
    return get_services().database.writing()
