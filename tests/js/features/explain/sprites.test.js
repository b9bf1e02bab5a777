import assert from "node:assert/strict";
import { test } from "node:test";

import { liveliestFirst, placeInSprite, spanOf, valuesOf } from "../../../../static/js/features/explain/sprites.js";
import { matrix } from "../../../../static/js/widgets/matrix.js";

// Three maps of 1 × 2 in rows of two; the last place is empty.
const SPRITE = {
  levels: matrix(2, 4, [0, 0, 0, 255, 51, 102, 0, 0]),
  columns: 2,
  range: [-1, 4],
  shape: [1, 2, 3],
};

test("grey levels stand for the numbers of a range", () => {
  const rounded = valuesOf(SPRITE).values.map((value) => Math.round(value * 1e6) / 1e6);
  assert.deepEqual(rounded, [-1, -1, -1, 4, 0, 1, -1, -1]);
});

test("maps lie in rows, and single numbers side by side", () => {
  assert.deepEqual(placeInSprite(SPRITE, 2), { x: 0, y: 1, width: 2, height: 1 });
  assert.deepEqual(placeInSprite({ columns: 5, shape: [5] }, 3), { x: 15, y: 0, width: 5, height: 1 });
});

test("the liveliest map comes first", () => {
  assert.deepEqual(liveliestFirst(SPRITE), [1, 2, 0]);
});

test("all maps of a layer have one scale, and the picture is ink", () => {
  assert.deepEqual(spanOf(0, [0, 0.9]), { kind: "ink", limit: 1 });
  assert.deepEqual(spanOf(2, [0, 3]), { kind: "positive", limit: 3 });
  assert.deepEqual(spanOf(1, [-4, 3]), { kind: "signed", limit: 4 });
});
