import assert from "node:assert/strict";
import { test } from "node:test";

import { observeClass, observeDigits } from "../../../../static/js/features/live/observation.js";

const found = (digit, confidence, box = [1, 2, 3, 4]) => ({ digit, confidence, box });

test("one digit can be kept, several cannot", () => {
  const one = observeDigits({ digits: [found(7, 0.9)], text: "7", refusal: null });
  const two = observeDigits({ digits: [found(4, 0.9), found(2, 0.8)], text: "42", refusal: null });
  assert.equal(one.canBeKept, true);
  assert.equal(two.canBeKept, false);
  assert.notEqual(one.key, two.key);
  assert.deepEqual(two.marks.map(({ label }) => label), ["4", "2"]);
});

test("the words say the steadied confidence", () => {
  const one = observeDigits({ digits: [found(7, 0.95)], text: "7", refusal: null });
  const { words, shown } = one.words([{ label: "7", confidence: 0.5, box: [0, 0, 1, 1] }]);
  assert.equal(shown, "7");
  assert.equal(words, "Perhaps a 7");
});

test("a refusal says why, and is no digit", () => {
  const blank = observeDigits({ digits: [], text: "", refusal: { code: "blank", message: "The page is blank." } });
  assert.deepEqual(blank.marks, []);
  assert.equal(blank.canBeKept, false);
  assert.equal(blank.words([]).words, "The page is blank.");
});

test("of another model's classes the likeliest is said, about the middle of the frame", () => {
  const answer = { class: "cat", confidence: 0.8, refusal: null, probabilities: { cat: 0.8, dog: 0.2 } };
  const seen = observeClass(answer, { width: 480, height: 360 });
  assert.deepEqual(seen.marks, [{ label: "cat", confidence: 0.8, box: [60, 0, 360, 360] }]);
  assert.equal(seen.words(seen.marks).words, "cat");
  const refusal = { code: "unlike", message: "Neither a cat nor a dog." };
  const none = observeClass({ ...answer, class: null, confidence: null, refusal }, { width: 10, height: 10 });
  assert.equal(none.key, "none");
  assert.equal(none.words(none.marks).words, "Neither a cat nor a dog.");
});
