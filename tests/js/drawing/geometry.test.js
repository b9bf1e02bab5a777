import assert from "node:assert/strict";
import { test } from "node:test";

import { clampToPaper, isFarEnough, pathLength, smoothSegments, toPaper } from "../../../static/js/drawing/geometry.js";

test("a pointer's place is in units of the paper, wherever the paper is on the screen", () => {
  const rect = { left: 100, top: 50, width: 200, height: 200 };
  assert.deepEqual(toPaper(100, 50, rect), [0, 0]);
  assert.deepEqual(toPaper(200, 150, rect), [0.5, 0.5]);
  assert.deepEqual(toPaper(320, 150, rect), [1.1, 0.5]);
});

test("the keyboard's pen stays on the paper", () => {
  assert.deepEqual(clampToPaper([-0.2, 1.4]), [0, 1]);
  assert.deepEqual(clampToPaper([0.3, 0.7]), [0.3, 0.7]);
});

test("a point on top of the last one adds nothing", () => {
  assert.equal(isFarEnough([], [0.5, 0.5]), true);
  assert.equal(isFarEnough([[0.5, 0.5]], [0.5, 0.5005]), false);
  assert.equal(isFarEnough([[0.5, 0.5]], [0.5, 0.51]), true);
});

test("the length of a path is the sum of its steps", () => {
  assert.equal(pathLength([[0.1, 0.1]]), 0);
  assert.equal(pathLength([[0, 0], [0, 0.5], [0.5, 0.5]]), 1);
});

test("a smooth line ends exactly where the stroke ended", () => {
  const points = [[0, 0], [0.2, 0.4], [0.6, 0.4], [0.9, 0.1]];
  assert.deepEqual(smoothSegments(points).at(-1).to, [0.9, 0.1]);
});

test("inner points bend the line between the midpoints of their neighbours", () => {
  assert.deepEqual(smoothSegments([[0, 0], [0.5, 0.5], [1, 0]]), [
    { to: [0.25, 0.25], control: null },
    { to: [0.75, 0.25], control: [0.5, 0.5] },
    { to: [1, 0], control: null },
  ]);
});

test("a dot has no line, and two points have a straight one", () => {
  assert.deepEqual(smoothSegments([[0.5, 0.5]]), []);
  const straight = smoothSegments([[0, 0], [1, 1]]);
  assert.ok(straight.every(({ control }) => control === null));
});
