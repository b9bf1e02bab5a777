"""Uploads of training data, and what is in them."""

import io
import os
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from app.config import Settings
from app.jobs.handlers import make_handlers
from app.jobs.queue import Queue
from app.jobs.worker import Worker
from app.storage.models import Picture
from cnn.data.idx import read_idx
from tests.app.database import reading


@cache
def mnist(count=400):
    """Return digits that people wrote, (N, 28, 28), and what they are."""
    folder = Path(os.environ.get("DIGITNET_MNIST_DIR", ""))
    if not (folder / "t10k-images-idx3-ubyte.gz").is_file():
        pytest.skip("DIGITNET_MNIST_DIR names no folder with MNIST")
    images = read_idx(folder / "t10k-images-idx3-ubyte.gz")[:count]
    return images, read_idx(folder / "t10k-labels-idx1-ubyte.gz")[:count]


def png(pixels):
    """Return a digit of MNIST as a file, black on white."""
    file = io.BytesIO()
    Image.fromarray(255 - pixels).save(file, "PNG")
    return file.getvalue()


def packed(files, **options):
    """Return a ZIP of files, which are given by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def in_folders(count, start=0):
    """Return files of digits, in a folder for each class."""
    images, labels = mnist()
    return {f"digits/{labels[n]}/{n}.png": png(images[n]) for n in range(start, start + count)}


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def work(services):
    """Do all jobs that wait, as a worker would."""
    queue = Queue(Settings(instance_path=Path(os.devnull)))
    Worker(services.jobs, queue, make_handlers(services)).run_waiting()


def send(services, owner, files, **said):
    """Upload files and have them checked; return the upload's id."""
    collection = services.collection
    upload = collection.begin(owner, **said)
    for number, (name, content) in enumerate(files.items()):
        with collection.receive_batch(owner, upload, number) as sink, sink.file(name) as write:
            write(content)
    collection.check(owner, upload)
    work(services)
    return upload


def take_in(services, owner, files, **said):
    """Upload files, have them imported, and return what became of it."""
    upload = send(services, owner, files, **said)
    checked = services.collection.find(owner, upload)
    assert checked.state == "checked", (checked.message, checked.values)
    services.collection.accept(owner, upload)
    work(services)
    return services.collection.find(owner, upload)


def stored():
    """Return all pictures, in the order of their hashes."""
    with reading() as session:
        return session.scalars(select(Picture).order_by(Picture.sha256)).all()
