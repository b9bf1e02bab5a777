import assert from "node:assert/strict";
import { test } from "node:test";

import {
  epochDone,
  formatFigure,
  formatMark,
  progressWords,
  timeLeft,
} from "../../../../static/js/features/runs/words.js";

const run = { state: "running", phase: "training", epoch: 1, epochs: 4, seconds_left: 81.5, compared_with: "digits-1" };

test("how far a run is, in words", () => {
  assert.equal(progressWords(run), "Epoch 2 of 4 · about 1 minute left");
  assert.equal(progressWords({ ...run, seconds_left: null }), "Epoch 2 of 4");
  assert.equal(progressWords({ ...run, epoch: 4, seconds_left: null }), "Epoch 4 of 4");
  assert.equal(progressWords({ ...run, phase: null }), "It begins in a moment.");
  assert.match(progressWords({ ...run, phase: "comparing" }), /compared with digits-1/);
  assert.match(progressWords({ ...run, phase: "comparing", compared_with: null }), /not learned from/);
  assert.equal(progressWords({ ...run, epochs: 0 }), "It begins in a moment.");
  assert.match(progressWords({ ...run, state: "queued", phase: null }), /started before it/);
});

for (const [seconds, words] of [
  [3, "a few seconds left"],
  [10, "about 10 seconds left"],
  [54, "about 50 seconds left"],
  [55, "about 1 minute left"],
  [90, "about 2 minutes left"],
  [3500, "about 58 minutes left"],
  [3590, "about 1 hour left"],
  [9000, "about 2.5 hours left"],
]) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(timeLeft(seconds), words));
}

test("an epoch that is done is read out with its figures", () => {
  const history = { val_accuracy: [0.98123], val_loss: [0.0512] };
  const words = "Epoch 1 of 4 is done: of the held-out pictures 98.12\u00a0% right, loss 0.051.";
  assert.equal(epochDone({ ...run, history }), words);
  assert.equal(epochDone({ ...run, epoch: 2, history }), "");
});

test("figures are exact, and marks short", () => {
  assert.equal(formatFigure(0.98765, "accuracy"), "98.77\u00a0%");
  assert.equal(formatFigure(0.05, "loss"), "0.050");
  assert.equal(formatMark(0.975, "accuracy"), "97.5\u00a0%");
  assert.equal(formatMark(0.2, "loss"), "0.2");
});
