import assert from "node:assert/strict";
import { test } from "node:test";

import { align, byEpoch, curvesOf, doneOf, isAtWork, rangeOf } from "../../../../static/js/features/runs/run.js";

const history = { loss: [0.5, 0.3], accuracy: [0.9, 0.95], val_loss: [0.4, 0.2], val_accuracy: [0.92, 0.97] };
const batches = { epoch: [0.5, 1, 1.5], loss: [0.7, 0.5, 0.35], accuracy: [0.8, 0.9, 0.93] };

test("a run is at work until it has ended", () => {
  const states = ["queued", "running", "finished", "failed", "cancelled"];
  assert.deepEqual(states.filter((state) => isAtWork({ state })), ["queued", "running"]);
});

test("an epoch's value lies at the epoch's end", () => {
  assert.deepEqual(byEpoch([3, 4]), { x: [1, 2], y: [3, 4] });
});

test("a run has three curves of a metric", () => {
  assert.deepEqual(curvesOf({ history, batches }, "accuracy"), [
    { x: [0.5, 1, 1.5], y: [0.8, 0.9, 0.93] },
    { x: [1, 2], y: [0.9, 0.95] },
    { x: [1, 2], y: [0.92, 0.97] },
  ]);
});

test("before the first epoch there is nothing to draw", () => {
  assert.deepEqual(curvesOf({ history: {} }, "loss"), Array(3).fill({ x: [], y: [] }));
  assert.deepEqual(align(curvesOf({ history: {} }, "loss")), [[], [], [], []]);
});

test("curves get one common x, with gaps where they have no point", () => {
  assert.deepEqual(align(curvesOf({ history, batches }, "loss")), [
    [0.5, 1, 1.5, 2],
    [0.7, 0.5, 0.35, null],
    [null, 0.5, null, 0.3],
    [null, 0.4, null, 0.2],
  ]);
});

test("the bar follows the batches, and only while it learns", () => {
  const run = { phase: "training", epoch: 1, epochs: 4, batches };
  assert.equal(doneOf(run), 0.375);
  assert.equal(doneOf({ ...run, epoch: 2 }), 0.5, "an epoch that has just ended has no batches yet");
  assert.equal(doneOf({ ...run, batches: undefined }), 0.25);
  assert.equal(doneOf({ ...run, phase: "comparing" }), null);
});

test("there is air around a curve, but no share above 1 or below 0", () => {
  const [low, high] = rangeOf(0.9, 0.999, "accuracy");
  assert.ok(low < 0.9 && low > 0.8);
  assert.equal(high, 1);
  const [least, most] = rangeOf(0, 2, "loss");
  assert.equal(least, 0);
  assert.ok(most > 2 && most < 2.5);
});

test("a level curve has a range, and so has none at all", () => {
  const [low, high] = rangeOf(0.5, 0.5, "accuracy");
  assert.ok(low < 0.5 && high > 0.5);
  assert.deepEqual(rangeOf(null, null, "loss"), [0, 1]);
});
