import assert from "node:assert/strict";
import { test } from "node:test";

import { isVaried, orderOf } from "../../../../static/js/features/generate/wishes.js";

const WHAT = { picture: "data:4", first: "data:1", seed: 7 };

test("all ten digits are in the very hand of the picture", () => {
  const order = orderOf("hand", WHAT);
  assert.deepEqual(order, { like: "data:4", digits: "0123456789", style: "one", count: 10 });
  assert.ok(!isVaried("hand"));
});

test("more of the same, and another digit, are varied by the seed", () => {
  assert.deepEqual(orderOf("like", WHAT), { like: "data:4", count: 20, seed: 7 });
  assert.deepEqual(orderOf("9", WHAT), { like: "data:4", digits: "9", count: 10, seed: 7 });
  assert.ok(isVaried("like") && isVaried("9"));
});

test("the way leads from the first picture to the one on the paper", () => {
  assert.deepEqual(orderOf("way", WHAT), { like: "data:1", to: "data:4", count: 20 });
  assert.deepEqual(orderOf("way", { ...WHAT, first: null }).like, "data:4");
  assert.ok(!isVaried("way"));
});
