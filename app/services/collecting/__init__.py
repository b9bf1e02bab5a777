"""Training data that people upload: received, checked, shown to them, and then imported."""

from app.services.collecting.check import CHECK, IMPORT, Checker
from app.services.collecting.collection import Collection, NoSuchUpload, QuotaUsed, UploadView
from app.services.collecting.importing import Importer
from app.services.collecting.reading import BatchReader
from app.services.collecting.spool import FileSink, Spool

__all__ = [
    "CHECK",
    "IMPORT",
    "BatchReader",
    "Checker",
    "Collection",
    "FileSink",
    "Importer",
    "NoSuchUpload",
    "QuotaUsed",
    "Spool",
    "UploadView",
]
