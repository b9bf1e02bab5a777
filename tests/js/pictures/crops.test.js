import assert from "node:assert/strict";
import { test } from "node:test";

import { areasAround } from "../../../static/js/pictures/crops.js";

const SIZE = { width: 300, height: 200 };

test("a digit is cut out with some paper around it, and never beyond the picture", () => {
  assert.deepEqual(areasAround([[100, 60, 40, 100]], SIZE), [{ left: 70, top: 30, right: 170, bottom: 190 }]);
  assert.deepEqual(areasAround([[0, 0, 300, 200]], SIZE), [{ left: 0, top: 0, right: 300, bottom: 200 }]);
});

test("a neighbour is not cut out with it", () => {
  const [first, second] = areasAround([[50, 50, 40, 80], [100, 50, 40, 80]], SIZE);
  assert.deepEqual([first.right, second.left], [95, 95]);
  const [upper, lower] = areasAround([[50, 10, 40, 60], [50, 80, 40, 60]], SIZE);
  assert.deepEqual([upper.bottom, lower.top], [75, 75]);
});

test("what overlaps is cut out at its own box on that side, and what is elsewhere changes nothing", () => {
  const [first] = areasAround([[50, 50, 40, 80], [91, 60, 40, 80]], SIZE);
  assert.ok(first.right - 90 <= 1);
  const [alone] = areasAround([[10, 10, 20, 40], [200, 140, 20, 40]], SIZE);
  assert.deepEqual(alone, { left: 0, top: 0, right: 42, bottom: 62 });
});
