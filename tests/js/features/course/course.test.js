import assert from "node:assert/strict";
import { test } from "node:test";

import * as arithmetic from "../../../../static/js/features/course/arithmetic.js";
import { kernelNamed, KERNELS, nameOf } from "../../../../static/js/features/course/kernels.js";
import { isInside, LANDSCAPES } from "../../../../static/js/features/course/landscapes.js";
import { readTenths, write, writePercent, writeSigned } from "../../../../static/js/features/course/numbers.js";
import { Value } from "../../../../static/js/features/course/value.js";

const { matrix } = arithmetic;
const NINE = matrix(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);

test("a window hangs over the edge into zeros", () => {
  assert.deepEqual(arithmetic.windowAt(NINE, -1, -1, 2, 2).values, [0, 0, 0, 1]);
  assert.deepEqual(arithmetic.windowAt(NINE, 1, 1, 2, 2).values, [5, 6, 8, 9]);
  assert.ok(Number.isNaN(arithmetic.windowAt(NINE, 2, 2, 1, 2, NaN).values[1]));
});

for (const [length, window, stride, padding, side] of [
  [28, 3, 1, 0, 26],
  [28, 3, 1, 1, 28],
  [28, 3, 2, 0, 13],
  [28, 7, 1, 3, 28],
  [28, 1, 4, 0, 7],
  [28, 2, 2, 0, 14],
]) {
  test(`a window of ${window} with stride ${stride} and padding ${padding} has ${side} places`, () => {
    assert.equal(arithmetic.outputSize(length, window, stride, padding), side);
  });
}

test("products are number by number, and rows come apart again", () => {
  assert.deepEqual(arithmetic.toRows(arithmetic.products(NINE, NINE)), [[1, 4, 9], [16, 25, 36], [49, 64, 81]]);
  assert.equal(arithmetic.sum([]), 0);
});

test("turning signs leaves no negative zero", () => {
  assert.ok(Object.is(arithmetic.negated(matrix(1, 2, [0, 3])).values[0], 0));
});

test("the first of several winners wins", () => {
  assert.equal(arithmetic.winnerOf([1, 7, 7, 0], "max"), 1);
  assert.equal(arithmetic.winnerOf([1, 0, 7, 0], "min"), 1);
  assert.deepEqual(arithmetic.placeOfHighest(matrix(2, 2, [1, 2, 5, 5])), [1, 0]);
});

test("gradients of a convolution agree with small changes of what went in", () => {
  const patch = matrix(2, 2, [0.5, 0.25, 1, 0]);
  const kernel = matrix(2, 2, [1, -2, 0.5, 3]);
  const back = arithmetic.convolutionGradients(patch, kernel, -1.5);
  const loss = (p, k) => -1.5 * arithmetic.sum(arithmetic.products(p, k).values);
  for (let i = 0; i < 4; i += 1) {
    const moved = (source) => matrix(2, 2, source.values.map((value, j) => (i === j ? value + 1e-4 : value)));
    const slopeOf = (after) => (after - loss(patch, kernel)) / 1e-4;
    assert.ok(Math.abs(slopeOf(loss(moved(patch), kernel)) - back.patch.values[i]) < 1e-6);
    assert.ok(Math.abs(slopeOf(loss(patch, moved(kernel))) - back.kernel.values[i]) < 1e-6);
  }
  assert.equal(back.bias, -1.5);
});

test("softmax shares make one, and depend on differences only", () => {
  const { shares, powers, total } = arithmetic.softmax([2, 1, -1]);
  assert.ok(Math.abs(arithmetic.sum(shares) - 1) < 1e-12);
  assert.ok(Math.abs(powers[0] / total - shares[0]) < 1e-12);
  const more = arithmetic.softmax([3, 2, 0]).shares;
  shares.forEach((share, i) => assert.ok(Math.abs(share - more[i]) < 1e-12));
  assert.equal(arithmetic.sigmoid(0), 0.5);
});

for (const [name, land] of Object.entries(LANDSCAPES)) {
  test(`the slope of landscape "${name}" is its loss's`, () => {
    for (let weight = land.from; weight < land.to; weight += 0.37) {
      const measured = (land.loss(weight + 1e-5) - land.loss(weight - 1e-5)) / 2e-5;
      assert.ok(Math.abs(measured - land.slope(weight)) < 1e-6);
    }
    assert.ok(isInside(land, land.start));
  });
}

/** Where gradient descent is after so many steps. */
function walk(land, rate, steps) {
  let weight = land.start;
  for (let i = 0; i < steps; i += 1) weight = arithmetic.descend(weight, land.slope(weight), rate);
  return weight;
}

test("descent does what the course says of it", () => {
  const { one, two } = LANDSCAPES;
  assert.equal(walk(one, 1, 1), 2);
  assert.ok(Math.abs(walk(one, 1.5, 30) - 2) < 1e-6);
  assert.equal(walk(one, 2, 10), one.start);
  assert.ok(!isInside(one, walk(one, 2.5, 5)));
  assert.ok(walk(two, 0.3, 50) > 0);
  assert.ok(walk(two, 0.4, 50) < 0);
  assert.ok(two.loss(walk(two, 0.4, 50)) < two.loss(walk(two, 0.3, 50)));
});

test("numbers are written as people write them", () => {
  assert.equal(write(-0.5), "−0.5");
  assert.equal(write(-0.0001), "0");
  assert.equal(write(0.1 + 0.2), "0.3");
  assert.equal(writeSigned(2), "+2");
  assert.equal(writeSigned(-2), "−2");
  assert.equal(writePercent(0.705), "70.5\u00a0%");
});

for (const [text, value] of [["1", 1], ["-0,25", -0.2], ["−3", -3], ["99", 9], ["-99", -9], ["", null], ["-", null]]) {
  test(`“${text}” is read as ${value}`, () => {
    assert.equal(readTenths(text, 9), value);
  });
}

test("a ready-made filter is known by its numbers", () => {
  for (const name of Object.keys(KERNELS)) assert.equal(nameOf(kernelNamed(name)), name);
  assert.equal(nameOf(NINE), "");
});

test("a value tells those who follow it, and late ones at once", () => {
  const heard = [];
  const value = new Value();
  value.follow((now) => heard.push(now));
  value.set(1);
  value.follow((now) => heard.push(now * 10));
  assert.deepEqual(heard, [1, 10]);
});
