"""Handlers of requests, which use the same services as the site."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.errors import AccountError, BusyError, PersonGone, StorageError
from app.native.messages import Message
from app.native.protocol import (
    ErrorCode,
    Invalid,
    ListPictures,
    LogIn,
    Recognise,
    Request,
    SignUp,
)
from app.services import Services
from app.services.accounts import KeepingRule, Login, NameTaken, Person, Throttled
from app.services.streams import Seen, Stream, StreamEnded
from cnn.errors import PictureError
from cnn.reading.reader import ReadDigit

__all__ = ["Answer", "Handler", "error"]

_log = logging.getLogger(__name__)


def error(code: ErrorCode) -> Message:
    """Return the message of an error."""
    return Message.of("ERRR", code.value)


@dataclass(frozen=True)
class Answer:
    """A message or the ids of pictures to send, and who logged in with the request."""

    content: Message | list[UUID]
    login: Login | None = None


#: The confidence in a picture that the reader refuses: that of a guess among ten digits. Clients
#: can show nothing else, and a network alone may be sure of a letter.
_CHANCE = 0.1


class Handler:
    """Answers one client's requests."""

    def __init__(
        self, services: Services, *, address: str, list_limit: int, anonymous_browsing: bool
    ) -> None:
        #: Whoever keeps sending pictures is a stream.
        self.stream_id = str(uuid4())
        self._since = time.time()
        self._services = services
        self._address = address
        self._list_limit = list_limit
        self._anonymous_browsing = anonymous_browsing

    def answer(self, request: Request, person: Person | None) -> Answer:
        """Answer a request of a client that is logged in as `person`, or not."""
        match request:
            case Recognise():
                return Answer(self._recognise(request, person))
            case ListPictures():
                return Answer(self._list(request, person))
            case SignUp():
                return Answer(self._sign_up(request))
            case LogIn():
                return self._log_in(request)
            case Invalid():
                return Answer(error(request.code))

    def send_pictures(self, ids: list[UUID]) -> Iterator[Message]:
        """Yield the messages of a list, with one picture open at a time."""
        yield Message.of("RIHL", len(ids))
        try:
            for picture in self._services.gallery.each(ids):
                content = self._services.images.files.read(picture.id, picture.sha256)
                # The client accepts nothing here but digits and the end of the list.
                if content is not None and picture.shown != "none":
                    confidence = f"{picture.confidence_in_shown or 0:.6f}"
                    yield Message.of("RILF", str(picture.id), content, picture.shown, confidence)
        except StorageError as problem:
            _log.error("%s: a list of pictures was cut short: %s", self._address, problem)
        yield Message.of("RIHE")

    def _recognise(self, request: Recognise, person: Person | None) -> Message:
        streams, begun = self._services.streams, time.monotonic()
        name = self._address if person is None else person.username
        habits = None if person is None else self._services.habits.of(person.id)
        try:
            turn = streams.begin(Stream(self.stream_id, name, "native", self._since))
            result = self._services.recogniser.read(request.picture, habits=habits)
        except PictureError as problem:
            large = problem.code == "too_large"
            return error(ErrorCode.TOO_LARGE if large else ErrorCode.NOT_A_PICTURE)
        except (BusyError, StreamEnded):
            return error(ErrorCode.GENERAL)
        reading = result.reading
        took = (time.monotonic() - begun) * 1000
        streams.finish(turn, Seen.digits(reading), request.picture, latency_ms=took)
        if person is not None:
            try:
                if self._is_kept(person):
                    self._services.keeping.keep(person.id, request.picture, result, source="native")
            except (BusyError, PersonGone, StorageError) as problem:
                _log.error("%s: a picture was not stored: %s", self._address, problem)
                return error(ErrorCode.GENERAL)
        # A digit even beside larger things; for a non-digit, the best guess.
        best = max(reading.digits, key=_size, default=reading.guess)
        if best is None:
            return Message.of("RIPR", 0, f"{_CHANCE:.6f}")
        confidence = best.confidence if reading.digits else _CHANCE
        return Message.of("RIPR", best.digit, f"{confidence:.6f}")

    def _is_kept(self, person: Person) -> bool:
        """Say whether what a person sends is kept, by what they have chosen meanwhile."""
        found = self._services.accounts.find(person.id)
        return found is None or found.keeping is not KeepingRule.ASKED

    def _list(self, request: ListPictures, person: Person | None) -> Message | list[UUID]:
        if person is None and not self._anonymous_browsing:
            return error(ErrorCode.INVALID_REQUEST)
        return self._services.gallery.newest(request.digit, self._list_limit)

    def _sign_up(self, request: SignUp) -> Message:
        try:
            self._services.accounts.sign_up(request.name, request.password, address=self._address)
        except NameTaken:
            return Message.of("CRSD")
        except AccountError:
            return error(ErrorCode.INVALID_REQUEST)
        except (Throttled, StorageError):
            return error(ErrorCode.GENERAL)
        return Message.of("CRSA")

    def _log_in(self, request: LogIn) -> Answer:
        try:
            login = self._services.accounts.log_in(
                request.name, request.password, address=self._address
            )
        except Throttled:
            login = None
        except StorageError:
            return Answer(error(ErrorCode.GENERAL))
        if login is None:
            return Answer(Message.of("CRFD"))
        return Answer(Message.of("CRLA", login.person.username), login)


def _size(digit: ReadDigit) -> int:
    return digit.box[2] * digit.box[3]
