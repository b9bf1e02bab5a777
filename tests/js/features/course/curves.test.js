import assert from "node:assert/strict";
import { test } from "node:test";

import { across, lowest, pathOf, upwards } from "../../../../static/js/features/course/curves.js";
import { RUNS } from "../../../../static/js/features/course/recorded-runs.js";

const FRAME = { left: 10, right: 110, top: 5, bottom: 55 };
const RANGE = { low: 0, high: 2 };

test("epochs go from the left to the right, numbers from the bottom to the top", () => {
  assert.deepEqual([0, 2, 4].map((epoch) => across(epoch, 5, FRAME)), [10, 60, 110]);
  assert.deepEqual([0, 1, 2].map((value) => upwards(value, RANGE, FRAME)), [55, 30, 5]);
});

test("what is beyond the range stays on the edge of the chart", () => {
  assert.equal(upwards(7, RANGE, FRAME), 5);
  assert.equal(upwards(-1, RANGE, FRAME), 55);
});

test("a line goes through every number", () => {
  assert.equal(pathOf([0, 2, 1], RANGE, FRAME), "M10.0 55.0L60.0 5.0L110.0 30.0");
});

test("one stops early where the loss is lowest", () => {
  assert.equal(lowest([0.7, 0.5, 0.6, 0.5]), 1);
});

test("the recorded runs are whole, and show what the course says of them", () => {
  const { plain, augmented } = RUNS;
  for (const run of [plain, augmented]) {
    const lengths = Object.values(run).map((values) => values.length);
    assert.deepEqual(new Set(lengths), new Set([plain.loss.length]));
  }
  // Learned by heart: all training pictures right, and the others' loss long past its lowest.
  assert.ok(plain.accuracy.at(-1) > 0.99);
  assert.ok(lowest(plain.val_loss) < plain.loss.length / 4);
  assert.ok(plain.val_loss.at(-1) > 1.5 * Math.min(...plain.val_loss));
  assert.ok(augmented.val_accuracy.at(-1) - plain.val_accuracy.at(-1) > 0.05);
});
