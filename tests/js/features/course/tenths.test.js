import assert from "node:assert/strict";
import { test } from "node:test";

import { readTenths } from "../../../../static/js/features/course/tenths.js";

for (const [text, value] of [["1", 1], ["-0,25", -0.2], ["−3", -3], ["99", 9], ["-99", -9], ["", null], ["-", null]]) {
  test(`“${text}” is read as ${value}`, () => {
    assert.equal(readTenths(text, 9), value);
  });
}
