import assert from "node:assert/strict";
import { test } from "node:test";

import {
  wordsOfChange,
  wordsOfGradient,
  wordsOfOcclusion,
} from "../../../../static/js/features/explain/evidence-words.js";
import { mapWith } from "./maps.js";

test("ink that spoke for a digit and against it is named", () => {
  const words = wordsOfOcclusion(8, mapWith([5, 14, 2], [24, 14, -1]));
  assert.match(words, /The ink at the top speaks most for an 8: .* falls by up to 2\.00\./);
  assert.match(words, /The ink at the bottom speaks against it: .* rises by up to 1\.00\./);
});

test("without ink there is nothing to cover", () => {
  assert.match(wordsOfOcclusion(7, new Float32Array(784)), /Nothing could be covered/);
});

test("the gradient tells where more ink helps", () => {
  const words = wordsOfGradient(9, mapWith([5, 5, 1], [24, 24, -1]));
  assert.match(words, /More ink at the top left .* a 9; more ink at the bottom right/);
});

test("what would have made it another digit is said in words", () => {
  const scores = [0, 0, 0, 4, 0, 0, 0, 0, 0, 1.5];
  const words = wordsOfChange(3, 9, scores, mapWith([5, 5, 1], [24, 14, -1]));
  assert.equal(
    words,
    "The 9 came second, 2.50 points behind the 3. More ink at the top left, and less ink at the bottom would have " +
      "pulled the answer from the 3 towards the 9.",
  );
});

for (const [row, column, part] of [
  [5, 5, "at the top left"],
  [14, 14, "in the middle"],
  [14, 24, "on the right"],
]) {
  test(`ink at row ${row}, column ${column} is said to be ${part}`, () => {
    assert.match(wordsOfOcclusion(7, mapWith([row, column, 1])), new RegExp(`^The ink ${part} speaks most`));
  });
}
