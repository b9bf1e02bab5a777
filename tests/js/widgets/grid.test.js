import assert from "node:assert/strict";
import { test } from "node:test";

import { indexForKey } from "../../../static/js/widgets/grid.js";

// Eight in rows of three: 0 1 2 / 3 4 5 / 6 7.
for (const [key, from, to] of [
  ["ArrowRight", 2, 3],
  ["ArrowLeft", 3, 2],
  ["ArrowLeft", 0, 0],
  ["ArrowRight", 7, 7],
  ["ArrowDown", 1, 4],
  ["ArrowDown", 5, 5],
  ["ArrowUp", 4, 1],
  ["ArrowUp", 1, 1],
  ["Home", 5, 0],
  ["End", 0, 7],
  ["ArrowDown", -1, 0],
  ["Tab", 4, undefined],
]) {
  test(`${key} leads from ${from} to ${to}`, () => {
    assert.equal(indexForKey(key, from, 8, 3), to);
  });
}
