import assert from "node:assert/strict";
import { test } from "node:test";

import { isDark, makeRamp, parseColour, Scale } from "../../../static/js/widgets/colours.js";

const ORANGE = [168, 75, 8];
const PAPER = [255, 253, 249];
const BLUE = [21, 74, 158];

test("a colour is read from a style sheet", () => {
  assert.deepEqual(parseColour(" #1c5cc0"), [28, 92, 192]);
});

test("a ramp begins and ends with its colours", () => {
  const ramp = makeRamp([PAPER, BLUE]);
  assert.deepEqual([...ramp.subarray(0, 4)], [...PAPER, 255]);
  assert.deepEqual([...ramp.subarray(-4)], [...BLUE, 255]);
});

test("on a signed scale the limits are the ends, and zero is the colour of the paper", () => {
  const scale = new Scale(makeRamp([ORANGE, PAPER, BLUE]), 2, true);
  assert.deepEqual(scale.colourOf(-2), ORANGE);
  assert.deepEqual(scale.colourOf(2), BLUE);
  scale.colourOf(0).forEach((part, i) => assert.ok(Math.abs(part - PAPER[i]) <= 1));
});

test("numbers beyond a scale have the colour of its end", () => {
  const scale = new Scale(makeRamp([PAPER, BLUE]), 1, false);
  assert.deepEqual(scale.colourOf(-3), PAPER);
  assert.deepEqual(scale.colourOf(3), BLUE);
});

test("a map of nothing but zeros has a scale too", () => {
  assert.deepEqual(new Scale(makeRamp([PAPER, BLUE]), 0, false).colourOf(0), PAPER);
});

test("painting gives four bytes for each number", () => {
  const pixels = new Scale(makeRamp([PAPER, BLUE]), 1, false).paint([0, 1]);
  assert.deepEqual([...pixels], [...PAPER, 255, ...BLUE, 255]);
});

test("white is written on dark colours, black on light ones", () => {
  assert.ok(isDark(BLUE));
  assert.ok(!isDark(PAPER));
  assert.ok(!isDark([240, 168, 101]));
});
