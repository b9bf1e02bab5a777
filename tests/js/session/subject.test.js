import assert from "node:assert/strict";
import { test } from "node:test";

import { blobOf } from "../../../static/js/session/subject.js";

test("a picture that was carried as text is the same picture again", async () => {
  const bytes = Uint8Array.of(137, 80, 78, 71, 0, 255, 10);
  const blob = blobOf(`data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
  assert.equal(blob.type, "image/png");
  assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), bytes);
});
