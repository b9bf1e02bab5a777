import assert from "node:assert/strict";
import { test } from "node:test";

import { groupFiles } from "../../../../static/js/features/worksheets/groups.js";

const sizes = (/** @type {number[]} */ ...megabytes) => megabytes.map((size) => ({ size: size * 1_000_000 }));
const counts = (/** @type {{ size: number }[]} */ files) => groupFiles(files).map((group) => group.length);

test("photographs go together as long as they are not too much for one request", () => {
  assert.deepEqual(counts(sizes(4, 4, 4, 4, 4)), [3, 2]);
  assert.deepEqual(counts(sizes(1, 90, 1)), [1, 1, 1]);
  assert.deepEqual(counts(Array(45).fill({ size: 10 })), [20, 20, 5]);
  assert.deepEqual(counts([]), []);
});
