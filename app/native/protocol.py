"""The server's side of a connection as bytes in and events out, without sockets and threads.

AWAIT_KEY   a frame: the session key, encrypted     -> AWAIT_IV
AWAIT_IV    a frame: the IV                         -> READY, and GKSC is sent
READY       a frame: an encrypted request           -> READY
(any)       a breach of the protocol                -> CLOSED
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from app.native.crypto import ServerKey, Session
from app.native.errors import PayloadError, ProtocolError
from app.native.framing import Frame, FrameReader, TooLarge, encode_frame
from app.native.messages import Message, decode_message, encode_message

__all__ = [
    "Close",
    "Connection",
    "ErrorCode",
    "Event",
    "Invalid",
    "ListPictures",
    "LogIn",
    "Recognise",
    "Request",
    "Send",
    "SignUp",
    "State",
]

_HANDSHAKE_LIMIT = 4096
_PAYLOAD_LIMIT = 4_100_000


class ErrorCode(Enum):
    """The codes of ERRR."""

    NOT_A_PICTURE = 1
    TOO_LARGE = 2
    INVALID_REQUEST = 3
    GENERAL = 4


class State(Enum):
    """The state of a connection."""

    AWAIT_KEY = auto()
    AWAIT_IV = auto()
    READY = auto()
    CLOSED = auto()


@dataclass(frozen=True)
class Send:
    """Bytes for the client."""

    data: bytes


@dataclass(frozen=True)
class Close:
    """Close the connection without an answer.

    `secret`: the client must not learn why, not even from the time that it took.
    """

    reason: str
    secret: bool = False


@dataclass(frozen=True)
class Recognise:
    """RIPP: read the digit in a picture."""

    name: str
    picture: bytes


@dataclass(frozen=True)
class ListPictures:
    """RIHP, RIHD: send the stored pictures, all or those of one digit."""

    digit: int | None


@dataclass(frozen=True)
class SignUp:
    """CRSU."""

    name: str
    password: str


@dataclass(frozen=True)
class LogIn:
    """CRSI."""

    name: str
    password: str


@dataclass(frozen=True)
class Invalid:
    """A request that is answered with an error; the connection continues."""

    code: ErrorCode


Request = Recognise | ListPictures | SignUp | LogIn | Invalid
Event = Send | Close | Request


class Connection:
    """The protocol of one connection."""

    def __init__(self, server_key: ServerKey) -> None:
        self.state = State.AWAIT_KEY
        self._server_key = server_key
        self._key = b""
        self._session: Session | None = None
        self._frames = FrameReader(_HANDSHAKE_LIMIT)
        self._handlers: dict[State, Callable[[bytes], Event | None]] = {
            State.AWAIT_KEY: self._take_key,
            State.AWAIT_IV: self._take_iv,
            State.READY: self._take_request,
        }

    @property
    def open_frame(self) -> int | None:
        """The number of the incomplete frame, or None."""
        return self._frames.count if self._frames.inside else None

    @property
    def kept(self) -> int:
        """Bytes of memory that the incomplete frame needs."""
        return self._frames.kept

    def greet(self) -> Send:
        """Return the server's first message: its public key."""
        return Send(encode_frame(self._server_key.public_pem))

    def receive(self, data: bytes) -> Iterator[Event]:
        """Process received bytes, and yield their events."""
        while data and self.state is not State.CLOSED:
            try:
                frame, data = self._frames.feed(data)
                event = None if frame is None else self._take(frame)
                # It may have megabytes, and its handler may take long.
                del frame
            except ProtocolError as error:
                self.state = State.CLOSED
                yield Close(str(error), secret=isinstance(error, PayloadError))
                return
            if event is not None:
                yield event

    def send(self, message: Message) -> Send:
        """Encrypt a message for the client."""
        if self._session is None:
            raise RuntimeError("there is no session before the handshake")
        return Send(encode_frame(self._session.encrypt(encode_message(message))))

    def _take(self, frame: Frame | TooLarge) -> Event | None:
        if isinstance(frame, TooLarge):
            return Invalid(ErrorCode.TOO_LARGE)
        return self._handlers[self.state](frame.payload)

    def _take_key(self, payload: bytes) -> None:
        self._key = self._server_key.open(payload)
        self.state = State.AWAIT_IV

    def _take_iv(self, payload: bytes) -> Event:
        self._session = Session(self._key, payload)
        self.state = State.READY
        # From now on frames may have any length.
        self._frames.limit, self._frames.lenient = _PAYLOAD_LIMIT, True
        return self.send(Message.of("GKSC"))

    def _take_request(self, payload: bytes) -> Event:
        if self._session is None:
            raise RuntimeError("there is no session before the handshake")
        text, padded = self._session.decrypt(payload)
        # The text is parsed even if its padding is invalid: all failures take the same time
        # and look the same.
        message = decode_message(text)
        if not padded:
            raise PayloadError("the text is no message")
        return _parse(message)


def _parse(message: Message) -> Request:
    if message.code not in _REQUESTS:
        return Invalid(ErrorCode.GENERAL)
    count, make = _REQUESTS[message.code]
    if len(message.fields) != count:
        return Invalid(ErrorCode.INVALID_REQUEST)
    try:
        return make(*message.fields)
    except ValueError:
        return Invalid(ErrorCode.INVALID_REQUEST)


def _list_digit(digit: bytes) -> ListPictures:
    if len(digit) != 1 or digit not in b"0123456789":
        raise ValueError(f"a digit expected, got {digit[:20]!r}")
    return ListPictures(int(digit))


_REQUESTS: dict[str, tuple[int, Callable[..., Request]]] = {
    "RIPP": (2, lambda name, picture: Recognise(name.decode(), picture)),
    "RIHP": (0, lambda: ListPictures(None)),
    "RIHD": (1, _list_digit),
    "CRSU": (2, lambda name, password: SignUp(name.decode(), password.decode())),
    "CRSI": (2, lambda name, password: LogIn(name.decode(), password.decode())),
}
