"""Which job is done by which service."""

from __future__ import annotations

from collections.abc import Mapping

from app.jobs.worker import Handler
from app.services import Services
from app.services.collecting import CHECK, IMPORT
from app.services.training import TRAIN
from app.services.worksheets import MARK

__all__ = ["make_handlers"]


def make_handlers(services: Services) -> Mapping[str, Handler]:
    """Return what does a job, for each kind of job."""
    return {
        CHECK: services.checker.run,
        IMPORT: services.importer.run,
        TRAIN: services.run_trainer.run,
        MARK: services.marker.run,
    }
