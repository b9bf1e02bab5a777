import assert from "node:assert/strict";
import { test } from "node:test";

import {
  asMaps,
  channelOf,
  channelSums,
  contributionsTo,
  cornerOf,
  filterOf,
  kernelOf,
  patchOf,
  pooledIndex,
  softmaxSteps,
} from "../../../static/js/widgets/layers.js";
import { sum } from "../../../static/js/widgets/matrix.js";

// Rows of (channel 0, channel 1): channel 0 counts 0…8, channel 1 is ten times as much.
const counted = Float32Array.from({ length: 18 }, (_, i) => Math.floor(i / 2) * (i % 2 ? 10 : 1));
const input = { shape: [3, 3, 2], values: counted };

test("a window begins where stride and padding say", () => {
  assert.deepEqual(cornerOf(0, 0, { stride: [1, 1], padding: [1, 1] }), { top: -1, left: -1 });
  assert.deepEqual(cornerOf(3, 2, { stride: [2, 2], padding: [0, 0] }), { top: 6, left: 4 });
});

test("a patch is read from one channel, row by row", () => {
  assert.deepEqual(patchOf(input, { top: 1, left: 1 }, [2, 2], 1).values, [40, 50, 70, 80]);
});

test("beyond the edge a patch has nothing", () => {
  assert.deepEqual(patchOf(input, { top: -1, left: -1 }, [2, 2], 0).values, [NaN, NaN, NaN, 0]);
  assert.deepEqual(patchOf(input, { top: 2, left: 2 }, [2, 2], 0).values, [8, NaN, NaN, NaN]);
});

test("channel sums add up to what the convolution gives", () => {
  // Two filters; the second has the weights 0, 2, 4, … in the order (row, column, channel).
  const weight = { shape: [2, 2, 2, 2], values: Float32Array.from({ length: 16 }, (_, i) => (i % 2 ? i - 1 : 99)) };
  assert.deepEqual(kernelOf(weight, 0, 1).values, [0, 4, 8, 12]);
  assert.deepEqual(kernelOf(weight, 1, 1).values, [2, 6, 10, 14]);
  assert.deepEqual(filterOf(weight, 1), [0, 2, 4, 6, 8, 10, 12, 14]);
  const sums = channelSums(input, weight, { top: 0, left: 0 }, 1);
  assert.deepEqual(sums, [0 * 0 + 1 * 4 + 3 * 8 + 4 * 12, 0 * 2 + 10 * 6 + 30 * 10 + 40 * 14]);
});

test("pooling takes the largest, the smallest, or the mean of all", () => {
  assert.equal(pooledIndex("MaxPool2D", [1, 7, NaN, 7]), 1);
  assert.equal(pooledIndex("MinPool2D", [NaN, 3, -1, 2]), 2);
  assert.equal(pooledIndex("AveragePool2D", [1, 2, 3, 4]), -1);
});

test("terms of a score come with the heaviest first", () => {
  const terms = contributionsTo(1, { values: [1, 2, 3] }, { shape: [3, 2], values: [9, 0.5, 9, -2, 9, 1] });
  assert.deepEqual(terms.map(({ index }) => index), [1, 2, 0]);
  assert.equal(sum(terms.map(({ product }) => product)), -0.5);
});

test("softmax heeds the temperature, and its shares add up to 1", () => {
  const { rows, total } = softmaxSteps([1, 2, 3], 0.5);
  assert.equal(rows[2].exponential, 1);
  assert.ok(Math.abs(rows[0].probability / rows[1].probability - Math.exp(-2)) < 1e-12);
  assert.ok(Math.abs(sum(rows.map(({ probability }) => probability)) - 1) < 1e-12);
  assert.ok(Math.abs(total - (1 + Math.exp(-2) + Math.exp(-4))) < 1e-12);
});

test("softmax takes scores that no exponential could", () => {
  assert.deepEqual(softmaxSteps([1000, 0], 1).rows.map(({ probability }) => probability), [1, 0]);
});

test("a channel is taken out of channels-last maps", () => {
  const maps = { shape: [2, 2, 3], values: Float32Array.from({ length: 12 }, (_, i) => i) };
  assert.deepEqual(channelOf(maps, 1), { rows: 2, columns: 2, values: [1, 4, 7, 10] });
});

test("a vector's numbers are maps of a single pixel", () => {
  assert.deepEqual(asMaps([5]), [1, 1, 5]);
  assert.deepEqual(channelOf({ shape: [3], values: Float32Array.of(7, 8, 9) }, 2).values, [9]);
});
