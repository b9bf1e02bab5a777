import assert from "node:assert/strict";
import { test } from "node:test";

import { indexForKey, placeForKey, placeForPointer } from "../../../static/js/widgets/grid-keys.js";

// Eight in rows of three: 0 1 2 / 3 4 5 / 6 7.
for (const [key, from, to] of [
  ["ArrowRight", 2, 3],
  ["ArrowLeft", 3, 2],
  ["ArrowLeft", 0, 0],
  ["ArrowRight", 7, 7],
  ["ArrowDown", 1, 4],
  ["ArrowDown", 5, 5],
  ["ArrowUp", 4, 1],
  ["ArrowUp", 1, 1],
  ["Home", 5, 0],
  ["End", 0, 7],
  ["ArrowDown", -1, 0],
  ["Tab", 4, undefined],
]) {
  test(`${key} leads from ${from} to ${to}`, () => {
    assert.equal(indexForKey(key, from, 8, 3), to);
  });
}

const SIZE = { rows: 4, columns: 3 };

for (const [key, from, to] of [
  ["ArrowRight", [1, 1], [1, 2]],
  ["ArrowRight", [1, 2], [1, 2]],
  ["ArrowLeft", [1, 0], [1, 0]],
  ["ArrowUp", [0, 1], [0, 1]],
  ["ArrowDown", [2, 1], [3, 1]],
  ["ArrowDown", [3, 1], [3, 1]],
  ["Home", [2, 2], [2, 0]],
  ["End", [2, 0], [2, 2]],
  ["a", [2, 0], undefined],
]) {
  test(`in a map ${key} leads from ${from} to ${to}`, () => {
    assert.deepEqual(placeForKey({ key }, from, SIZE), to);
  });
}

test("with Ctrl, Home and End lead to the ends of the map, and arrows are the browser's", () => {
  assert.deepEqual(placeForKey({ key: "Home", ctrlKey: true }, [2, 2], SIZE), [0, 0]);
  assert.deepEqual(placeForKey({ key: "End", ctrlKey: true }, [1, 1], SIZE), [3, 2]);
  assert.equal(placeForKey({ key: "ArrowUp", ctrlKey: true }, [1, 1], SIZE), undefined);
});

test("a pointer is on a cell, and beyond the edge on the nearest", () => {
  const rect = { left: 10, top: 20, width: 30, height: 40 };
  assert.deepEqual(placeForPointer({ clientX: 25, clientY: 49 }, rect, SIZE), [2, 1]);
  assert.deepEqual(placeForPointer({ clientX: 10, clientY: 20 }, rect, SIZE), [0, 0]);
  assert.deepEqual(placeForPointer({ clientX: 99, clientY: 0 }, rect, SIZE), [0, 2]);
});
