"""A process that stores pictures until it is killed, and writes down what was acknowledged."""

import os
from pathlib import Path

from sqlalchemy import create_engine

from app.services.pictures.images import ImageStore, Limits
from app.storage.database import Database
from app.storage.files import PictureFiles
from tests.app.stock import new_picture


def store_until_killed(folder, url, person, start, limit, diary):
    database = Database(create_engine(url))
    store = ImageStore(database, PictureFiles(Path(folder)), Limits(limit, 100))
    with open(diary, "ab", buffering=0) as book:
        for number in range(start, start + 1_000_000):
            kept = store.keep(person, new_picture(number))
            os.write(book.fileno(), f"{number} {kept}\n".encode())
            if number % 3 == 0:
                os.write(book.fileno(), f"{number} goes\n".encode())
                store.let_go(person, kept)
