"""Whatever JSON comes, the answer is words that say what is wrong, and never a 500."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROUTES = ["/predict", "/explain", "/explain/apply"]
PICTURE = '"picture": [[0, 1], [1, 0]]'


def nested(depth, kind="[]"):
    opening, closing = ("[", "]") if kind == "[]" else ('{"a":', "}")
    return opening * depth + "1" + closing * depth


BODIES = {
    **{f"{depth} lists": nested(depth) for depth in (63, 300, 700, 850, 1000, 100_000)},
    "1,000 objects": nested(1000, "{}"),
    "100,000 open lists": "[" * 100_000,
    "a deep operation": f'{{{PICTURE}, "operation": {nested(850)}}}',
    "a deep picture": f'{{"operation": "max", "picture": {nested(850)}}}',
    "a deep image": f'{{"image": {nested(850)}}}',
    "deep pixels": f'{{"pixels": [{",".join([nested(850)] * 784)}]}}',
    "an endless number": "1" * 100_000,
    "a large number as pixel": f'{{"pixels": [{",".join(["1" * 4000] * 784)}]}}',
    "a large number as size": f'{{{PICTURE}, "operation": "max", "size": {"9" * 4000}}}',
    "a large number as bias": (
        f'{{{PICTURE}, "operation": "convolution", "kernel": [[1]], "bias": {"9" * 4000}}}'
    ),
    "no number": f'{{"pixels": [{",".join(["NaN"] * 784)}]}}',
    "infinity": '{"operation": "relu", "picture": [[Infinity, -Infinity]]}',
    "beyond float32": '{"operation": "relu", "picture": [[1e300]]}',
    "half a character": '{"operation": "\\ud800", "picture": [["\\udfff"]]}',
    "half a character as image": '{"image": "data:image/png;base64,\\ud800"}',
    "twice the same name": '{"pixels": [1], "pixels": {"image": 2}}',
    "nothing": "",
    "null": "null",
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", BODIES)
def test_odd_json_is_refused_with_words(client, route, name):
    check(client, route, BODIES[name].encode())


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "utf-16-be"])
def test_json_in_other_encodings_is_read_or_refused(client, route, encoding):
    check(client, route, '{"operation": "é", "image": 1}'.encode(encoding))
    check(client, route, '{"operation"'.encode(encoding)[:-1])


def check(client, route, body):
    response = client.post(route, data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.get_json()["detail"]


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=3))
ANYTHING = st.recursive(
    NUMBERS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "operation": st.sampled_from(["convolution", "max", "average", "min", "relu", "tanh"])
        | ANYTHING,
        "picture": st.lists(st.lists(NUMBERS, max_size=4), max_size=4) | ANYTHING,
        "kernel": st.lists(st.lists(NUMBERS, max_size=4), max_size=4) | ANYTHING,
        "size": st.integers(0, 8) | NUMBERS,
        "stride": st.integers(0, 8) | NUMBERS,
        "padding": st.integers(0, 8) | NUMBERS,
        "bias": NUMBERS,
        "pixels": st.lists(NUMBERS, max_size=4) | st.lists(NUMBERS).map(lambda a: (a * 784)[:784]),
        "image": ANYTHING,
    },
)


@given(route=st.sampled_from(ROUTES), content=OPERATIONS | ANYTHING)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_answered(client, route, content):
    response = client.post(route, data=json.dumps(content), content_type="application/json")
    assert response.status_code in (200, 400)
