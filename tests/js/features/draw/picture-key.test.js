import assert from "node:assert/strict";
import { test } from "node:test";

import { keyOfPicture } from "../../../../static/js/features/draw/picture-key.js";

test("the same bytes have the same key, and other bytes another", async () => {
  const texts = ["abc", "abc", "abd", "bac", "abca", ""];
  const keys = await Promise.all(texts.map((text) => keyOfPicture(new Blob([text]))));
  assert.equal(keys[0], keys[1]);
  assert.equal(new Set(keys).size, 5);
  assert.match(keys[0], /^picture 3 [0-9a-f]{16}$/);
});
