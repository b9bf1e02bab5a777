import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeNumbers } from "../../../static/js/api/arrays.js";

function encode(values, shape) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return { shape, data: bytes.toString("base64") };
}

test("little-endian float32 in base64 becomes numbers again", () => {
  const values = [0, 1, -2.5, 1e-8, 65504, 0.1];
  const decoded = decodeNumbers(encode(values, [1, 2, 3]));
  assert.deepEqual(decoded.shape, [1, 2, 3]);
  assert.deepEqual([...decoded.values], values.map(Math.fround));
});
