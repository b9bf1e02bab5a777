"""IDX files: what is written is read again, and damage is a DataError and nothing else."""

from __future__ import annotations

import gzip
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnn.data import decode_idx, encode_idx, encode_idx_header, read_idx, write_idx
from cnn.data.idx import read_unpacked
from cnn.errors import DataError

SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
BYTE_ARRAYS = arrays.arrays(np.uint8, SHAPES)
EXAMPLE = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@pytest.mark.parametrize("name", ["a.idx3-ubyte", "a-idx3-ubyte.gz"])
def test_a_written_file_is_read_again(tmp_path: Path, name: str) -> None:
    write_idx(tmp_path / name, EXAMPLE)
    read = read_idx(str(tmp_path / name))
    assert np.array_equal(read, EXAMPLE)
    assert read.dtype == np.uint8
    read[0] = 0  # the array is the caller's own


def test_the_bytes_are_those_of_the_format() -> None:
    target = io.BytesIO()
    write_idx(target, EXAMPLE)
    assert target.getvalue() == b"\0\0\x08\x03" + struct.pack(">3I", 2, 3, 4) + bytes(range(24))


def test_gzip_is_recognised_by_its_bytes_and_is_the_same_each_time(tmp_path: Path) -> None:
    write_idx(tmp_path / "a.gz", EXAMPLE)
    write_idx(tmp_path / "b.gz", EXAMPLE)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    (tmp_path / "a.gz").rename(tmp_path / "plain-name")
    assert np.array_equal(read_idx(tmp_path / "plain-name"), EXAMPLE)


@given(BYTE_ARRAYS)
def test_any_array_of_bytes_survives(array: np.ndarray) -> None:
    assert np.array_equal(decode_idx(encode_idx(array)), array)


def test_a_header_by_itself_is_what_a_file_begins_with() -> None:
    assert encode_idx(EXAMPLE) == encode_idx_header(EXAMPLE.shape) + EXAMPLE.tobytes()
    # MNIST's own, of 60,000 pictures: nothing has to be in memory for it.
    assert encode_idx_header((60_000, 28, 28)) == struct.pack(">4I", 0x0803, 60_000, 28, 28)
    for shape in ((), (1,) * 9, (1 << 17, 1 << 16)):
        with pytest.raises(ValueError, match="expected 1 to 8 axes"):
            encode_idx_header(shape)


@pytest.mark.parametrize("array", [np.zeros(3), np.uint8(1).reshape(()), np.zeros((1,) * 9, "u1")])
def test_other_arrays_are_not_written(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected (a uint8 array|1 to 8 axes)"):
        encode_idx(array)


@given(array=BYTE_ARRAYS, cut=st.integers(1, 40))
def test_missing_bytes_are_noticed(array: np.ndarray, cut: int) -> None:
    data = encode_idx(array)
    with pytest.raises(DataError):
        decode_idx(data[: max(0, len(data) - cut)])


@given(array=BYTE_ARRAYS, more=st.binary(min_size=1))
def test_trailing_bytes_are_noticed(array: np.ndarray, more: bytes) -> None:
    with pytest.raises(DataError, match=f"but {array.size + len(more)} follow"):
        decode_idx(encode_idx(array) + more)


def decoded_or_refused(data: bytes) -> None:
    try:
        array = decode_idx(data)
    except DataError:
        return
    assert encode_idx(array) == data


@given(st.binary(max_size=64))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    decoded_or_refused(data)


@given(axes=st.integers(0, 255), rest=st.binary(max_size=80))
def test_any_header_is_decoded_or_refused(axes: int, rest: bytes) -> None:
    decoded_or_refused(b"\0\0\x08" + bytes([axes]) + rest)


@given(array=BYTE_ARRAYS, position=st.integers(0, 19), value=st.integers(0, 255))
def test_any_changed_byte_is_decoded_or_refused(
    array: np.ndarray, position: int, value: int
) -> None:
    data = bytearray(encode_idx(array))
    data[position % len(data)] = value
    decoded_or_refused(bytes(data))


@given(data=st.data())
def test_any_damage_to_a_gzip_file_is_noticed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packed = bytearray(gzip.compress(encode_idx(EXAMPLE), mtime=0))
    kind = data.draw(st.sampled_from(["cut", "flip", "append"]))
    # Bytes 3 to 9 of the header are flags, a date and the system: some say nothing of the data.
    position = data.draw(st.integers(10, len(packed) - 1))
    if kind == "cut":
        del packed[position:]
    elif kind == "append":
        packed += data.draw(st.binary(min_size=1).filter(lambda more: more.strip(b"\0")))
    else:
        packed[position] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.gz"
    path.write_bytes(packed)
    try:
        array = read_idx(path)
    except DataError:
        return
    # A flip in Deflate's padding bits changes nothing, and the checksum says so.
    assert kind == "flip"
    assert np.array_equal(array, EXAMPLE)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an IDX file"),
        (b"\x89PNG\r\n", "not an IDX file: it begins with '89504e47'"),
        (b"\0\0\x0d\x01" + bytes(8), "elements of type 0x0d"),
        (b"\0\0\x08\x00", "header of 0 axes"),
        (b"\0\0\x08\x02" + bytes(4), "header of 2 axes in 8 bytes"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "too large"),
        (b"\0\0\x08\x04" + bytes(4) + b"\xff" * 12, "too large"),
        (b"\0\0\x08\x01\0\0\0\x05abc", r"the shape \(5,\), 5 bytes, but 3 follow"),
    ],
)
def test_the_message_says_what_is_wrong(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "some-idx1-ubyte"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path)
    assert "some-idx1-ubyte" in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(DataError, match="cannot read"):
            read_idx(path)


def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(10_000_000)))
    with pytest.raises(DataError, match="more than 2,000,000 bytes"):
        read_unpacked(path, limit=2_000_000)
