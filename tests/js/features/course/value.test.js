import assert from "node:assert/strict";
import { test } from "node:test";

import { Value } from "../../../../static/js/features/course/value.js";

test("a value tells those who follow it, and late ones at once", () => {
  const heard = [];
  const value = new Value();
  value.follow((now) => heard.push(now));
  value.set(1);
  value.follow((now) => heard.push(now * 10));
  assert.deepEqual(heard, [1, 10]);
});
