"""What the program does, knowing neither HTTP nor sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from app.services.accounts import Accounts
from app.services.clients import NativeClients
from app.services.maintenance.identity import Identity
from app.services.maintenance.sweep import Sweeper
from app.services.pictures.export import Exporter
from app.services.pictures.gallery import Gallery
from app.services.pictures.images import ImageStore
from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from cnn.neighbours import Neighbours

__all__ = ["Services", "get_services", "register_services"]


@dataclass(frozen=True)
class Services:
    """The live objects of an application."""

    room: WorkRoom
    recogniser: Recogniser
    neighbours: Neighbours | None
    accounts: Accounts
    images: ImageStore
    identity: Identity
    sweeper: Sweeper
    gallery: Gallery
    exporter: Exporter
    clients: NativeClients


def register_services(app: Flask, services: Services) -> None:
    """Make the services known to an application."""
    app.extensions["services"] = services


def get_services() -> Services:
    """Return the services of the application at work."""
    return cast(Services, current_app.extensions["services"])
