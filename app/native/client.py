"""A native client for the command line: python -m app.native.client HOST[:PORT] COMMAND.

Asks for the password where one is needed, or takes it from DIGITNET_PASSWORD.
"""

from __future__ import annotations

import argparse
import csv
import getpass
import io
import os
import socket
import sys
import time
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from Crypto.Cipher import PKCS1_OAEP
from Crypto.PublicKey import RSA
from tqdm import tqdm

from app.native.camera import FramesError, frames_of
from app.native.crypto import IV_SIZE, KEY_SIZE, Session
from app.native.errors import ProtocolError
from app.native.framing import Frame, FrameReader, encode_frame
from app.native.messages import Message, decode_message, encode_message
from app.wording import counted

__all__ = ["ClientError", "NativeClient", "RequestRefused", "StoredPicture", "main"]

_PORT = 6627
_TIMEOUT = 11  # seconds, as the desktop clients wait
_PIECE = 4096  # bytes written at a time, as the desktop clients do
_LARGEST_PICTURE = 3_000_000  # bytes
_LARGEST_ANSWER = 9_999_999
_RATED = 30  # frames over which their rate is taken

# The protocol's answer has room for one digit, and for no word on how many there were.
_ONE_DIGIT = (
    "Read the digit in each picture file. A picture of several digits is answered with the largest "
    "of them alone; the site reads them all."
)

_ONE_DIGIT_OF_FRAME = "Of several digits the largest alone is answered."

_ERRORS = {
    "1": "this is not a picture that can be read, or it is cut off",
    "2": "the picture is too large: at most 3,000,000 bytes and 16 megapixels",
    "3": "the server refuses this request: check name and password, or log in first",
    "4": "the server could not do this just now: try again",
}


class ClientError(Exception):
    """The server cannot be reached, or refuses; the message says what to do."""


class RequestRefused(ClientError):
    """The server refuses a request, or would; the connection goes on."""


@dataclass(frozen=True)
class StoredPicture:
    """A picture that the server has stored."""

    id: str
    png: bytes
    digit: int
    confidence: float


class NativeClient:
    """A connection to a server, for a `with` statement; every method may raise ClientError."""

    def __init__(self, host: str, port: int = _PORT, *, timeout: float = _TIMEOUT) -> None:
        self._frames = FrameReader(_LARGEST_ANSWER)
        self._rest = b""
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except (OSError, UnicodeError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            raise ClientError(
                f"no DigitNet server answers at {host}:{port} ({reason}): "
                "is it running, and are host and port right?"
            ) from error
        try:
            self._session = self._shake_hands()
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> NativeClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def recognise(self, name: str, picture: bytes) -> tuple[int, float]:
        """Return the digit in a picture and the confidence."""
        if len(picture) > _LARGEST_PICTURE:
            raise RequestRefused(_ERRORS["2"])
        answer = self._ask(Message.of("RIPP", name, picture), "RIPR", fields=2)
        with _understood():
            return int(answer.fields[0]), float(answer.fields[1])

    def browse(self, digit: int | None = None) -> Iterator[StoredPicture]:
        """Yield the pictures that are stored, newest first."""
        request = Message.of("RIHP") if digit is None else Message.of("RIHD", digit)
        self._ask(request, "RIHL", fields=1)
        while True:
            answer = self._receive()
            if answer.code == "RIHE":
                return
            if answer.code != "RILF" or len(answer.fields) != 4:
                raise ClientError(f"the server sent {answer.code} in the middle of a list")
            name, png, number, confidence = answer.fields
            with _understood():
                picture = StoredPicture(name.decode(), png, int(number), float(confidence))
            yield picture

    def sign_up(self, name: str, password: str) -> bool:
        """Make an account; False if the name is taken."""
        return self._ask(Message.of("CRSU", name, password), "CRSA", "CRSD").code == "CRSA"

    def log_in(self, name: str, password: str) -> str | None:
        """Log in; return the name as the server has stored it, or None if it refuses."""
        answer = self._ask(Message.of("CRSI", name, password), "CRLA", "CRFD")
        with _understood():
            return answer.fields[0].decode() if answer.code == "CRLA" else None

    def _shake_hands(self) -> Session:
        key, iv = os.urandom(KEY_SIZE), os.urandom(IV_SIZE)
        try:
            server_key = RSA.import_key(self._receive_payload())
            blob = PKCS1_OAEP.new(server_key).encrypt(key)
        except (ValueError, IndexError, TypeError) as error:
            raise ClientError("what answers there is no DigitNet server") from error
        self._send_payload(blob)
        self._send_payload(iv)
        self._session = Session(key, iv)
        if self._receive().code != "GKSC":
            raise ClientError("the server did not accept the session's key")
        return self._session

    def _ask(self, request: Message, *codes: str, fields: int | None = None) -> Message:
        self._send_payload(self._session.encrypt(encode_message(request)))
        answer = self._receive()
        if answer.code == "ERRR" and answer.fields:
            number = answer.fields[0].decode("ascii", "replace")
            if number in _ERRORS:
                raise RequestRefused(_ERRORS[number])
            raise ClientError(f"the server reports error {number}")
        if answer.code not in codes or (fields is not None and len(answer.fields) != fields):
            raise ClientError(f"the server sent an answer that was not asked for: {answer.code}")
        return answer

    def _receive(self) -> Message:
        try:
            text, padded = self._session.decrypt(self._receive_payload())
            message = decode_message(text)
        except ProtocolError as error:
            raise ClientError("the server's answer cannot be decrypted") from error
        if not padded:
            raise ClientError("the server's answer cannot be decrypted")
        return message

    def _send_payload(self, payload: bytes) -> None:
        frame = encode_frame(payload)
        try:
            for start in range(0, len(frame), _PIECE):
                self._socket.sendall(frame[start : start + _PIECE])
        except OSError as error:
            raise ClientError(f"the connection broke: {error.strerror or error}") from error

    def _receive_payload(self) -> bytes:
        while True:
            try:
                data = self._rest or self._socket.recv(65_536)
                frame, self._rest = self._frames.feed(data)
            except TimeoutError as error:
                raise ClientError("the server does not answer: try again later") from error
            except OSError as error:
                raise ClientError(f"the connection broke: {error.strerror or error}") from error
            except ProtocolError as error:
                raise ClientError("what answers there is no DigitNet server") from error
            if isinstance(frame, Frame):
                return frame.payload
            if not data:
                raise ClientError("the server closed the connection")


@contextmanager
def _understood() -> Iterator[None]:
    """Raise ClientError for an answer with invalid fields."""
    try:
        yield
    except (IndexError, ValueError) as error:
        raise ClientError("the server's answer cannot be understood") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return the exit status: 0, or 1 after a one-line error."""
    options = _parser().parse_args(arguments)
    try:
        host, port = _split(options.server)
        with NativeClient(host, port) as client:
            return int(options.command(client, options))
    except (ClientError, OSError) as error:
        print(f"client: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("client: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.native.client", description=__doc__)
    parser.add_argument("server", metavar="HOST[:PORT]", help=f"port {_PORT} if not given")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    recognise = commands.add_parser(
        "recognise", help="read the digit in each picture file", description=_ONE_DIGIT
    )
    recognise.set_defaults(command=_recognise)
    recognise.add_argument("files", nargs="+", type=Path, metavar="FILE")
    recognise.add_argument("--user", help="log in first, so that the pictures are stored")

    camera = commands.add_parser(
        "camera",
        help="read what a camera sees, or the frames of a video, an animation or a folder",
        description="Read frame after frame until Ctrl-C, or until there are no more. Nothing is "
        "stored. " + _ONE_DIGIT_OF_FRAME,
    )
    camera.set_defaults(command=_watch)
    camera.add_argument(
        "source",
        nargs="?",
        default="0",
        metavar="DEVICE|FILE",
        help="the number of a camera (0, the first, if none is given), a video (both need OpenCV), "
        "an animated GIF or WebP, or a folder of pictures",
    )

    browse = commands.add_parser("browse", help="list the pictures that are stored")
    browse.set_defaults(command=_browse)
    browse.add_argument("--digit", type=int, choices=range(10), help="only pictures of this digit")
    browse.add_argument("--zip", type=Path, help="save them, with labels.csv, in a ZIP file")
    browse.add_argument("--user", help="log in first, where the server wants it")

    for name, command in (("signup", _sign_up), ("login", _log_in)):
        people = commands.add_parser(name, help=f"{name} with a user name")
        people.set_defaults(command=command)
        people.add_argument("user", help="the user name")
    return parser


def _split(server: str) -> tuple[str, int]:
    """Take HOST, HOST:PORT, [IPV6] or [IPV6]:PORT apart."""
    host, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "")
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        port = port.removeprefix(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ClientError(f"{server!r} is not of the form HOST:PORT")
    return host, int(port) if port else _PORT


def _password() -> str:
    try:
        return os.environ.get("DIGITNET_PASSWORD") or getpass.getpass("Password: ")
    except EOFError as error:
        raise ClientError("a password is needed: type it, or set DIGITNET_PASSWORD") from error


def _authenticate(client: NativeClient, user: str | None) -> None:
    if user is not None and client.log_in(user, _password()) is None:
        raise ClientError(
            "wrong user name or password, or too many attempts: check both, or wait a while"
        )


def _recognise(client: NativeClient, options: argparse.Namespace) -> int:
    _authenticate(client, options.user)
    failed = False
    with tqdm(options.files, unit="file", disable=len(options.files) < 5, leave=False) as files:
        for path in files:
            # A file's name need not be text.
            name = str(path).encode(errors="replace").decode()
            try:
                digit, confidence = client.recognise(Path(name).name, path.read_bytes())
            except (RequestRefused, OSError) as error:
                failed = True
                reason = error.strerror if isinstance(error, OSError) else error
                files.write(f"{name}: {reason}", file=sys.stderr)
            else:
                files.write(f"{name}: {digit} ({confidence:.1%})")
    return int(failed)


def _watch(client: NativeClient, options: argparse.Namespace) -> int:
    """Read frames, the next one when the last answer is in, and print how many there are a second.

    Nobody logs in for it: the server would store every frame.
    """
    times: deque[float] = deque(maxlen=_RATED)
    try:
        for name, picture in frames_of(options.source):
            name = name.encode(errors="replace").decode()
            try:
                digit, confidence = client.recognise(name, picture)
            except RequestRefused as error:
                print(f"{name}: {error}", file=sys.stderr)
                continue
            times.append(time.monotonic())
            span = times[-1] - times[0]
            rate = f"  {(len(times) - 1) / span:.1f} frames a second" if span > 0 else ""
            print(f"{name}: {digit} ({confidence:.1%}){rate}", flush=True)
    except FramesError as error:
        raise ClientError(str(error)) from error
    return 0


def _browse(client: NativeClient, options: argparse.Namespace) -> int:
    _authenticate(client, options.user)
    pictures = client.browse(options.digit)
    if options.zip is None:
        for picture in pictures:
            print(f"{picture.id}  {picture.digit}  {picture.confidence:.1%}")
        return 0
    print(f"{counted(_save(pictures, options.zip), 'picture')} saved in {options.zip}")
    return 0


def _save(pictures: Iterator[StoredPicture], path: Path) -> int:
    """Write a ZIP like the site's, atomically; return the number of pictures."""
    table = io.StringIO()
    labels = csv.writer(table)
    labels.writerow(["filename", "label", "confidence"])
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for picture in tqdm(pictures, unit="picture", leave=False):
                # Names from the server are not trusted: none may lead out of the folder.
                name = f"{Path(picture.id).name}.png"
                archive.writestr(f"images/{name}", picture.png)
                labels.writerow([name, picture.digit, f"{picture.confidence:.4f}"])
            archive.writestr("labels.csv", table.getvalue())
            count = len(archive.namelist()) - 1
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _sign_up(client: NativeClient, options: argparse.Namespace) -> int:
    if not client.sign_up(options.user, _password()):
        raise ClientError("this name is already taken, or looks like one that is")
    print(f"{options.user} has an account now.")
    return 0


def _log_in(client: NativeClient, options: argparse.Namespace) -> int:
    name = client.log_in(options.user, _password())
    if name is None:
        raise ClientError(
            "wrong user name or password, or too many attempts: check both, or wait a while"
        )
    print(f"{name}: name and password are right.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
