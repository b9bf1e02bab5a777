import assert from "node:assert/strict";
import { test } from "node:test";

import { describeChosen, describePicture } from "../../../../static/js/features/gallery/words.js";

for (const [label, ownLabel, words] of [
  ["", "", "Read as an 8, 99.1\u00a0% sure"],
  ["8", "", "An 8, which a person confirmed"],
  ["8", "8", "An 8, which you confirmed"],
  ["3", "8", "A 3, which a person corrected; the network read an 8"],
  ["3", "3", "A 3, which you corrected; the network read an 8"],
  ["none", "", "Not a digit, which a person corrected; the network read an 8"],
]) {
  test(`a picture read as 8 with the label “${label}”, own “${ownLabel}”, is “${words}”`, () => {
    assert.equal(describePicture({ digit: "8", sure: "99.1\u00a0%", label, ownLabel }), words);
  });
}

for (const [label, ownLabel, words] of [
  ["", "", "The network saw no digit"],
  ["none", "", "Not a digit, which a person confirmed"],
  ["none", "none", "Not a digit, which you confirmed"],
  ["3", "", "A 3, as a person says; the network saw no digit"],
  ["3", "3", "A 3, as you say; the network saw no digit"],
]) {
  test(`a refused picture with the label “${label}”, own “${ownLabel}”, is “${words}”`, () => {
    assert.equal(describePicture({ digit: "none", sure: "", label, ownLabel }), words);
  });
}

for (const [label, ownLabel, words] of [
  ["7", "7", "Picture abcde: A 7, which you confirmed."],
  ["7", "", "Picture abcde: A 7, which a person confirmed."],
  ["", "", "Picture abcde: Read as a 7, 99.1\u00a0% sure."],
  ["7", "1", "Picture abcde: A 7, which a person confirmed. You said: a 1."],
  ["7", "none", "Picture abcde: A 7, which a person confirmed. You said: not a digit."],
]) {
  test(`of a picture that shows "${label}", where this person said "${ownLabel}"`, () => {
    const picture = { name: "Picture abcde", digit: "7", sure: "99.1\u00a0%", label, ownLabel };
    assert.equal(describeChosen(picture), words);
  });
}
