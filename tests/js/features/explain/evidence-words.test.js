import assert from "node:assert/strict";
import { test } from "node:test";

import { changeTowards, thickestPart, wordsOfChange, wordsOfGradient, wordsOfOcclusion } from "../../../../static/js/features/explain/evidence-words.js";

/** 28 × 28 numbers, with a square of one value around a row and column. */
function mapWith(...squares) {
  const map = new Float32Array(784);
  for (const [row, column, value] of squares) {
    for (let r = row - 1; r <= row + 1; r += 1) for (let c = column - 1; c <= column + 1; c += 1) map[r * 28 + c] = value;
  }
  return map;
}

for (const [row, column, words] of [
  [5, 5, "at the top left"],
  [14, 14, "in the middle"],
  [14, 24, "on the right"],
  [24, 14, "at the bottom"],
]) {
  test(`row ${row}, column ${column} is ${words}`, () => {
    assert.equal(thickestPart(mapWith([row, column, 1])), words);
  });
}

test("nothing above zero lies nowhere", () => {
  assert.equal(thickestPart(mapWith([5, 5, -1])), null);
});

test("ink that spoke for a digit and against it is named", () => {
  const words = wordsOfOcclusion(8, mapWith([5, 14, 2], [24, 14, -1]));
  assert.match(words, /The ink at the top speaks most for an 8: .* falls by up to 2\.00\./);
  assert.match(words, /The ink at the bottom speaks against it: .* rises by up to 1\.00\./);
});

test("without ink there is nothing to cover", () => {
  assert.match(wordsOfOcclusion(7, new Float32Array(784)), /Nothing could be covered/);
});

test("the gradient tells where more ink helps", () => {
  assert.match(wordsOfGradient(9, mapWith([5, 5, 1], [24, 24, -1])), /More ink at the top left .* a 9; more ink at the bottom right/);
});

test("ink is only wished for where there is none, and only taken where there is some", () => {
  const pixels = mapWith([5, 5, 1], [24, 24, 1]);
  const change = changeTowards(pixels, new Float32Array(784), mapWith([5, 5, 1], [14, 14, 1], [24, 24, -1], [5, 24, -1]));
  assert.ok(Math.abs(change[5 * 28 + 5]) === 0);
  assert.ok(change[14 * 28 + 14] > 0);
  assert.ok(change[24 * 28 + 24] < 0);
  assert.ok(Math.abs(change[5 * 28 + 24]) === 0);
});

test("what would have made it another digit is said in words", () => {
  const scores = [0, 0, 0, 4, 0, 0, 0, 0, 0, 1.5];
  const words = wordsOfChange(3, 9, scores, mapWith([5, 5, 1], [24, 14, -1]));
  assert.equal(words, "The 9 came second, 2.50 points behind the 3. More ink at the top left, and less ink at the bottom would have pulled the answer from the 3 towards the 9.");
});
