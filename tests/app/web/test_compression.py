"""Pages and JSON are packed for those who take it."""

import gzip
import json

GZIP = {"Accept-Encoding": "gzip"}


def test_a_page_is_packed_for_those_who_take_it(client):
    whole, packed = client.get("/"), client.get("/", headers=GZIP)
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == whole.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(whole.data) / 2
    assert "Accept-Encoding" in whole.vary
    assert "Accept-Encoding" in packed.vary


def test_an_explanation_is_packed(client, seven):
    answer = client.post("/explain", data=seven, content_type="image/png", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["digit"] == 7


def test_what_is_short_or_not_wanted_is_sent_as_it_is(client):
    assert "Content-Encoding" not in client.get("/status", headers=GZIP).headers
    refused = {"Accept-Encoding": "gzip;q=0, br"}
    assert "Content-Encoding" not in client.get("/", headers=refused).headers
