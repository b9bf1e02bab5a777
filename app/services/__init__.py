"""Services: what the program does, independent of HTTP and sockets."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.accounts import Accounts
from app.services.accounts.endings import Endings
from app.services.accounts.habits import WritingHabits
from app.services.accounts.tokens import Tokens
from app.services.clients import NativeClients
from app.services.collecting import Checker, Collection, Importer
from app.services.explainer import Explainer
from app.services.generating import DigitMaker
from app.services.handwriting import Handwriting
from app.services.jobs import Jobs
from app.services.maintenance.identity import Identity
from app.services.maintenance.sweep import Sweeper
from app.services.maintenance.upkeep import Upkeep
from app.services.models import Models, Publisher, Registry
from app.services.picture_making import PictureMaker
from app.services.pictures.export import Exporter
from app.services.pictures.gallery import Gallery
from app.services.pictures.images import ImageStore
from app.services.pictures.keeping import Keeping
from app.services.recogniser import Recogniser
from app.services.reviewing import Reviews
from app.services.room import WorkRoom
from app.services.streams import Audience, Pace, Snapshots, Streams
from app.services.training import Runs, RunTrainer
from app.services.versions import VersionExporter, Versions
from app.services.walls import Walls
from app.services.worksheets import AnswerDigits, Marker, Receiving, WorksheetPages, Worksheets
from app.storage.database import Database

__all__ = ["Services"]


@dataclass(frozen=True)
class Services:
    """The live objects of an application."""

    database: Database
    room: WorkRoom
    models: Models
    registry: Registry
    publisher: Publisher
    recogniser: Recogniser
    explainer: Explainer
    maker: DigitMaker
    picture_maker: PictureMaker
    handwriting: Handwriting
    accounts: Accounts
    endings: Endings
    tokens: Tokens
    habits: WritingHabits
    images: ImageStore
    keeping: Keeping
    identity: Identity
    sweeper: Sweeper
    upkeep: Upkeep
    gallery: Gallery
    exporter: Exporter
    clients: NativeClients
    jobs: Jobs
    collection: Collection
    checker: Checker
    importer: Importer
    reviews: Reviews
    versions: Versions
    version_exporter: VersionExporter
    runs: Runs
    run_trainer: RunTrainer
    streams: Streams
    pace: Pace
    snapshots: Snapshots
    audience: Audience
    walls: Walls
    worksheets: Worksheets
    receiving: Receiving
    marker: Marker
    worksheet_pages: WorksheetPages
    answer_digits: AnswerDigits
