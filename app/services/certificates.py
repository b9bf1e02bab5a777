"""TLS certificates for this machine, made without other programs.

An authority is made for one certificate, which it signs; then its key is forgotten, so that a
phone that trusts the authority trusts this certificate and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from Crypto.Hash import SHA256
from Crypto.PublicKey import ECC
from Crypto.Signature import DSS
from Crypto.Util.asn1 import DerObject, DerSequence

from app.errors import StartError
from cnn.files import write_atomically

__all__ = ["Certificate", "CertificateFiles", "make_certificate", "read_certificate"]

_DAYS = 820  # Apple's systems trust none for longer than 825
_FOLDER = "tls"

# Identifiers, DER-encoded (RFC 5280, RFC 5758).
_ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
_COMMON_NAME = bytes.fromhex("0603550403")
_SERVER = bytes.fromhex("06082b06010505070301")
_SUBJECT_KEY, _KEY_USAGE, _NAMES, _CONSTRAINTS, _AUTHORITY_KEY, _PURPOSES = (
    bytes([0x06, 0x03, 0x55, 0x1D, number]) for number in (14, 15, 17, 19, 35, 37)
)
_TRUE = bytes.fromhex("0101ff")
_SIGNS_CERTIFICATES, _SIGNS = bytes.fromhex("03020204"), bytes.fromhex("03020780")


@dataclass(frozen=True)
class CertificateFiles:
    """Where a certificate lies: for the server with its key, and for those who shall trust it."""

    certificate: Path
    key: Path
    authority: Path

    @classmethod
    def below(cls, instance: Path) -> CertificateFiles:
        """Return the places in an instance folder, whether anything is there or not."""
        folder = instance / _FOLDER
        return cls(folder / "certificate.pem", folder / "key.pem", folder / "authority.crt")

    @property
    def are_there(self) -> bool:
        """Whether a certificate was made."""
        return all(file.is_file() for file in (self.certificate, self.key, self.authority))


@dataclass(frozen=True)
class Certificate:
    """For which names and addresses of hosts a certificate is, and when it ends."""

    names: tuple[str, ...]
    end: datetime


def make_certificate(files: CertificateFiles, names: Sequence[str]) -> Certificate:
    """Make a certificate for names and addresses, and write it.

    Raises StartError if the files cannot be written.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    begin, end = now - timedelta(days=1), now + timedelta(days=_DAYS)
    authority_key, key = ECC.generate(curve="P-256"), ECC.generate(curve="P-256")
    issuer = _name(f"DigitNet on {names[0]}, {now:%Y-%m-%d}")
    signed_by = (issuer, authority_key)
    authority = _certificate(
        signed_by, issuer, authority_key, (begin, end), _of_authority(authority_key)
    )
    certificate = _certificate(
        signed_by, _name(names[0]), key, (begin, end), _of_server(authority_key, key, names)
    )
    try:
        files.key.parent.mkdir(parents=True, exist_ok=True)
        pem = key.export_key(format="PEM")
        write_atomically(files.key, str(pem).encode() + b"\n", mode=0o600)
        write_atomically(files.certificate, _pem(certificate) + _pem(authority))
        write_atomically(files.authority, _pem(authority))
    except OSError as error:
        raise StartError(
            f"the certificate cannot be written to {files.key.parent}: {error.strerror}. "
            "Let the program write there, or choose another folder with DIGITNET_INSTANCE_PATH."
        ) from error
    return Certificate(tuple(names), end)


def read_certificate(file: Path) -> Certificate:
    """Read one that `make_certificate` has made. Raises StartError."""
    try:
        text, end_line, _ = file.read_text(encoding="ascii").partition(ssl.PEM_FOOTER)
        signed = _parts(ssl.PEM_cert_to_DER_cert(text + end_line))
        content = _parts(signed[0])  # version, number, algorithm, issuer, validity, subject, …
        _, end = _parts(content[4])
        extensions = _parts(DerObject().decode(content[7]).payload)
        [names] = [one for one in extensions if _NAMES in one]
        alternatives = DerObject().decode(_parts(names)[-1]).payload
        found = tuple(_read_alternative(one) for one in _parts(alternatives))
        return Certificate(found, _read_time(end))
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise StartError(
            f"{file} cannot be read as a certificate of this program ({error}). "
            "flask --app wsgi tls --again makes another one."
        ) from error


def _certificate(
    signed_by: tuple[bytes, ECC.EccKey],
    subject: bytes,
    key: ECC.EccKey,
    valid: tuple[datetime, datetime],
    extensions: Sequence[bytes],
) -> bytes:
    """Return a certificate, DER, signed by an issuer with its key."""
    issuer, issuer_key = signed_by
    algorithm = _sequence(_ECDSA_SHA256)
    content = _sequence(
        _der(0xA0, bytes.fromhex("020102")),  # version 3
        _der(0x02, b"\x01" + secrets.token_bytes(15)),  # serial number
        algorithm,
        issuer,
        _sequence(*(_time(moment) for moment in valid)),
        subject,
        _public(key),
        _der(0xA3, _sequence(*extensions)),
    )
    signature = DSS.new(issuer_key, "fips-186-3", encoding="der").sign(SHA256.new(content))
    return _sequence(content, algorithm, _der(0x03, b"\x00", signature))


def _of_authority(key: ECC.EccKey) -> list[bytes]:
    constraints = _sequence(_TRUE, bytes.fromhex("020100"))  # it signs no other authority
    return [
        _extension(_CONSTRAINTS, constraints, critical=True),
        _extension(_KEY_USAGE, _SIGNS_CERTIFICATES, critical=True),
        _extension(_SUBJECT_KEY, _der(0x04, _fingerprint(key))),
    ]


def _of_server(authority_key: ECC.EccKey, key: ECC.EccKey, names: Sequence[str]) -> list[bytes]:
    return [
        _extension(_CONSTRAINTS, _sequence(), critical=True),
        _extension(_KEY_USAGE, _SIGNS, critical=True),
        _extension(_PURPOSES, _sequence(_SERVER)),
        _extension(_NAMES, _sequence(*(_alternative(name) for name in names))),
        _extension(_SUBJECT_KEY, _der(0x04, _fingerprint(key))),
        _extension(_AUTHORITY_KEY, _sequence(_der(0x80, _fingerprint(authority_key)))),
    ]


def _alternative(name: str) -> bytes:
    """Encode a host's name, or its address."""
    try:
        return _der(0x87, ip_address(name).packed)
    except ValueError:
        return _der(0x82, name.encode("ascii"))


def _read_alternative(encoded: bytes) -> str:
    """Return the name or address that `_alternative` encoded."""
    value = DerObject().decode(encoded).payload
    return str(ip_address(value)) if encoded[0] == 0x87 else value.decode("ascii")


def _extension(identifier: bytes, value: bytes, *, critical: bool = False) -> bytes:
    return _sequence(identifier, _TRUE if critical else b"", _der(0x04, value))


def _name(text: str) -> bytes:
    common = _sequence(_COMMON_NAME, _der(0x0C, text.encode()[:64]))
    return _sequence(_der(0x31, common))


def _public(key: ECC.EccKey) -> bytes:
    exported = key.public_key().export_key(format="DER")
    return exported if isinstance(exported, bytes) else exported.encode()


def _fingerprint(key: ECC.EccKey) -> bytes:
    """Return what names a key: the first 20 bytes of a hash (RFC 7093)."""
    return hashlib.sha256(_public(key)).digest()[:20]


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _der(tag: int, *parts: bytes) -> bytes:
    """Encode by tag, length, value."""
    value = b"".join(parts)
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + value


def _time(moment: datetime) -> bytes:
    """Encode a moment; from 2050 on with four digits for the year (RFC 5280)."""
    if moment.year < 2050:
        return _der(0x17, f"{moment:%y%m%d%H%M%S}Z".encode())
    return _der(0x18, f"{moment:%Y%m%d%H%M%S}Z".encode())


def _read_time(encoded: bytes) -> datetime:
    """Return the moment that `_time` encoded."""
    form = "%y%m%d%H%M%SZ" if encoded[0] == 0x17 else "%Y%m%d%H%M%SZ"
    text = DerObject().decode(encoded).payload.decode("ascii")
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def _parts(encoded: bytes) -> list[Any]:
    """Return what a sequence consists of: each part encoded, but small numbers."""
    sequence = DerSequence().decode(encoded)
    return sequence[:]  # type: ignore[no-any-return]


def _pem(certificate: bytes) -> bytes:
    return ssl.DER_cert_to_PEM_cert(certificate).encode()
