"""Input that no well-meaning client sends."""

import os

from Crypto.Cipher import PKCS1_OAEP

from tests.app.native.peer import IV, KEY, encrypt, frame, message

#: How many malformed inputs to try; DIGITNET_FUZZ=1000000 is the long run, which takes
#: about half an hour, and lets 200 clients in place of 40 work at once.
FUZZ = int(os.environ.get("DIGITNET_FUZZ", "20000"))
LONG = FUZZ >= 1_000_000

DAMAGED = {
    "an empty payload": b"",
    "no whole block": b"0" * 15,
    "a block too short": encrypt(message("RIHP"))[:-1],
    "random blocks": bytes(range(64)),
    "a changed last byte": encrypt(message("RIHP"))[:-1] + b"\0",
    "no base64": encrypt(b"!!!!"),
    "base64 with spaces": encrypt(b"UklI UA=="),
    "base64 without its padding": encrypt(b"UklIUA"),
    "base64 with something after its padding": encrypt(b"UklIUA==UklIUA=="),
    "nothing": encrypt(b""),
    "only separators": encrypt(b"~~"),
    "a code of three letters": encrypt(message("RIH")),
    "a code of five letters": encrypt(message("RIHPP")),
    "a code that is not ASCII": encrypt(message("RIHé")),
    "a damaged field": encrypt(message("RIHD") + b"~7"),
    **{
        f"{kind} behind more fields than any message has": encrypt(message("RIHD") + b"~" * 9 + bad)
        for kind, bad in {
            "a letter": b"A",
            "two letters": b"AA",
            "padding": b"=",
            "a field": b"AAAA=",
            "a long padding": b"AA===",
            "letters behind padding": b"AA==AAAA",
            "a space": b" AAA",
            "a damaged field": b"AAAA~AAAAA~AAAA",
        }.items()
    },
}


def handshakes(rsa_key):
    blob = PKCS1_OAEP.new(rsa_key).encrypt
    good = blob(KEY)
    return {
        "HTTP": b"GET / HTTP/1.1\r\n\r\n",
        "a sign": b"+000256" + good,
        "spaces": b"    256" + good,
        "an underscore": b"0_00256" + good,
        "an empty key": frame(b""),
        "a short key": frame(good[:-1]),
        "a long key": frame(good + b"0"),
        "zeros": frame(bytes(256)),
        "a number beyond the modulus": frame(b"\xff" * 256),
        "no key of 32 bytes": frame(blob(KEY[:16])),
        "a long session key": frame(blob(KEY + b"0")),
        "an empty session key": frame(blob(b"")),
        "an empty IV": frame(good) + frame(b""),
        "a short IV": frame(good) + frame(IV[:-1]),
        "a long IV": frame(good) + frame(IV * 2),
        "4,097 bytes": b"0004097",
        "the largest length": b"9999999",
        "an IV of 4,097 bytes": frame(good) + b"0004097",
    }
