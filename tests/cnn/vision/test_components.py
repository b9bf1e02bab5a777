"""Connected components against a naive flood fill."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnn.vision.components import find_components

MASKS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))
SPIRAL = np.array(
    [
        [c == "#" for c in row]
        for row in ("#######", "......#", "#####.#", "#...#.#", "#.###.#", "#.....#", "#######")
    ]
)


def flood(mask: np.ndarray) -> list[set[tuple[int, int]]]:
    """Return the 8-connected components, pixel by pixel, in reading order of their first."""
    left = {(int(i), int(j)) for i, j in np.argwhere(mask)}
    parts = []
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        part, edge = {start}, [start]
        while edge:
            i, j = edge.pop()
            near = {(i + di, j + dj) for di in (-1, 0, 1) for dj in (-1, 0, 1)} & left
            left -= near
            part |= near
            edge += near
        parts.append(part)
    return parts


def whole(mask: np.ndarray) -> tuple[slice, slice]:
    height, width = mask.shape
    return slice(0, height), slice(0, width)


@given(MASKS)
@example(SPIRAL)
@example(SPIRAL.T[::-1])
@example(np.zeros((3, 3), bool))
@example(np.ones((3, 3), bool))
@example(np.eye(6, dtype=bool)[:, ::-1])
@example(np.indices((9, 9)).sum(axis=0) % 2 == 0)
def test_components_are_those_of_a_flood_fill(mask: np.ndarray) -> None:
    found = find_components(mask)
    parts = flood(mask)
    assert len(found) == len(parts)
    for index, part in enumerate(parts):
        rows, columns = zip(*part, strict=True)
        assert found.area[index] == len(part)
        assert found.boxes[index].tolist() == [
            min(columns),
            min(rows),
            max(columns) + 1,
            max(rows) + 1,
        ]
        drawn = found.draw(np.array([index]), *whole(mask))
        assert {(int(i), int(j)) for i, j in np.argwhere(drawn)} == part


@given(MASKS, st.data())
def test_chosen_components_are_drawn_together(mask: np.ndarray, data: st.DataObject) -> None:
    found = find_components(mask)
    chosen = data.draw(st.sets(st.sampled_from(range(max(len(found), 1)))))
    drawn = found.draw(np.array(sorted(chosen), int), *whole(mask))
    assert drawn.sum() == sum(found.area[index] for index in chosen if index < len(found))
    everything = found.draw(np.arange(len(found)), *whole(mask))
    assert np.array_equal(everything, mask)


@given(MASKS)
def test_a_component_is_drawn_in_its_own_box(mask: np.ndarray) -> None:
    found = find_components(mask)
    for index, (left, top, right, bottom) in enumerate(found.boxes.tolist()):
        alone = found.draw(np.array([index]), *whole(mask))
        cut_out = found.draw(np.array([index]), slice(top, bottom), slice(left, right))
        assert np.array_equal(cut_out, alone[top:bottom, left:right])


def test_noise_over_a_whole_picture_is_no_trouble() -> None:
    mask = np.random.default_rng(0).random((700, 700)) < 0.4
    assert find_components(mask).area.sum() == mask.sum()
