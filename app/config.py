"""Settings: read from DIGITNET_* variables, checked once, never changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import SettingsError

__all__ = ["ROOT", "NativeLimits", "Network", "Settings", "WebLimits"]

#: The folder of the program.
ROOT = Path(__file__).resolve().parent.parent

Network = IPv4Network | IPv6Network

_DATABASES = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


@dataclass(frozen=True)
class NativeLimits:
    """Deadlines for native clients, in seconds, and how many of them there may be."""

    handshake: int = 10
    silence: int = 10
    frame: int = 120
    send: int = 30
    answer: int = 8
    connections: int = 500
    connections_per_address: int = 50
    listed: int = 100


@dataclass(frozen=True)
class WebLimits:
    """Deadlines of the web server, in seconds, and how many connections it may have."""

    header: int = 20
    body: int = 120
    #: For every 64 kB that a client must take.
    send: int = 60
    connections: int = 1000
    connections_per_address: int = 200


@dataclass(frozen=True)
class Settings:
    """All that a person who installs the program can decide; docs/settings.md has the table."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    instance_path: Path = field(default=ROOT / "instance")
    model: Path | None = None
    https: bool = False
    #: The certificate and its key, with which the site itself speaks HTTPS.
    tls: tuple[Path, Path] | None = None
    trusted_proxies: tuple[Network, ...] = ()
    hosts: tuple[str, ...] = ()
    database_url: str | None = None
    image_limit: int = 100
    label_limit: int = 10_000
    #: Versions of the data set that one person may have.
    version_limit: int = 50
    predict_limit: str = "20 per second"
    redis_url: str | None = None
    #: Whether administrators may see what native clients send, whose people cannot be told.
    stream_native_frames: bool = False
    worker: bool = True
    #: Days after which worksheets are deleted, with the pages that came back.
    worksheet_days: int = 90
    #: The folder of MNIST's files; None: they are downloaded into the user's cache.
    mnist_folder: Path | None = None
    #: Bytes of training data that one person may upload in a day.
    upload_quota: int = 500_000_000
    web_limits: WebLimits = field(default_factory=WebLimits)
    native_host: str = "127.0.0.1"
    native_port: int | None = 6627
    native_anonymous_browse: bool = False
    native_limits: NativeLimits = field(default_factory=NativeLimits)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; raises SettingsError naming the variable that is wrong."""
        given = _Reader(environment)
        return cls(
            host=given.text("HOST", cls.host),
            port=given.number("PORT", cls.port, 1, 65535),
            threads=given.number("THREADS", cls.threads, 1, 256),
            instance_path=Path(given.text("INSTANCE_PATH", str(ROOT / "instance"))).absolute(),
            model=Path(model) if (model := given.text("MODEL", "")) else None,
            https=given.flag("HTTPS"),
            tls=given.tls(),
            database_url=given.database(),
            image_limit=given.number("IMAGE_LIMIT", cls.image_limit, 1, 10**9),
            label_limit=given.number("LABEL_LIMIT", cls.label_limit, 0, 10**9),
            version_limit=given.number("VERSION_LIMIT", cls.version_limit, 0, 10**9),
            redis_url=given.redis(),
            stream_native_frames=given.flag("STREAM_NATIVE_FRAMES"),
            worker=given.flag("WORKER", default="1"),
            mnist_folder=Path(folder) if (folder := given.text("MNIST_DIR", "")) else None,
            upload_quota=given.number("UPLOAD_QUOTA", cls.upload_quota, 0, 10**12),
            worksheet_days=given.number("WORKSHEET_DAYS", cls.worksheet_days, 1, 3650),
            trusted_proxies=given.networks("TRUSTED_PROXIES"),
            hosts=given.names("HOSTS"),
            web_limits=given.web_limits(),
            native_host=given.text("NATIVE_HOST", cls.native_host),
            native_port=given.native_port(),
            native_anonymous_browse=given.flag("NATIVE_ANONYMOUS_BROWSE"),
            native_limits=given.native_limits(),
        )

    @property
    def name_in_redis(self) -> str:
        """What begins all names in Redis, so that installations can share one."""
        own = self.database_url or str(self.instance_path)
        return f"digitnet-{hashlib.sha256(own.encode()).hexdigest()[:12]}"

    @property
    def scheme(self) -> str:
        """How browsers speak to this process: http or https."""
        return "https" if self.tls else "http"


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(f"DIGITNET_{name}", "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise SettingsError(
                f"DIGITNET_{name} must be a whole number from {least} to {most}, not {text!r}"
            )
        return int(text)

    def database(self) -> str | None:
        text = self.text("DATABASE_URL", "")
        kind, separator, rest = text.partition("://")
        kind = _DATABASES.get(kind, "")
        try:
            if text:
                return make_url(f"{kind}{separator}{rest}").render_as_string(hide_password=False)
        except (ArgumentError, ValueError) as error:
            # What was given is not repeated: it may hold a password.
            raise SettingsError(
                "DIGITNET_DATABASE_URL must be like postgresql://name:password@host:5432/database"
            ) from error
        return None

    def tls(self) -> tuple[Path, Path] | None:
        certificate, key = self.text("TLS_CERT", ""), self.text("TLS_KEY", "")
        if bool(certificate) != bool(key):
            raise SettingsError(
                "DIGITNET_TLS_CERT and DIGITNET_TLS_KEY go together: the certificate and its key"
            )
        return (Path(certificate), Path(key)) if certificate else None

    def redis(self) -> str | None:
        text = self.text("REDIS_URL", "")
        if text and not text.startswith(("redis://", "rediss://", "unix://")):
            # What was given is not repeated: it may hold a password.
            raise SettingsError("DIGITNET_REDIS_URL must be like redis://:password@host:6379/0")
        return text or None

    def native_port(self) -> int | None:
        """Return the port: set but empty means that native clients are not served."""
        if self.environment.get("DIGITNET_NATIVE_PORT", "default").strip():
            return self.number("NATIVE_PORT", 6627, 1, 65535)
        return None

    def web_limits(self) -> WebLimits:
        return WebLimits(
            header=self.seconds("HEADER", WebLimits.header),
            body=self.seconds("BODY", WebLimits.body),
            send=self.seconds("SEND", WebLimits.send),
            connections=self.number("CONNECTIONS", WebLimits.connections, 1, 100_000),
            connections_per_address=self.number(
                "CONNECTIONS_PER_ADDRESS", WebLimits.connections_per_address, 1, 100_000
            ),
        )

    def native_limits(self) -> NativeLimits:
        return NativeLimits(
            handshake=self.seconds("NATIVE_HANDSHAKE", NativeLimits.handshake),
            silence=self.seconds("NATIVE_SILENCE", NativeLimits.silence),
            frame=self.seconds("NATIVE_FRAME", NativeLimits.frame),
            send=self.seconds("NATIVE_SEND", NativeLimits.send),
            answer=self.seconds("NATIVE_ANSWER", NativeLimits.answer),
            connections=self.number("NATIVE_CONNECTIONS", NativeLimits.connections, 1, 10_000),
            connections_per_address=self.number(
                "NATIVE_CONNECTIONS_PER_ADDRESS", NativeLimits.connections_per_address, 1, 10_000
            ),
            listed=self.number("NATIVE_LIST_LIMIT", NativeLimits.listed, 0, 1000),
        )

    def seconds(self, name: str, default: int) -> int:
        return self.number(f"{name}_SECONDS", default, 1, 3600)

    def names(self, name: str) -> tuple[str, ...]:
        """Return names of hosts, in lower case; one that begins with a dot means all below it."""
        names = tuple(part.strip().lower() for part in self.text(name, "").split(","))
        found = tuple(part for part in names if part)
        if not all(re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[?[0-9a-f:]+]?", part) for part in found):
            raise SettingsError(
                f"DIGITNET_{name} must be names of hosts with commas between them, without "
                f"http:// or a port, not {', '.join(found)!r}"
            )
        return found

    def flag(self, name: str, default: str = "0") -> bool:
        text = self.text(name, default)
        if text not in ("0", "1"):
            raise SettingsError(f"DIGITNET_{name} must be 0 or 1, not {text!r}")
        return text == "1"

    def networks(self, name: str) -> tuple[Network, ...]:
        text = self.text(name, "")
        try:
            return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
        except ValueError as error:
            raise SettingsError(
                f"DIGITNET_{name} must be addresses or networks with commas between them, "
                f"not {text!r}"
            ) from error
