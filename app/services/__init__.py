"""Services: what the program does, independent of HTTP and sockets."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.accounts import Accounts
from app.services.accounts.endings import Endings
from app.services.clients import NativeClients
from app.services.explainer import Explainer
from app.services.maintenance.identity import Identity
from app.services.maintenance.sweep import Sweeper
from app.services.maintenance.upkeep import Upkeep
from app.services.models import Models
from app.services.pictures.export import Exporter
from app.services.pictures.gallery import Gallery
from app.services.pictures.images import ImageStore
from app.services.pictures.keeping import Keeping
from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from app.storage.database import Database

__all__ = ["Services"]


@dataclass(frozen=True)
class Services:
    """The live objects of an application."""

    database: Database
    room: WorkRoom
    models: Models
    recogniser: Recogniser
    explainer: Explainer
    accounts: Accounts
    endings: Endings
    images: ImageStore
    keeping: Keeping
    identity: Identity
    sweeper: Sweeper
    upkeep: Upkeep
    gallery: Gallery
    exporter: Exporter
    clients: NativeClients
