import assert from "node:assert/strict";
import { test } from "node:test";

import { Rate, Steady, steadyBox } from "../../../../static/js/features/live/steady.js";

const read = (text, box = [0, 0, 10, 10], confidence = 0.9) => ({
  key: text,
  marks: [...text].map((label) => ({ label, confidence, box })),
});

/** What is shown after each of some answers, which come so many milliseconds apart. */
function shownAfter(texts, apart = 100) {
  const steady = new Steady();
  return texts.map((text, i) => steady.add(read(text), i * apart).shown.key);
}

test("the first answer is shown at once", () => {
  assert.deepEqual(shownAfter(["7"]), ["7"]);
});

test("a frame or two that say something else change nothing", () => {
  assert.deepEqual(shownAfter(["7", "7", "7", "1", "7", "", "1", "7"]), Array(8).fill("7"));
});

test("two answers that take turns do not make it flicker", () => {
  assert.deepEqual(shownAfter(["7", "1", "7", "1", "7", "1", "7", "1", "7", "1"]), Array(10).fill("7"));
});

test("another digit is shown when most of the last answers say it", () => {
  assert.deepEqual(shownAfter(["7", "7", "7", "7", "1", "1", "1", "1"]), [..."77777771"]);
});

test("where frames are rare, each counts at once", () => {
  assert.deepEqual(shownAfter(["7", "1", "", "2"], 1000), ["7", "1", "", "2"]);
});

test("boxes and confidence follow smoothly while the answer stays", () => {
  const steady = new Steady();
  steady.add(read("7", [0, 0, 10, 10], 0.8), 0);
  const { marks, agrees } = steady.add(read("7", [5, 0, 10, 10], 1), 100);
  assert.ok(agrees);
  assert.ok(marks[0].box[0] > 0 && marks[0].box[0] < 5);
  assert.ok(marks[0].confidence > 0.8 && marks[0].confidence < 1);
});

test("a frame that does not agree moves no box", () => {
  const steady = new Steady();
  for (let i = 0; i < 4; i += 1) steady.add(read("7", [0, 0, 10, 10]), i * 100);
  const { marks, agrees, shown } = steady.add(read("41", [5, 5, 10, 10]), 400);
  assert.equal(agrees, false);
  assert.equal(shown.key, "7");
  assert.deepEqual(marks.map(({ box }) => box), [[0, 0, 10, 10]]);
});

test("a box that is somewhere else altogether is there at once", () => {
  assert.deepEqual(steadyBox([0, 0, 10, 10], [50, 0, 10, 10]), [50, 0, 10, 10]);
});

test("after it is cleared nothing of before counts", () => {
  const steady = new Steady();
  for (let i = 0; i < 5; i += 1) steady.add(read("7"), i * 100);
  steady.clear();
  assert.equal(steady.add(read("1"), 500).shown.key, "1");
});

test("the rate is of the last two seconds", () => {
  const rate = new Rate();
  assert.equal(rate.add(0), 0);
  for (let time = 5000; time < 7000; time += 100) rate.add(time);
  assert.equal(Math.round(rate.add(7000)), 10);
});
