import assert from "node:assert/strict";
import { test } from "node:test";

import { divide, MOST_BYTES } from "../../../../static/js/features/dataset/pieces.js";

const files = (count, size) => Array.from({ length: count }, (_, i) => ({ name: `${i}`, file: { size } }));

test("many small files go together, each once and in their order", () => {
  const all = files(10_000, 300);
  const pieces = divide(all);
  assert.equal(pieces.length, 50);
  assert.deepEqual(pieces.flatMap((piece) => piece.files), all);
  assert.deepEqual(pieces.map(({ number }) => number), [...pieces.keys()]);
});

test("no request is larger than a slow line can take", () => {
  for (const { files: some } of divide(files(100, 400_000))) assert.equal(some.length, 2);
});

test("a large file is a piece of its own", () => {
  const pieces = divide([...files(2, 10), { name: "all.zip", file: { size: MOST_BYTES + 1 } }, ...files(1, 10)]);
  assert.deepEqual(pieces.map(({ files: some, isLarge }) => [some.length, isLarge]), [[1, true], [3, false]]);
});

test("nothing is no piece", () => {
  assert.deepEqual(divide([]), []);
});
