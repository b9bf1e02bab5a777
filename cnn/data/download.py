"""Download of one file from several mirrors: resumable, verified, and atomic."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import re
import sys
import zlib
from collections.abc import Iterable, Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO, cast
from urllib.error import HTTPError
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    UnknownHandler,
)

from tqdm import tqdm

from cnn.errors import DataError

__all__ = ["cache_folder", "cache_root", "download_file"]

_log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_PARTIAL_CONTENT = 206
_RANGE_NOT_SATISFIABLE = 416
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_HANDLERS: Mapping[str, type[BaseHandler]] = {"https": HTTPSHandler, "http": HTTPHandler}


def cache_root(environment: Mapping[str, str], *, platform: str, home: Path) -> Path:
    """Return the folder under which a person's downloads are kept.

    Parameters
    ----------
    environment : mapping of str to str
        The process's environment. ``DIGITNET_DATA_DIR`` names the folder outright; otherwise it
        is ``digitnet`` in ``LOCALAPPDATA`` on Windows and in ``XDG_CACHE_HOME`` elsewhere.
    platform : str
        As in ``sys.platform``.
    home : Path
        The person's home folder, used where the environment names none.

    Returns
    -------
    Path
        The folder, which need not exist.

    References
    ----------
    XDG Base Directory Specification, version 0.8: a relative ``XDG_CACHE_HOME`` is ignored.
    """
    if named := environment.get("DIGITNET_DATA_DIR"):
        return Path(named)
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "digitnet"
    cache = Path(environment.get("XDG_CACHE_HOME", ""))
    return (cache if cache.is_absolute() else home / ".cache") / "digitnet"


def cache_folder(name: str) -> Path:
    """Return this person's folder for the downloads of one data set.

    Parameters
    ----------
    name : str
        The data set's name, such as ``"mnist"``.

    Returns
    -------
    Path
        A folder in `cache_root`, which need not exist.
    """
    return cache_root(os.environ, platform=sys.platform, home=Path.home()) / name


def download_file(
    path: Path,
    urls: Iterable[str],
    *,
    sha256: str,
    gzipped: bool = False,
    progress: bool = True,
    timeout: float = 30.0,
    schemes: Iterable[str] = ("https",),
) -> None:
    """Download a file from the first mirror that has all of it.

    The bytes collect in ``<path>.part``. What an earlier attempt or mirror left there is
    continued with a Range request; a server that ignores the range makes it start again. Only
    a file with the right digest is renamed to `path`; one with a wrong digest is discarded,
    and the next mirror is asked from the start.

    Parameters
    ----------
    path : Path
        Where the file goes; its folder is made if need be.
    urls : iterable of str
        The same file at several mirrors, tried in this order.
    sha256 : str
        The digest expected, in lower-case hexadecimal.
    gzipped : bool
        Whether the digest is of the bytes inside a gzip file, not of the file itself: mirrors
        may have compressed the same data differently.
    progress : bool
        Whether to show a progress bar on the standard error stream.
    timeout : float
        Seconds to wait for the connection, and for each piece of the answer.
    schemes : iterable of {"https", "http"}
        The only URL schemes that are followed, by redirections too. Plain http is for servers
        on the same machine.

    Raises
    ------
    DataError
        No mirror gave the right file (the message says what each did), or the folder cannot
        be written to. After a connection that broke, the part stays for the next attempt.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if part.exists() and _sha256_of(part, gzipped=gzipped) == sha256:
            part.replace(path)
            return
    except OSError as error:
        raise DataError(f"cannot write to {path.parent}: {error}; choose another folder") from error
    failures: list[str] = []
    for url in urls:
        try:
            _fetch(url, part, opener=_opener(schemes), timeout=timeout, progress=progress)
            _keep_if_whole(part, path, sha256=sha256, gzipped=gzipped)
        except (OSError, HTTPException, DataError) as error:
            _log.info("%s: %s", url, error)
            failures.append(f"  {url}: {error}")
        else:
            return
    raise DataError(
        f"could not download {path.name}; tried\n"
        + "\n".join(failures)
        + f"\nTry again later (it resumes), or put the file into {path.parent} yourself."
    )


def _opener(schemes: Iterable[str]) -> OpenerDirector:
    # Built by hand, because build_opener() also follows ftp:, file: and data:. This one has no
    # code for a scheme that was not allowed, so no mirror can redirect it to one.
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPDefaultErrorHandler(),
        HTTPRedirectHandler(),
        HTTPErrorProcessor(),
        *(_HANDLERS[scheme]() for scheme in schemes),
    ):
        opener.add_handler(handler)
    return opener


def _fetch(url: str, part: Path, *, opener: OpenerDirector, timeout: float, progress: bool) -> None:
    """Append to `part` what `url` has beyond it; what has arrived stays if that fails."""
    have = part.stat().st_size if part.exists() else 0
    opener.addheaders = [("User-Agent", "digitnet")]
    if have:
        opener.addheaders.append(("Range", f"bytes={have}-"))
    try:
        answer = cast("HTTPResponse", opener.open(url, timeout=timeout))
    except HTTPError as error:
        error.close()
        if error.code != _RANGE_NOT_SATISFIABLE or not have:
            raise
        # The part is longer than the file, so it is of another file.
        part.unlink()
        _fetch(url, part, opener=opener, timeout=timeout, progress=progress)
        return
    with answer:
        start, total = _extent(answer, have)
        with part.open("ab" if start else "wb") as file:
            _copy(answer, file, start=start, total=total, name=part.stem, progress=progress)
    size = part.stat().st_size
    if total is not None and size != total:
        raise DataError(f"the connection ended after {size:,} of {total:,} bytes")


def _extent(answer: HTTPResponse, have: int) -> tuple[int, int | None]:
    """Return the offset of the answer's first byte and the size of the whole file, if known."""
    if answer.status != _PARTIAL_CONTENT:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    content_range = answer.headers.get("Content-Range", "")
    match = _CONTENT_RANGE.fullmatch(content_range)
    if match is None or int(match[1]) != have:
        raise DataError(f"asked for bytes {have}-, the server answered {content_range!r}")
    return have, None if match[2] == "*" else int(match[2])


def _copy(
    answer: HTTPResponse,
    file: BinaryIO,
    *,
    start: int,
    total: int | None,
    name: str,
    progress: bool,
) -> None:
    with tqdm(
        desc=name,
        initial=start,
        total=total,
        unit="B",
        unit_scale=True,
        unit_divisor=1024,
        disable=not progress,
    ) as bar:
        while chunk := answer.read(_CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
    file.flush()
    os.fsync(file.fileno())


def _keep_if_whole(part: Path, path: Path, *, sha256: str, gzipped: bool) -> None:
    found = _sha256_of(part, gzipped=gzipped)
    if found != sha256:
        part.unlink()
        raise DataError(f"the wrong bytes: SHA-256 {found or 'of no gzip file'}, not {sha256}")
    part.replace(path)


def _sha256_of(path: Path, *, gzipped: bool) -> str | None:
    """Return the digest in hexadecimal, or None where a gzip file cannot be unpacked."""
    digest = hashlib.sha256()
    with path.open("rb") as packed:
        if not gzipped:
            return hashlib.file_digest(packed, hashlib.sha256).hexdigest()
        try:
            with gzip.open(packed) as unpacked:
                while chunk := unpacked.read(_CHUNK):
                    digest.update(chunk)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            return None
    return digest.hexdigest()
