import assert from "node:assert/strict";
import { test } from "node:test";

import { changeTowards, thickestPart } from "../../../../static/js/features/explain/evidence.js";
import { mapWith } from "./maps.js";

for (const [row, column, part] of [
  [5, 5, 0],
  [14, 14, 4],
  [14, 24, 5],
  [24, 14, 7],
]) {
  test(`row ${row}, column ${column} is in part ${part}`, () => {
    assert.equal(thickestPart(mapWith([row, column, 1])), part);
  });
}

test("nothing above zero lies nowhere", () => {
  assert.equal(thickestPart(mapWith([5, 5, -1])), null);
});

test("ink is only wished for where there is none, and only taken where there is some", () => {
  const pixels = mapWith([5, 5, 1], [24, 24, 1]);
  const runnerUp = mapWith([5, 5, 1], [14, 14, 1], [24, 24, -1], [5, 24, -1]);
  const change = changeTowards(pixels, new Float32Array(784), runnerUp);
  assert.ok(Math.abs(change[5 * 28 + 5]) === 0);
  assert.ok(change[14 * 28 + 14] > 0);
  assert.ok(change[24 * 28 + 24] < 0);
  assert.ok(Math.abs(change[5 * 28 + 24]) === 0);
});
