import assert from "node:assert/strict";
import { test } from "node:test";

import {
  extent,
  magnitude,
  matrix,
  negated,
  placeOfHighest,
  products,
  softmax,
  strongest,
  sum,
  toRows,
  windowAt,
  winnerOf,
} from "../../../static/js/widgets/matrix.js";

const NINE = matrix(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);

test("a window hangs over the edge into zeros", () => {
  assert.deepEqual(windowAt(NINE, -1, -1, 2, 2).values, [0, 0, 0, 1]);
  assert.deepEqual(windowAt(NINE, 1, 1, 2, 2).values, [5, 6, 8, 9]);
  assert.ok(Number.isNaN(windowAt(NINE, 2, 2, 1, 2, NaN).values[1]));
});

test("products are number by number, and rows come apart again", () => {
  assert.deepEqual(toRows(products(NINE, NINE)), [[1, 4, 9], [16, 25, 36], [49, 64, 81]]);
  assert.equal(sum([]), 0);
});

test("nothing times a weight is zero", () => {
  assert.deepEqual(products(matrix(1, 2, [NaN, 2]), matrix(1, 2, [5, 3])).values, [0, 6]);
});

test("turning signs leaves no negative zero", () => {
  assert.ok(Object.is(negated(matrix(1, 2, [0, 3])).values[0], 0));
});

test("the first of several winners wins", () => {
  assert.equal(winnerOf([1, 7, 7, 0], "max"), 1);
  assert.equal(winnerOf([1, 0, 7, 0], "min"), 1);
  assert.deepEqual(placeOfHighest(matrix(2, 2, [1, 2, 5, 5])), [1, 0]);
});

test("softmax shares make one, and depend on differences only", () => {
  const { shares, powers, total } = softmax([2, 1, -1]);
  assert.ok(Math.abs(sum(shares) - 1) < 1e-12);
  assert.ok(Math.abs(powers[0] / total - shares[0]) < 1e-12);
  const more = softmax([3, 2, 0]).shares;
  shares.forEach((share, i) => assert.ok(Math.abs(share - more[i]) < 1e-12));
});

test("the strongest is the farthest from zero", () => {
  assert.equal(strongest([1, -5, 4]), 1);
});

test("NaN is no number where the ends of many are looked for", () => {
  assert.deepEqual(extent([3, NaN, -1, 2]), [-1, 3]);
  assert.equal(magnitude([1, 2], [-3, 0.5]), 3);
});
