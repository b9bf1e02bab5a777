import assert from "node:assert/strict";
import { test } from "node:test";

import {
  asMaps,
  channelOf,
  decodeNumbers,
  formatNumber,
  formatShape,
  formatShort,
  formatSigned,
  rangeOf,
} from "../../../static/js/widgets/numbers.js";

function encode(values, shape) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return { shape, data: bytes.toString("base64") };
}

test("little-endian float32 in base64 becomes numbers again", () => {
  const values = [0, 1, -2.5, 1e-8, 65504, 0.1];
  const decoded = decodeNumbers(encode(values, [1, 2, 3]));
  assert.deepEqual(decoded.shape, [1, 2, 3]);
  assert.deepEqual([...decoded.values], values.map(Math.fround));
});

test("a channel is taken out of channels-last maps", () => {
  const maps = { shape: [2, 2, 3], values: Float32Array.from({ length: 12 }, (_, i) => i) };
  assert.deepEqual([...channelOf(maps, 1)], [1, 4, 7, 10]);
});

test("a vector's numbers are maps of a single pixel", () => {
  assert.deepEqual(asMaps([5]), [1, 1, 5]);
  assert.deepEqual([...channelOf({ shape: [3], values: Float32Array.of(7, 8, 9) }, 2)], [9]);
});

test("the range of numbers", () => {
  assert.deepEqual(rangeOf([3, -1, 2]), [-1, 3]);
});

for (const [value, text] of [
  [1.234, "1.23"],
  [-1.234, "−1.23"],
  [-0.001, "0.00"],
  [0, "0.00"],
]) {
  test(`${value} is written ${text}`, () => {
    assert.equal(formatNumber(value), text);
  });
}

for (const [value, text] of [
  [-0.126, "−0.13"],
  [9.994, "9.99"],
  [9.996, "10.0"],
  [-42.77, "−42.8"],
  [123.4, "123"],
]) {
  test(`${value} is written ${text} in a cell`, () => {
    assert.equal(formatShort(value), text);
  });
}

test("what is added has its sign, and so has nothing", () => {
  assert.equal(formatSigned(0.5), "+0.50");
  assert.equal(formatSigned(-0.5), "−0.50");
  assert.equal(formatSigned(-0.0001), "+0.00");
});

test("a shape keeps on one line", () => {
  assert.equal(formatShape([28, 28, 24]), "28\u00a0×\u00a028\u00a0×\u00a024");
});
