import assert from "node:assert/strict";
import { test } from "node:test";

import { actionForKey } from "../../../../static/js/features/worksheets/keys.js";

test("each decision has a key", () => {
  const asked = (key) => actionForKey({ key }, true);
  for (const key of ["r", "R", "ArrowRight"]) assert.deepEqual(asked(key), { kind: "mark", mark: "right" });
  for (const key of ["w", "ArrowLeft"]) assert.deepEqual(asked(key), { kind: "mark", mark: "wrong" });
  for (const key of ["z", "Backspace"]) assert.deepEqual(asked(key), { kind: "undo" });
  for (const key of ["l", " "]) assert.deepEqual(asked(key), { kind: "later" });
  assert.deepEqual(asked("a"), { kind: "show" });
  assert.deepEqual(asked("7"), { kind: "digit", digit: "7" });
  assert.deepEqual(asked("Enter"), { kind: "send" });
  assert.equal(asked("q"), null);
});

test("who speaks to the computer can switch single keys off", () => {
  for (const key of ["r", "w", "z", "a", "l", " ", "7"]) assert.equal(actionForKey({ key }, false), null);
  assert.deepEqual(actionForKey({ key: "Enter" }, false), { kind: "send" });
});

test("the browser's own keys stay its own", () => {
  assert.equal(actionForKey({ key: "r", ctrlKey: true }, true), null);
  assert.equal(actionForKey({ key: "r", altKey: true }, true), null);
  assert.equal(actionForKey({ key: "r", repeat: true }, true), null);
  assert.deepEqual(actionForKey({ key: "z", metaKey: true }, true), { kind: "undo" });
});
