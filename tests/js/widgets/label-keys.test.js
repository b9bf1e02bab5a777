import assert from "node:assert/strict";
import { test } from "node:test";

import { labelForKey } from "../../../static/js/widgets/label-keys.js";

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
