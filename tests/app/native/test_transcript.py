"""What goes over the wire, pinned: the desktop clients cannot be changed.

The frames were made with the openssl command, not with the program.
"""

import hashlib
import struct
import zlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from Crypto.Cipher import PKCS1_OAEP

from app.native.crypto import Session
from app.native.framing import encode_frame
from app.native.messages import Message, encode_message
from app.native.protocol import (
    Connection,
    Invalid,
    ListPictures,
    LogIn,
    Recognise,
    Send,
    SignUp,
)
from app.services.pictures.images import NewPicture
from app.web.services import get_services
from tests.app.native.peer import IV, KEY, Peer, frame, request
from tests.app.pictures import draw, encode


def tiny_png():
    """Return a PNG of 8×8 greys whose bytes depend on no library's compressor."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes(range(8 * y, 8 * y + 8)) for y in range(8))
    stored = struct.pack("<BHH", 1, len(rows), 65_535 - len(rows)) + rows
    packed = b"\x78\x01" + stored + struct.pack(">I", zlib.adler32(rows))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


PNG = tiny_png()
ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

# Frames in the session of KEY and IV: whole, in hexadecimal, or length and SHA-256.
REQUESTS = {
    ("RIPP", "zahl é.png", PNG): (
        Recognise("zahl é.png", PNG),
        (231, "3987f1944d7b87edc88648f8f284da4b844d4146d0109155885cde06a9d0ebe0"),
    ),
    ("RIHP",): (ListPictures(None), "303030303031364c47e14c0b4a9c8eb5411bf763f937c0"),
    ("RIHD", "7"): (ListPictures(7), "3030303030313674873413cd9d879a61238768ddacc225"),
    ("CRSU", "Ann", "correct horse"): (
        SignUp("Ann", "correct horse"),
        "30303030303438bf18ecedf522ef263d2da4c32cd29dc8d16a52add46a77fd260fc1c8f1b030f7"
        "e7176a13591131048086c349f9d18c88",
    ),
    ("CRSI", "Ann", "correct horse"): (
        LogIn("Ann", "correct horse"),
        "303030303034386fe88a56c27e03ca6e9ad912635bbced41b70791f93154e268a10cd84a5f2479"
        "1ebdebfbb3f546de499cfe2fb030f573",
    ),
}
REPLIES = {
    ("GKSC",): "303030303031364d91beea44b1de3b7cf03d4ce8f3fab9",
    ("RIPR", "7", "0.987654"): (
        "30303030303332287abb1fe8f7edf1d82fb22acaa70afb96c52140f1815bddfd7213e8ef2b6102"
    ),
    ("RIHL", "1"): "30303030303136d80dfd85d412b7d4662c094db3bb7297",
    ("RILF", ID, PNG, "7", "0.987654"): (
        279,
        "f9ce65833339e801d1adee499996470035bcc28406b98e096e542e9cac89f8b1",
    ),
    ("RIHE",): "3030303030313698505ba14ef81f92dde207cb5a0bb98a",
    ("CRSA",): "30303030303136e62639722755f3a0d6713aca03b28b13",
    ("CRSD",): "30303030303136dad432ee04c1ccfc526976deb199f339",
    ("CRLA", "Ann"): "303030303031366eb4a10206615a626ed0ab9091302168",
    ("CRFD",): "30303030303136df34906230151f98352fe05c6a1182c8",
    ("ERRR", "1"): "3030303030313664af25c62314dd8406269e7bbeaad923",
    ("ERRR", "2"): "30303030303136d0201c08f5c0525fb8d01f9b68ee7c10",
    ("ERRR", "3"): "3030303030313683bd16519529e9b2cf6b6bf6ba2421a7",
    ("ERRR", "4"): "30303030303136af958decc8f4429ef874fb75d6fbbd7c",
}
PUBLIC_KEY = (457, "57b0e5be05e7e26ce573ecede48a9265357b74656623281065093882898185e9")


def pinned(data, pin):
    if isinstance(pin, str):
        return data.hex() == pin
    return (len(data), hashlib.sha256(data).hexdigest()) == pin


@pytest.fixture
def hello(rsa_key):
    """The client's part of a handshake, with nothing left to chance."""
    blob = PKCS1_OAEP.new(rsa_key, randfunc=bytes).encrypt(KEY)
    assert len(blob) == 256
    return frame(blob) + frame(IV)


def test_the_handshake(server_key, hello):
    connection = Connection(server_key)
    assert pinned(connection.greet().data, PUBLIC_KEY)
    (ready,) = connection.receive(hello)
    assert isinstance(ready, Send)
    assert pinned(ready.data, REPLIES["GKSC",])


@pytest.mark.parametrize("words", REQUESTS)
def test_a_request(server_key, hello, words):
    meaning, pin = REQUESTS[words]
    sent = request(*words)
    assert pinned(sent, pin)
    connection = Connection(server_key)
    list(connection.receive(hello))
    assert list(connection.receive(sent)) == [meaning]


@pytest.mark.parametrize("words", REPLIES)
def test_a_reply(words):
    sent = encode_frame(Session(KEY, IV).encrypt(encode_message(Message.of(*words))))
    assert pinned(sent, REPLIES[words])


def test_every_request_is_sent_with_a_fresh_cipher(server_key, hello):
    connection = Connection(server_key)
    list(connection.receive(hello))
    twice = list(connection.receive(request("RIHD", "7") * 2))
    assert twice == [ListPictures(7), ListPictures(7)]
    assert connection.send(Message.of("RIHE")) == connection.send(Message.of("RIHE"))


@pytest.mark.parametrize("code", ["GKSC", "RIPR", "CRLA", "ripp", "XXXX", "\0\0\0\0"])
def test_an_unknown_code_is_a_general_error(server_key, hello, code):
    connection = Connection(server_key)
    list(connection.receive(hello))
    (event,) = connection.receive(request(code, "1"))
    assert isinstance(event, Invalid)
    assert event.code.value == 4


def test_a_whole_session(app, port, rsa_key, hello):
    """Every request, over a real connection; each byte of the answers is known."""
    blank = encode(draw(size=(50, 50)))
    with app.app_context():
        new = NewPicture(
            PNG,
            7,
            0.987654,
            None,
            None,
            "model",
            "import",
            UUID(ID),
            datetime(2020, 1, 2, tzinfo=UTC),
        )
        get_services().images.keep(None, new)
    with Peer(port, shake=False) as peer:
        peer.key, peer.iv = KEY, IV
        assert pinned(frame(peer.read_frame()), PUBLIC_KEY)
        peer.write(hello)
        assert frame(peer.read_frame()).hex() == REPLIES["GKSC",]
        for words, replies in (
            (("CRSI", "Ann", "correct horse"), [("CRFD",)]),
            (("CRSU", "Ann", "correct horse"), [("CRSA",)]),
            (("CRSU", "Ann", "correct horse"), [("CRSD",)]),
            (("CRSU", "Bob", "short"), [("ERRR", "3")]),
            (("CRSI", "ann", "correct horse"), [("CRLA", "Ann")]),
            (("RIPP", "text.png", b"only text"), [("ERRR", "1")]),
            (("RIPP", "large.png", bytes(3_000_001)), [("ERRR", "2")]),
            (("RIHD", "x"), [("ERRR", "3")]),
            (("NOPE",), [("ERRR", "4")]),
            (("RIHP",), [("RIHL", "1"), ("RILF", ID, PNG, "7", "0.987654"), ("RIHE",)]),
            (("RIHD", "7"), [("RIHL", "1"), ("RILF", ID, PNG, "7", "0.987654"), ("RIHE",)]),
        ):
            peer.send(*words)
            for reply in replies:
                assert pinned(frame(peer.read_frame()), REPLIES[reply]), words
        # Nothing comes unasked.
        assert peer.ask("RIPP", "blank.png", blank) == ("RIPR", b"0", b"0.100000")
