"""DigitNet's web application; `create_app` is the only place where its parts meet."""

from __future__ import annotations

import mimetypes
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import URL

from app.blueprints import account, api, draw, explain, gallery
from app.cli import register_commands
from app.config import ROOT, Settings
from app.database import db, migrate
from app.extensions import csrf, register_limits
from app.languages import TRANSLATIONS, Languages
from app.memory import hand_memory_back
from app.problems import register_problems
from app.proxies import TrustedProxies
from app.secret_key import SecretKey
from app.security import register_security
from app.services import Services, register_services
from app.services.accounts import Accounts
from app.services.clients import NativeClients
from app.services.export import Exporter
from app.services.files import PictureFiles
from app.services.gallery import Gallery
from app.services.identity import Identity
from app.services.images import ImageStore, Limits
from app.services.passwords import Passwords
from app.services.recogniser import Recogniser
from app.services.room import WorkRoom
from app.services.spare_attempts import SpareAttempts
from app.services.sweep import Sweeper
from app.sessions import login_manager, shown_person
from app.web.hosts import KnownHosts
from app.web.language import register_languages
from cnn.explanation.neighbours import Neighbours

__all__ = ["VERSION", "create_app"]

VERSION = "1.0.0"

_LARGEST_REQUEST = 4_200_000  # bytes: a picture of 3,000,000 as base64 in JSON


class _Site(Flask):
    """Flask with a secret key that is read, or made, when it is first needed.

    Commands that sign nothing, --help among them, so leave no file behind.
    """

    def __init__(self, instance: Path) -> None:
        super().__init__(
            __name__,
            instance_path=str(instance),
            template_folder=str(ROOT / "templates"),
            static_folder=str(ROOT / "static"),
        )
        self._secret_key = SecretKey(instance / "secret_key")

    @property
    def secret_key(self) -> str:  # type: ignore[override]
        return self._secret_key.get()


def create_app(settings: Settings | None = None, *, translations: Path = TRANSLATIONS) -> Flask:
    """Make an application; it starts nothing and writes nothing.

    Raises SettingsError, LanguageFileError or ModelFileError, with a sentence for the
    person who starts the program.
    """
    settings = settings or Settings.from_environment()
    instance = settings.instance_path
    app = _Site(instance)
    app.config.update(
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
    known = KnownHosts(app.wsgi_app, settings.hosts)
    app.wsgi_app = TrustedProxies(known, settings.trusted_proxies)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    register_languages(app, Languages.load(translations))
    register_limits(app)
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
    images = ImageStore(files, Limits(settings.image_limit, settings.label_limit))
    pictures = Gallery()
    room = WorkRoom(tidy=hand_memory_back)
    return Services(
        room=room,
        recogniser=Recogniser(settings.model, room=room),
        # They go with the model that ships; another sees pictures in its own way.
        neighbours=Neighbours() if settings.model is None else None,
        accounts=Accounts(Passwords(), SpareAttempts()),
        images=images,
        identity=Identity(files),
        sweeper=Sweeper(images),
        gallery=pictures,
        exporter=Exporter(pictures, files),
        clients=NativeClients(),
    )


def _sqlite_url(instance: Path) -> URL:
    return URL.create("sqlite", database=str(instance / "digitnet.db"))
