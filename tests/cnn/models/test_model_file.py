"""Model files: they come back as they were, and nothing else is ever loaded."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cnn
from cnn.errors import ModelFileError
from cnn.explanation.blocks import in_row
from cnn.layers import (
    LAYERS,
    Add,
    BatchNorm,
    Concatenate,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    LeakyReLU,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
)
from cnn.models.container import write_container
from cnn.models.graph import Graph, Nodes
from cnn.models.model import Model, Rejector
from cnn.models.model_file import DIGIT_MODEL
from cnn.models.network import Network
from cnn.models.novelty import NoveltyDetector
from cnn.models.sequential import Sequential

Header = dict[str, Any]


def model() -> Model:
    layers = [
        Conv2D(2, (3, 2), stride=2, padding="same"),
        BatchNorm(momentum=0.7),
        LeakyReLU(slope=0.2),
        Flatten(),
        Dense(3, initialiser="xavier"),
        Softmax(temperature=1.3),
    ]
    rejector = Sequential([Flatten(), Dense(1), Sigmoid()], input_shape=(2, 5, 4), seed=2)
    draw = np.random.default_rng(3).random
    mean, scale, whitening = (draw(n, np.float32) + 1 for n in (4, 4, (4, 4)))
    return Model(
        Sequential(layers, input_shape=(2, 5, 4), seed=1),
        rejector=Rejector(rejector, -0.25),
        novelty=NoveltyDetector(2, 3.5, mean, scale, whitening),
        classes=("cat", "dög", "cow"),
        metadata={"name": "näme", "accuracy": 0.5},
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("model") / "model.dnm"
    cnn.save_model(model(), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where tests of many examples put their files, one over the other."""
    return tmp_path_factory.mktemp("damaged") / "model.dnm"


def rewritten(raw: bytes, change: Callable[[Header], None], data: bytes | None = None) -> bytes:
    """Return a file with another header and a checksum that is right."""
    length = int.from_bytes(raw[40:44], "little")
    header = json.loads(raw[44 : 44 + length])
    change(header)
    text = json.dumps(header).encode()
    body = len(text).to_bytes(4, "little") + text
    body += raw[44 + length :] if data is None else data
    return raw[:8] + hashlib.sha256(body).digest() + body


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    before = model()
    cnn.save_model(before, tmp_path / "model.dnm")
    after = cnn.load_model(str(tmp_path / "model.dnm"))
    x = np.random.default_rng(0).random((3, 2, 5, 4)).astype(np.float32)
    assert np.array_equal(before.predict(x), after.predict(x))
    assert after.summary() == before.summary()
    assert after.rejector is not None
    assert before.rejector is not None
    assert after.rejector.threshold == -0.25
    assert np.array_equal(after.rejector.network.predict(x), before.rejector.network.predict(x))
    assert after.novelty is not None
    assert before.novelty is not None
    assert after.novelty.threshold == 3.5
    np.testing.assert_array_equal(
        after.novelty.distance(after.network, x), before.novelty.distance(before.network, x)
    )
    for name in ("metadata", "classes", "normalisation", "name", "input_shape"):
        assert getattr(after, name) == getattr(before, name)
    after.network.make_writeable()
    in_row(after.network).layers[0].params["bias"][:] = 1  # the arrays are its own


def graph() -> Model:
    nodes: Nodes = {
        "encode": (Conv2D(3, 3, padding=1), "input"),
        "down": (MaxPool2D(2), "encode"),
        "up": (ConvTranspose2D(3, 2, stride=2), "down"),
        "sum": (Add(), ("up", "encode")),
        "join": (Concatenate(), ("sum", "input")),
        "scores": (Conv2D(4, 1), "join"),
        "answers": (Softmax(), "scores"),
    }
    return Model(Graph(nodes, input_shape=(2, 6, 4), seed=3), classes=("sky", "sea", "land", "ice"))


def test_half_the_precision_takes_half_the_room(tmp_path: Path) -> None:
    whole = Model(cnn.zoo.vgg_like())
    cnn.save_model(whole, tmp_path / "whole.dnm")
    cnn.save_model(whole, tmp_path / "half.dnm", half=True)
    sizes = [(tmp_path / name).stat().st_size for name in ("whole.dnm", "half.dnm")]
    assert sizes[1] < 0.52 * sizes[0]
    read = cnn.load_model(tmp_path / "half.dnm").network.state_dict()
    for name, array in whole.network.state_dict().items():
        assert read[name].dtype == np.float32
        np.testing.assert_allclose(read[name], array, rtol=1e-3, atol=1e-6)
    name, array = next(iter(whole.network.state_dict().items()))
    whole.network.load_state_dict({**whole.network.state_dict(), name: array + 1e6})
    with pytest.raises(ValueError, match="too large for half the precision"):
        cnn.save_model(whole, tmp_path / "large.dnm", half=True)


def test_a_graph_that_answers_for_every_pixel_comes_back_as_it_was(tmp_path: Path) -> None:
    before = graph()
    cnn.save_model(before, tmp_path / "model.dnm")
    after = cnn.load_model(tmp_path / "model.dnm")
    x = np.random.default_rng(0).random((3, 2, 6, 4)).astype(np.float32)
    assert before.predict(x).shape == (3, 4, 6, 4)
    assert np.array_equal(before.predict(x), after.predict(x))
    assert after.summary() == before.summary()
    assert (after.normalisation, after.classes) == ("picture", before.classes)


@pytest.mark.parametrize(
    "node",
    [
        ["sum", "Exploit", {}, ["up", "encode"]],
        ["sum", "Merge", {}, ["up", "encode"]],
        ["sum", "Add", {"weight": 1}, ["up", "encode"]],
        ["sum", "Add", {}, ["up"]],
        ["sum", "Add", {}, ["up", "scores"]],
        ["sum", "Add", {}, ["up", "down"]],
        ["sum", "Add", {}, 7],
        ["sum", "Add", {}, [["up"], "encode"]],
        ["up", "Add", {}, ["up", "encode"]],
        ["network/sum", "Add", {}, ["up", "encode"]],
        [["sum"], "Add", {}, ["up", "encode"]],
        [3, "Add", {}, ["up", "encode"]],
        ["sum", "Add", {}],
        "sum",
    ],
)
def test_a_file_of_a_graph_that_cannot_be_is_refused(node: object, tmp_path: Path) -> None:
    path = tmp_path / "model.dnm"
    cnn.save_model(graph(), path)

    def change(header: Header) -> None:
        header["contents"]["network"]["nodes"][3] = node

    path.write_bytes(rewritten(path.read_bytes(), change))
    with pytest.raises(ModelFileError, match=r"model\.dnm"):
        cnn.load_model(path)


def test_a_network_of_another_kind_is_not_saved(tmp_path: Path) -> None:
    class Odd(Network):
        """Joins its layers in a way that no file knows."""

        last = Softmax()
        output_shape = (3,)
        named_layers = _forward = _backward = _predict_compiled = None  # type: ignore[assignment]
        pair_caches = _discard_plan = _nodes = None  # type: ignore[assignment]

    odd = Odd(input_shape=(2,), dtype=np.float32)
    with pytest.raises(ValueError, match="Odd cannot be described"):
        cnn.save_model(odd, tmp_path / "model.dnm")


def test_the_same_model_gives_the_same_bytes_and_no_other_file_is_left(
    tmp_path: Path, stored: bytes
) -> None:
    cnn.save_model(model(), tmp_path / "again.dnm")
    assert (tmp_path / "again.dnm").read_bytes() == stored
    assert [path.name for path in tmp_path.iterdir()] == ["again.dnm"]


@given(data=st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject, stored: bytes, place: Path) -> None:
    raw = bytearray(stored)
    # The header is but a part of the file: half of the examples fall into it.
    end = data.draw(st.sampled_from([44 + int.from_bytes(raw[40:44], "little"), len(raw)]))
    raw[data.draw(st.integers(0, end - 1))] ^= data.draw(st.integers(1, 255))
    place.write_bytes(raw)
    with pytest.raises(ModelFileError):
        cnn.load_model(place)


@given(data=st.data())
def test_a_file_too_short_or_too_long_is_noticed(
    data: st.DataObject, stored: bytes, place: Path
) -> None:
    cut = stored[: data.draw(st.integers(0, len(stored) - 1))]
    place.write_bytes(data.draw(st.sampled_from([cut, stored + cut + b"\0"])))
    with pytest.raises(ModelFileError):
        cnn.load_model(place)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(place: Path, raw: bytes) -> None:
    for content in (raw, b"DIGITNET" + raw):
        place.write_bytes(content)
        with pytest.raises(ModelFileError):
            cnn.load_model(place)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@example(key="classes", value={"cat": 1, "dög": 2, "cow": 3})
@given(
    key=st.sampled_from(["kind", "version", "arrays", "contents"])
    | st.sampled_from(["network", "normalisation", "classes"])
    | st.sampled_from(["layers", "input_shape"]),
    value=JSON.filter(lambda value: value != 1),  # the version that is right
)
def test_a_header_that_makes_no_sense_is_refused(
    key: str, value: object, stored: bytes, place: Path
) -> None:
    def change(header: Header) -> None:
        contents = header["contents"]
        places = (header, contents, contents["network"])
        next(place for place in places if key in place)[key] = value

    place.write_bytes(rewritten(stored, change))
    with pytest.raises(ModelFileError):
        cnn.load_model(place)


def layers(*values: object) -> Callable[[Header], None]:
    return lambda header: header["contents"]["network"].update(layers=list(values))


@pytest.mark.parametrize(
    "change",
    [
        layers(["Exploit", {}]),
        layers(["Layer", {}]),
        layers(["Dense", {"units": 3, "colour": "red"}]),
        layers(["Dense", {"units": -1}]),
        layers(["Dense", {"units": 10**30}]),
        layers(["Flatten", {}], ["Dense", {"units": 3, "initialiser": "ones"}]),
        layers(["Flatten", {}], ["Dense", {"units": 4}]),
        layers(["Flatten", {}], ["Dense", {"units": 10**30}]),
        layers(["Dropout", {"rate": "much"}]),
        layers(["BatchNorm", {}, "more"]),
        lambda header: header["contents"]["network"].update(input_shape=[2, 5, 10**30]),
        lambda header: header["contents"]["network"].update(input_shape=[2, 0, 4]),
        lambda header: header["contents"].update(metadata=7),
        lambda header: header["contents"].update(metadata=[]),
        lambda header: header["contents"].pop("metadata"),
        lambda header: header["contents"].update(colour="red"),
        lambda header: header["contents"].update(classes=["cat", "dog"]),
        lambda header: header["contents"].update(classes=["cat", "dog", "dog"]),
        lambda header: header["contents"].update(classes=["cat", "dog", 3]),
        lambda header: header["contents"].update(normalisation="digits"),
        lambda header: header["contents"].update(normalisation="music"),
        lambda header: header["contents"].update(rejector=None),
        lambda header: header["contents"]["rejector"].update(threshold=None),
        lambda header: header["contents"]["rejector"].update(threshold="nan"),
        lambda header: header["contents"]["rejector"].update(input_shape=[20]),
        lambda header: header["contents"].update(novelty=None),
        lambda header: header["contents"]["novelty"].update(threshold=float("inf")),
        lambda header: header["contents"]["novelty"].update(threshold=-1),
        lambda header: header["contents"]["novelty"].update(depth=1.5),
        lambda header: header["contents"]["novelty"].update(depth=4),
        lambda header: header["contents"]["novelty"].pop("depth"),
        lambda header: header.update(arrays=[["network/0.weight", "object", [1]]]),
        lambda header: header.update(arrays=[["network/0.weight", "float32", [-1]]]),
        lambda header: header.update(arrays=[["network/0.weight", "float32", [10**30]]]),
        lambda header: header["arrays"].pop(),
        lambda header: header["arrays"][0].__setitem__(0, "network/0.other"),
        lambda header: header["arrays"][0].__setitem__(2, [2, 3, 2, 2]),
        lambda header: header.update(version=99),
    ],
)
def test_a_well_made_file_of_a_model_that_cannot_be_is_refused(
    change: Callable[[Header], None], stored: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "model.dnm"
    path.write_bytes(rewritten(stored, change))
    with pytest.raises(ModelFileError, match=r"model\.dnm"):
        cnn.load_model(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_parameters_that_are_no_numbers_are_refused(
    tmp_path: Path, stored: bytes, value: float
) -> None:
    path = tmp_path / "model.dnm"
    numbers = stored[44 + int.from_bytes(stored[40:44], "little") : -4]
    last = np.float32(value).tobytes()
    path.write_bytes(rewritten(stored, lambda header: None, numbers + last))
    with pytest.raises(ModelFileError, match="not a finite number"):
        cnn.load_model(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_parameters_that_are_no_numbers_are_not_saved(tmp_path: Path, value: float) -> None:
    damaged = model()
    in_row(damaged.network).layers[4].params["bias"][1] = value
    with pytest.raises(ValueError, match=r"not finite numbers: 4\.bias"):
        cnn.save_model(damaged, tmp_path / "model.dnm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["Doubled", "ReLU"])
def test_a_type_that_no_file_can_name_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # Under the name of its base, it would come back as that.
    kind = type(name, (ReLU,), {})
    network = Sequential([kind(), Flatten(), Dense(2), Softmax()], input_shape=(1, 4, 4))
    with pytest.raises(ValueError, match=rf"{name} to cnn\.layers\.LAYERS"):
        cnn.save_model(network, tmp_path / "model.dnm")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setitem(LAYERS, name, kind)
    cnn.save_model(network, tmp_path / "model.dnm")
    loaded = in_row(cnn.load_model(tmp_path / "model.dnm").network)
    assert type(loaded.layers[0]) is kind


def test_the_wrong_kind_is_named(tmp_path: Path) -> None:
    write_container(tmp_path / "run", kind="checkpoint", contents={}, arrays={})
    with pytest.raises(ModelFileError, match="it is a checkpoint of version 1"):
        cnn.load_model(tmp_path / "run")


def test_a_pickle_is_refused_and_not_executed(tmp_path: Path) -> None:
    class Exploit:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            return Path.write_text, (tmp_path / "executed", "!")

    for content in (pickle.dumps(Exploit()), b"DIGITNET" + pickle.dumps(Exploit())):
        (tmp_path / "model.dnm").write_bytes(content)
        with pytest.raises(ModelFileError, match="is not a model file"):
            cnn.load_model(tmp_path / "model.dnm")
    assert not (tmp_path / "executed").exists()


def test_a_missing_file_and_a_folder_are_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none.dnm", tmp_path):
        with pytest.raises(ModelFileError, match="cannot read") as caught:
            cnn.load_model(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_the_model_that_ships_is_small_and_reads_real_digits(
    sheet: tuple[np.ndarray, np.ndarray],
) -> None:
    images, labels = sheet
    shipped = cnn.load_model()
    answers = shipped.predict(images[:, None] / np.float32(255))
    assert DIGIT_MODEL.stat().st_size <= 2_500_000
    assert answers.shape == (40, 10)
    assert np.count_nonzero(answers.argmax(axis=1) == labels) >= 39
