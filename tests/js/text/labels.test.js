import assert from "node:assert/strict";
import { test } from "node:test";

import { describeOwnLabel, describePicture, labelForKey } from "../../../static/js/text/labels.js";

for (const [key, label] of [
  ["0", "0"],
  ["9", "9"],
  ["n", "none"],
  ["N", "none"],
  ["r", "7"],
  ["Enter", "7"],
  ["Backspace", ""],
  ["a", undefined],
  ["F1", undefined],
  ["ArrowLeft", undefined],
]) {
  test(`on a picture read as 7 the key ${key} means ${label}`, () => {
    assert.equal(labelForKey({ key }, "7"), label);
  });
}

test("a key with Ctrl, Alt or Cmd belongs to the browser", () => {
  for (const held of ["altKey", "ctrlKey", "metaKey"]) {
    assert.equal(labelForKey({ key: "1", [held]: true }, "7"), undefined);
  }
});

for (const [label, words] of [
  ["", "Read as an 8, 99.1\u00a0% sure"],
  ["8", "An 8, which a person confirmed"],
  ["3", "A 3, which a person corrected; the network read an 8"],
  ["none", "Not a digit, which a person corrected; the network read an 8"],
]) {
  test(`a picture read as 8 with the label “${label}” is “${words}”`, () => {
    assert.equal(describePicture({ digit: "8", sure: "99.1\u00a0%", label }), words);
  });
}

for (const [label, ownLabel, words] of [
  ["7", "7", ""],
  ["7", "", ""],
  ["", "", ""],
  ["7", "1", " You said: a 1."],
  ["7", "none", " You said: not a digit."],
]) {
  test(`of a picture that shows "${label}", where this person said "${ownLabel}"`, () => {
    assert.equal(describeOwnLabel({ label, ownLabel }), words);
  });
}
