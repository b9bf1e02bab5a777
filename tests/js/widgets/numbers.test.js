import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatBytes,
  formatCount,
  formatExponential,
  formatNumber,
  formatPercent,
  formatShape,
  formatShare,
  formatShort,
  formatSigned,
  formatSignedTrimmed,
  formatTrimmed,
} from "../../../static/js/widgets/numbers.js";

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

test("numbers are trimmed as people write them", () => {
  assert.equal(formatTrimmed(-0.5), "−0.5");
  assert.equal(formatTrimmed(-0.0001), "0");
  assert.equal(formatTrimmed(0.1 + 0.2), "0.3");
  assert.equal(formatTrimmed(1.25, 1), "1.3");
  assert.equal(formatSignedTrimmed(2), "+2");
  assert.equal(formatSignedTrimmed(-2), "−2");
  assert.equal(formatSignedTrimmed(0.0001), "0");
});

test("a percentage has one decimal, and only certainty is 100 %", () => {
  assert.equal(formatPercent(0.9981), "99.8\u00a0%");
  assert.equal(formatPercent(0.00001), "0.0\u00a0%");
  assert.equal(formatPercent(0.99999), ">99.9\u00a0%");
  assert.equal(formatPercent(1), "100.0\u00a0%");
  assert.equal(formatShare(0.705), "70.5\u00a0%");
  assert.equal(formatShare(0.5), "50\u00a0%");
});

for (const [value, text] of [
  [1, "1.0000"],
  [0.00047, "4.7 × 10⁻⁴"],
  [1.23e-12, "1.2 × 10⁻¹²"],
  [0, "0.0000"],
]) {
  test(`the exponential ${value} is written ${text}`, () => {
    assert.equal(formatExponential(value), text);
  });
}

test("thousands are told apart", () => {
  assert.equal(formatCount(98442), "98,442");
});

test("sizes are in kB or MB", () => {
  assert.equal(formatBytes(211), "0.2 kB");
  assert.equal(formatBytes(580_700), "580.7 kB");
  assert.equal(formatBytes(3_000_000), "3 MB");
});
