"""DigitNet's web application; `create_app` is the only place where its parts meet."""

from __future__ import annotations

import time
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import URL

from app.blueprints import (
    account,
    api,
    dataset,
    draw,
    explain,
    gallery,
    generate,
    live,
    practice,
    reference,
    runs,
    streams,
    walls,
    worksheets,
)
from app.blueprints import models as models_pages
from app.cli import register_commands
from app.config import ROOT, Settings
from app.jobs.queue import Queue
from app.languages import TRANSLATIONS, Languages
from app.memory import hand_memory_back
from app.services import Services
from app.services.accounts import Accounts
from app.services.accounts.endings import Endings
from app.services.accounts.habits import WritingHabits
from app.services.accounts.passwords import Passwords
from app.services.accounts.spare_attempts import SpareAttempts
from app.services.accounts.tokens import Tokens
from app.services.clients import NativeClients
from app.services.collecting import BatchReader, Checker, Collection, Importer, Spool
from app.services.explainer import Explainer
from app.services.generating import DigitMaker
from app.services.handwriting import Handwriting
from app.services.jobs import Jobs
from app.services.maintenance.identity import Identity
from app.services.maintenance.sweep import Sweeper
from app.services.maintenance.upkeep import Upkeep
from app.services.models import CATS_DOGS, DIGITS, Models, Publisher, Registry
from app.services.picture_making import PictureMaker
from app.services.pictures.batches import BatchStore
from app.services.pictures.export import Exporter
from app.services.pictures.gallery import Gallery
from app.services.pictures.images import ImageStore, Limits
from app.services.pictures.keeping import Keeping
from app.services.recogniser import Recogniser
from app.services.reviewing import Reviews
from app.services.room import WorkRoom
from app.services.streams import (
    Audience,
    MemoryStore,
    Pace,
    RedisStore,
    Snapshots,
    Streams,
)
from app.services.training import (
    DigitPreparation,
    PicturePreparation,
    RunFiles,
    Runs,
    RunTrainer,
)
from app.services.versions import VersionExporter, Versions
from app.services.walls import Walls
from app.services.worksheets import AnswerDigits, Marker, Receiving, WorksheetPages, Worksheets
from app.storage.database import Database
from app.storage.files import PictureFiles
from app.storage.secret_key import SecretKey
from app.web.bearer import register_tokens
from app.web.compression import register_compression
from app.web.encoding import encode_ink
from app.web.extensions import csrf, db, migrate, register_limits
from app.web.hosts import KnownHosts
from app.web.language import register_languages
from app.web.problems import register_problems
from app.web.proxies import TrustedProxies
from app.web.security import register_security
from app.web.services import register_services
from app.web.sessions import login_manager, shown_person
from app.web.static_files import register_static_files
from app.web.stream_keys import participation
from app.web.uploads import register_uploads

__all__ = ["VERSION", "create_app"]

VERSION = "1.0.0"

_LARGEST_REQUEST = 4_200_000  # bytes: a picture of 3,000,000 as base64 in JSON


class _Site(Flask):
    """Flask with a secret key that is read, or made, when it is first needed.

    Commands that sign nothing, --help among them, so leave no file behind.
    """

    def __init__(self, instance: Path, secret_key: SecretKey) -> None:
        super().__init__(
            __name__,
            instance_path=str(instance),
            template_folder=str(ROOT / "templates"),
            static_folder=None,  # register_static_files serves it
        )
        self._secret_key = secret_key

    @property
    def secret_key(self) -> str:  # type: ignore[override]
        return self._secret_key.get()


def create_app(
    settings: Settings | None = None,
    *,
    translations: Path = TRANSLATIONS,
    hasher: PasswordHasher | None = None,
) -> Flask:
    """Make an application; it starts nothing and writes nothing.

    `translations` is the folder of the catalogues; `hasher` is another one for passwords than
    that of `Passwords`, as for tests, which have not the time.

    Raises SettingsError, LanguageFileError or ModelFileError, with a sentence for the
    person who starts the program.
    """
    settings = settings or Settings.from_environment()
    languages = Languages.load(translations)
    secret_key = SecretKey(settings.instance_path / "secret_key")
    app = _Site(settings.instance_path, secret_key)
    _configure(app, settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    known = KnownHosts(app.wsgi_app, settings.hosts, languages)
    app.wsgi_app = TrustedProxies(known, settings.trusted_proxies)  # type: ignore[method-assign]
    register_uploads(app)
    db.init_app(app)
    migrate.init_app(app, db)
    register_tokens(app)  # before what asks whether there is one
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    register_languages(app, languages)
    register_limits(app)
    register_security(app)
    register_compression(app)
    register_static_files(app, ROOT / "static")
    register_problems(app)
    with app.app_context():
        database = Database(db.engine)
    register_services(app, _make_services(settings, database, secret_key, Passwords(hasher)))
    register_commands(app, settings)
    for feature in (
        draw,
        api,
        account,
        gallery,
        dataset,
        runs,
        explain,
        generate,
        live,
        streams,
        walls,
        practice,
        worksheets,
        models_pages,
        reference,
    ):
        app.register_blueprint(feature.blueprint)
    csrf.exempt(api.blueprint)
    csrf.exempt(explain.blueprint)
    csrf.exempt(generate.make)
    csrf.exempt(streams.begin)
    csrf.exempt(walls.alive)
    app.context_processor(lambda: {"person": shown_person(), "participation": participation})
    app.add_template_filter(encode_ink, "ink_picture")
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https or settings.tls is not None,
        # A cookie that changed with every answer would make browsers load all pictures again.
        SESSION_REFRESH_EACH_REQUEST=False,
        # Nobody is remembered so; a cookie of this name of another site on this host is not ours.
        REMEMBER_COOKIE_NAME="digitnet_remember",
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open for a day; the session limits it
        SQLALCHEMY_DATABASE_URI=settings.database_url or _sqlite_url(settings.instance_path),
        PREDICT_LIMIT=settings.predict_limit,
        VERSION=VERSION,
        STARTED=time.monotonic(),
    )


def _make_services(
    settings: Settings, database: Database, secret_key: SecretKey, passwords: Passwords
) -> Services:
    files = PictureFiles(settings.instance_path / "saved_images")
    images = ImageStore(database, files, Limits(settings.image_limit, settings.label_limit))
    identity, sweeper = Identity(database, files), Sweeper(database, images)
    pictures = Gallery(database)
    room = WorkRoom(tidy=hand_memory_back)
    registry = Registry(database)
    models = Models({DIGITS: settings.model, CATS_DOGS: None}, registry)
    jobs = Jobs(database, Queue(settings).wake)
    spool, reader = Spool(settings.instance_path / "uploads"), BatchReader(models)
    exporter, versions = Exporter(pictures, files), Versions(database, limit=settings.version_limit)
    batches = BatchStore(database, files, limit=settings.label_limit)
    publisher = Publisher(models, registry)
    sheets = Spool(settings.instance_path / "worksheets")
    run_files = RunFiles(settings.instance_path / "runs")
    runs = Runs(database, jobs, publisher, run_files)
    recogniser = Recogniser(models, room=room)
    maker = DigitMaker(recogniser)
    keeping, worksheet_pages = Keeping(images, room), WorksheetPages(database)
    return Services(
        database=database,
        room=room,
        models=models,
        registry=registry,
        publisher=publisher,
        recogniser=recogniser,
        explainer=Explainer(models, room),
        maker=maker,
        picture_maker=PictureMaker(models, room),
        handwriting=Handwriting(database, maker, room, recogniser, keeping),
        accounts=Accounts(database, passwords, SpareAttempts(database)),
        endings=Endings(database, images),
        tokens=Tokens(database),
        habits=WritingHabits(database),
        images=images,
        keeping=keeping,
        identity=identity,
        sweeper=sweeper,
        upkeep=Upkeep(settings.instance_path, database, secret_key, identity, sweeper),
        gallery=pictures,
        exporter=exporter,
        clients=NativeClients(database),
        jobs=jobs,
        collection=Collection(database, spool, jobs, quota=settings.upload_quota),
        checker=Checker(database, spool, reader, batches, jobs),
        importer=Importer(database, spool, reader, batches),
        reviews=Reviews(database, images),
        versions=versions,
        version_exporter=VersionExporter(versions, pictures, exporter),
        runs=runs,
        run_trainer=RunTrainer(
            database,
            runs,
            models,
            publisher,
            run_files,
            {
                "digits": DigitPreparation(versions, models, mnist_folder=settings.mnist_folder),
                "pictures": PicturePreparation(models, run_files),
            },
        ),
        streams=_make_streams(settings),
        pace=Pace(),
        snapshots=Snapshots(),
        audience=Audience(),
        walls=Walls(database),
        worksheets=Worksheets(database, sheets, jobs, days=settings.worksheet_days),
        receiving=Receiving(database, sheets, jobs),
        marker=Marker(database, sheets, models),
        worksheet_pages=worksheet_pages,
        answer_digits=AnswerDigits(worksheet_pages, recogniser, keeping),
    )


def _make_streams(settings: Settings) -> Streams:
    """Keep the streams where all processes of the site find them."""
    name = f"{settings.name_in_redis}:streams"
    store = RedisStore(settings.redis_url, name) if settings.redis_url else MemoryStore()
    return Streams(store, native_frames=settings.stream_native_frames)


def _sqlite_url(instance: Path) -> URL:
    return URL.create("sqlite", database=str(instance / "digitnet.db"))
