"""The state machine: bytes in, events out, in pieces of any size and from anybody."""

import copy
import random
import tracemalloc

import pytest
from Crypto.PublicKey import RSA
from hypothesis import given, settings
from hypothesis import strategies as st

from app.native.crypto import ServerKey
from app.native.framing import Frame, FrameReader, TooLarge
from app.native.protocol import (
    Close,
    Connection,
    ErrorCode,
    Invalid,
    ListPictures,
    LogIn,
    Recognise,
    Send,
    SignUp,
    State,
)
from tests.app.native.malformed import DAMAGED, FUZZ, handshakes
from tests.app.native.peer import encrypt, frame, handshake, message, request

SESSION = (
    request("RIHP"),
    request("RIPP", "é.png", bytes(range(256)) * 20),
    request("RIHD", "7"),
    request("CRSI", "Ann", "correct horse"),
    request("XXXX"),
    frame(b"0" * 5000),
)


@pytest.fixture
def ready(server_key, rsa_key):
    """A connection whose hands are shaken."""
    connection = Connection(server_key)
    list(connection.receive(handshake(rsa_key)))
    assert connection.state is State.READY
    return connection


def events(rsa_key, pieces):
    connection = Connection(ServerKey(rsa_key))
    return [event for piece in pieces for event in connection.receive(piece)]


@pytest.fixture(scope="session")
def stream(rsa_key):
    """A session that ends with a payload which is no message."""
    return handshake(rsa_key) + b"".join(SESSION)


def test_one_byte_at_a_time_and_all_at_once_are_the_same(rsa_key, stream):
    whole = events(rsa_key, [stream])
    assert [type(event) for event in whole] == [
        Send, ListPictures, Recognise, ListPictures, LogIn, Invalid, Close,
    ]  # fmt: skip
    assert events(rsa_key, [bytes([byte]) for byte in stream]) == whole


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_random_pieces_are_the_same(rsa_key, stream, data):
    places = st.integers(0, len(stream))
    cuts = sorted(data.draw(st.lists(places, max_size=30)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert events(rsa_key, pieces) == events(rsa_key, [stream])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60)), st.integers(0, 40), st.lists(st.integers(1, 50)))
def test_frames_come_out_as_they_went_in(payloads, limit, sizes):
    reader, out = FrameReader(limit, lenient=True), []
    data = b"".join(map(frame, payloads))
    for size in [*sizes, len(data) + 1]:
        piece, data = data[:size], data[size:]
        while piece:
            found, piece = reader.feed(piece)
            out += [found] if found is not None else []
    assert out == [Frame(p) if len(p) <= limit else TooLarge(len(p)) for p in payloads]
    assert not reader.inside


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (("RIPP", "", b""), Recognise("", b"")),
        (("RIPP", "ä" * 300, b"~"), Recognise("ä" * 300, b"~")),
        (("CRSU", "Zoë", " ~ "), SignUp("Zoë", " ~ ")),
        *((("RIHD", str(digit)), ListPictures(digit)) for digit in range(10)),
    ],
)
def test_requests(ready, words, meaning):
    assert list(ready.receive(request(*words))) == [meaning]


@pytest.mark.parametrize(
    "words",
    [
        ("RIPP",),
        ("RIPP", "name"),
        ("RIPP", "name", b"picture", "more"),
        ("RIPP", b"\xff\xfe", b"picture"),
        ("RIHP", "1"),
        ("RIHD",),
        ("RIHD", "1", "2"),
        *(("RIHD", digit) for digit in ("", "a", "10", "-1", "+1", " 1", "1 ", "٣", "²", "1\0")),
        ("CRSU", "name"),
        ("CRSU", b"\xff", "password"),
        ("CRSI", "name", b"\xff"),
        ("CRSI", "name", "password", ""),
        ("CRSI",),
    ],
)  # fmt: skip
def test_wrong_fields_are_an_invalid_request_and_the_connection_goes_on(ready, words):
    (event,) = ready.receive(request(*words))
    assert isinstance(event, Invalid)
    assert event.code.value == 3
    assert list(ready.receive(request("RIHP"))) == [ListPictures(None)]


@pytest.mark.parametrize("payload", DAMAGED.values(), ids=DAMAGED)
def test_what_does_not_decode_closes_the_connection_in_secret(ready, payload):
    (event,) = ready.receive(frame(payload))
    assert isinstance(event, Close)
    assert event.secret
    assert ready.state is State.CLOSED
    assert list(ready.receive(request("RIHP"))) == []


@pytest.mark.parametrize(
    "more", [b"~" * 9, b"~" * 4_000_000, b"~AAAA" * 800_000, b"~AA==" * 9 + b"~AAA=" * 9 + b"~QUJD"]
)
@pytest.mark.parametrize(("code", "number"), [("RIPP", 3), ("RIHP", 3), ("NOPE", 4)])
def test_any_number_of_fields_too_many_is_an_invalid_request(ready, code, number, more):
    payload = frame(encrypt(message(code) + more))
    tracemalloc.start()
    try:
        (event,) = ready.receive(payload)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert event == Invalid(ErrorCode(number))
    # A list of millions of fields would be many times as large as the payload.
    assert peak < 6 * len(payload) + 100_000
    assert list(ready.receive(request("RIHP"))) == [ListPictures(None)]


@pytest.mark.parametrize("length", range(1, 17))
def test_every_length_of_padding_is_taken(ready, length):
    text = message("RIPP") + b"~" * (8 + 16 - length)
    payload = encrypt(text)
    assert len(payload) - len(text) == length
    (event,) = ready.receive(frame(payload))
    assert isinstance(event, Invalid)


def test_a_wrong_handshake_closes_the_connection(rsa_key):
    for what, data in handshakes(rsa_key).items():
        last = events(rsa_key, [data])
        assert [type(event) for event in last] == [Close], what
        assert not last[0].secret


def test_a_too_long_handshake_is_not_waited_for(server_key):
    connection = Connection(server_key)
    assert list(connection.receive(b"0004096")) == []
    assert list(Connection(server_key).receive(b"0004097")) != []


def test_oversize_is_told_at_its_end_and_nothing_of_it_is_kept(ready):
    assert list(ready.receive(b"4100001")) == []
    for _ in range(41):
        assert list(ready.receive(bytes(100_000))) == []
    (event,) = ready.receive(b"\0" + request("RIHP")[:9])
    assert isinstance(event, Invalid)
    assert event.code.value == 2
    assert list(ready.receive(request("RIHP")[9:])) == [ListPictures(None)]


def test_a_key_is_taken_once(rsa_key):
    key, hello = ServerKey(rsa_key), handshake(rsa_key)
    (first,) = Connection(key).receive(hello)
    assert isinstance(first, Send)
    (second,) = Connection(key).receive(hello)
    assert isinstance(second, Close)
    (other,) = Connection(key).receive(handshake(rsa_key))
    assert isinstance(other, Send)


def test_malformed_input_never_raises():
    """20,000 inputs, or as many as DIGITNET_FUZZ says, such as 1,000,000."""
    random_ = random.Random(6627)
    private = RSA.generate(1024, randfunc=random_.randbytes)
    keys = [ServerKey(private)]

    def new():
        # What was seen is kept, so that a key lives as long here as in the server.
        if random_.random() < 1e-4:
            keys[0] = ServerKey(private)
        return Connection(keys[0])

    template = new()
    list(template.receive(handshake(private)))

    def new_ready():
        return copy.deepcopy(template, {id(template._server_key): keys[0]})

    good = [request(*words) for words in _REQUESTS]
    connection, closed, served = new_ready(), 0, 0
    for number in range(FUZZ):
        data, fresh = _malformed(random_, good)
        target = new() if fresh else connection
        for piece in _cut(random_, data):
            for event in target.receive(piece):
                assert isinstance(
                    event, Send | Close | Recognise | ListPictures | LogIn | SignUp | Invalid
                )
        if fresh:
            continue
        if target.state is State.CLOSED:
            closed += 1
            connection = new_ready()
        elif target.open_frame is not None:
            connection = new_ready()
        elif number % 10 == 0:
            served += 1
            assert list(target.receive(good[0])) == [ListPictures(None)]
    assert closed > FUZZ / 20
    assert served > FUZZ / 100


_REQUESTS = (
    ("RIHP",),
    ("RIHD", "7"),
    ("RIPP", "a.png", bytes(range(200))),
    ("CRSU", "Ann", "correct horse"),
    ("CRSI", "Ann", "correct horse"),
)


def _malformed(random_, good):
    """Return bytes, and whether they are for a new connection or one in use."""
    kind = random_.randrange(10)
    noise = random_.randbytes(random_.randrange(80))
    if kind == 0:
        return noise, True
    if kind == 1:
        return frame(random_.randbytes(random_.choice((0, 1, 16, 127, 129)))) + frame(noise), True
    if kind == 2:
        return b"%07d" % random_.randrange(10**7) + noise, True
    if kind == 3:
        return frame(noise), False
    if kind == 4:
        data = bytearray(random_.choice(good))
        data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
        return bytes(data), False
    if kind == 5:
        data = random_.choice(good)
        return data[: random_.randrange(len(data))] + noise, False
    if kind == 6:
        return frame(encrypt(noise)), False
    words = [random_.choice(("RIPP", "RIHP", "RIHD", "CRSU", "CRSI", "GKSC", "", "~~~~"))]
    words += [random_.randbytes(random_.randrange(6)) for _ in range(random_.randrange(9))]
    if kind == 7:
        text = bytearray(message(*words)) or bytearray(1)
        text[random_.randrange(len(text))] = random_.randrange(256)
        return frame(encrypt(bytes(text))), False
    return request(*words), False


def _cut(random_, data):
    place = random_.randrange(len(data) + 1)
    return data[:place], data[place:]
