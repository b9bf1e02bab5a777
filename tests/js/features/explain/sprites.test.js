import assert from "node:assert/strict";
import { test } from "node:test";

import {
  liveliestFirst,
  placeInSprite,
  placeOfNumber,
  spanOf,
  valuesOf,
} from "../../../../static/js/features/explain/sprites.js";
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
  assert.deepEqual(spanOf({ kind: "picture", shape: [28, 28, 1] }, [0, 0.9]), { kind: "ink", limit: 1 });
  assert.deepEqual(spanOf({ kind: "ReLU", shape: [28, 28, 8] }, [0, 3]), { kind: "positive", limit: 3 });
  assert.deepEqual(spanOf({ kind: "Conv2D", shape: [28, 28, 8] }, [-4, 3]), { kind: "signed", limit: 4 });
});

test("each map of a colour picture is light of its own colour, and all together are light", () => {
  const colour = { kind: "photograph", shape: [32, 32, 3] };
  const kinds = [0, 1, 2, -1].map((map) => spanOf(colour, [0, 1], map).kind);
  assert.deepEqual(kinds, ["red", "green", "blue", "light"]);
  assert.deepEqual(spanOf({ kind: "photograph", shape: [9, 9, 1] }, [0, 0.3], 0), { kind: "light", limit: 1 });
});

test("the numbers of a long vector lie in rows", () => {
  assert.deepEqual(placeOfNumber({ columns: 1024, shape: [3000] }, 2050), { x: 2, y: 2, width: 1, height: 1 });
});
