import assert from "node:assert/strict";
import { test } from "node:test";

import { readingOf } from "../../../../static/js/features/practice/reading.js";

const BOX = [10, 10, 30, 50];
const digit = (value, more = {}) => (
  { digit: value, confidence: 0.99, alternatives: [], because: null, box: BOX, ...more }
);
const answer = (text, digits, more = {}) => ({ text, digits, refusal: null, unfinished: null, left_out: [], ...more });
const RIGHT_OF_IT = { box: [45, 12, 30, 50] };
const SEVENTEEN = [digit(1), digit(7, RIGHT_OF_IT)];
const NOTE = { code: "", message: "" };

test("what is read for certain counts", () => {
  assert.deepEqual(readingOf(answer("17", SEVENTEEN)), { text: "17", isSure: true });
});

test("whatever speaks against a digit makes a question of it", () => {
  const doubtful = [
    answer("17", [digit(1), digit(7, { ...RIGHT_OF_IT, confidence: 0.9 })]),
    answer("17", [digit(1, { alternatives: [7] }), digit(7, RIGHT_OF_IT)]),
    answer("17", [digit(1), digit(7, { ...RIGHT_OF_IT, because: NOTE })]),
    answer("17", [digit(1), digit(7, { box: [39, 12, 30, 50] })]),
    answer("17", [digit(1), digit(7, { box: [45, 12, 71, 50] })]),
    answer("17", SEVENTEEN, { unfinished: NOTE }),
    answer("17", SEVENTEEN, { left_out: [{ box: [1, 2, 3, 4], why: "dot" }] }),
    answer("17", SEVENTEEN, { refusal: NOTE }),
  ];
  for (const one of doubtful) assert.deepEqual(readingOf(one), { text: "17", isSure: false });
});

test("what is no number of one line proposes none", () => {
  const nothing = { text: "", isSure: false };
  assert.deepEqual(readingOf(answer("", [], { refusal: NOTE })), nothing);
  assert.deepEqual(readingOf(answer("1\n7", SEVENTEEN)), nothing);
  assert.deepEqual(readingOf(answer("123456789", Array(9).fill(digit(1)))), nothing);
});
