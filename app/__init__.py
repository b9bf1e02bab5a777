"""DigitNet's web application; `create_app` is the only place where its parts meet."""

from __future__ import annotations

import mimetypes
import os
import secrets
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import URL

from app.blueprints import account, api, draw, explain, gallery
from app.cli import register_commands
from app.config import ROOT, Settings
from app.database import db, migrate
from app.errors import StartError
from app.extensions import csrf, limiter
from app.memory import hand_memory_back
from app.problems import register_problems
from app.proxies import TrustedProxies
from app.security import register_security
from app.services import Services, register_services
from app.services.accounts import Accounts
from app.services.attempts import Attempts
from app.services.clients import NativeClients
from app.services.export import Exporter
from app.services.files import PictureFiles
from app.services.gallery import Gallery
from app.services.images import ImageStore, Limits
from app.services.passwords import Passwords
from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from app.sessions import login_manager, shown_person
from cnn.neighbours import Neighbours

__all__ = ["VERSION", "create_app"]

VERSION = "1.0.0"

_LARGEST_REQUEST = 4_200_000  # bytes: a picture of 3,000,000 as base64 in JSON


def create_app(settings: Settings | None = None) -> Flask:
    """Make an application; it starts nothing.

    Raises SettingsError, StartError or ModelFileError, with a sentence for the person
    who starts the program.
    """
    settings = settings or Settings.from_environment()
    instance = _prepare_folder(settings.instance_path)
    app = Flask(
        __name__,
        instance_path=str(instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(
        SECRET_KEY=_secret_key(instance),
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        # A cookie that changed with every answer would make browsers load all pictures again.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open for a day; the session limits it
        SQLALCHEMY_DATABASE_URI=settings.database_url or _sqlite_url(instance),
        PREDICT_LIMIT=settings.predict_limit,
        VERSION=VERSION,
        STARTED=time.monotonic(),
    )
    # Some Windows registries call scripts plain text, and then no browser runs a module.
    mimetypes.add_type("text/javascript", ".js")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    limiter.init_app(app)
    register_security(app)
    register_problems(app)
    register_services(app, _make_services(settings))
    register_commands(app, settings)
    for feature in (draw, api, account, gallery, explain):
        app.register_blueprint(feature.blueprint)
    csrf.exempt(api.blueprint)
    csrf.exempt(explain.blueprint)
    app.context_processor(lambda: {"person": shown_person()})
    return app


def _make_services(settings: Settings) -> Services:
    files = PictureFiles(settings.instance_path / "saved_images")
    pictures = Gallery()
    room = WorkRoom(tidy=hand_memory_back)
    return Services(
        room=room,
        recogniser=Recogniser(settings.model, room=room),
        # They go with the model that ships; another sees pictures in its own way.
        neighbours=Neighbours() if settings.model is None else None,
        accounts=Accounts(Passwords(), Attempts()),
        images=ImageStore(files, Limits(settings.image_limit, settings.label_limit)),
        gallery=pictures,
        exporter=Exporter(pictures, files),
        clients=NativeClients(),
    )


def _sqlite_url(instance: Path) -> URL:
    return URL.create("sqlite", database=str(instance / "digitnet.db"))


def _prepare_folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise StartError(
            f"cannot write in the folder {path}: {error.strerror}. "
            "Name another with DIGITNET_INSTANCE_PATH."
        ) from error


def _secret_key(instance: Path) -> str:
    """Return the key that signs sessions, made at the first start and kept."""
    path = instance / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    for _ in range(20):
        key = path.read_text().strip()
        if len(key) >= 32:
            return key
        time.sleep(0.05)  # a server that starts at the same time may be writing it
    raise StartError(f"{path} holds no secret key. Delete it, and a new one is made.")
