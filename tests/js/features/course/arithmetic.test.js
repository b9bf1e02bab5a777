import assert from "node:assert/strict";
import { test } from "node:test";

import {
  convolutionGradients,
  crossEntropy,
  outputSize,
  sigmoid,
} from "../../../../static/js/features/course/arithmetic.js";
import { matrix, products, softmax, sum } from "../../../../static/js/widgets/matrix.js";

for (const [length, window, stride, padding, side] of [
  [28, 3, 1, 0, 26],
  [28, 3, 1, 1, 28],
  [28, 3, 2, 0, 13],
  [28, 7, 1, 3, 28],
  [28, 1, 4, 0, 7],
  [28, 2, 2, 0, 14],
]) {
  test(`a window of ${window} with stride ${stride} and padding ${padding} has ${side} places`, () => {
    assert.equal(outputSize(length, window, stride, padding), side);
  });
}

test("gradients of a convolution agree with small changes of what went in", () => {
  const patch = matrix(2, 2, [0.5, 0.25, 1, 0]);
  const kernel = matrix(2, 2, [1, -2, 0.5, 3]);
  const back = convolutionGradients(patch, kernel, -1.5);
  const loss = (p, k) => -1.5 * sum(products(p, k).values);
  for (let i = 0; i < 4; i += 1) {
    const moved = (source) => matrix(2, 2, source.values.map((value, j) => (i === j ? value + 1e-4 : value)));
    const slopeOf = (after) => (after - loss(patch, kernel)) / 1e-4;
    assert.ok(Math.abs(slopeOf(loss(moved(patch), kernel)) - back.patch.values[i]) < 1e-6);
    assert.ok(Math.abs(slopeOf(loss(patch, moved(kernel))) - back.kernel.values[i]) < 1e-6);
  }
  assert.equal(back.bias, -1.5);
});

test("a sigmoid of nothing is a half, and those of opposites add up to 1", () => {
  assert.equal(sigmoid(0), 0.5);
  assert.ok(Math.abs(sigmoid(2) + sigmoid(-2) - 1) < 1e-12);
});

test("a sigmoid of a score is a softmax of 0 and the score, and of any two that differ by as much", () => {
  for (const score of [-3, 0, 1.2]) {
    for (const other of [0, -2, 5]) {
      assert.ok(Math.abs(softmax([other, other + score]).shares[1] - sigmoid(score)) < 1e-12);
    }
  }
});

test("cross-entropy is 0 for what was certain, and grows with the surprise", () => {
  assert.equal(Object.is(crossEntropy(1), 0), true);
  assert.ok(Math.abs(crossEntropy(0.5) - Math.LN2) < 1e-12);
  assert.ok(crossEntropy(0.01) > 4.6);
});
