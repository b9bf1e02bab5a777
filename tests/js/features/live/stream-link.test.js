import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { StreamLink } from "../../../../static/js/features/live/stream-link.js";

function linkWith(key, keys) {
  const kept = [];
  const begin = async () => {
    const next = keys.shift();
    if (next === undefined) throw new ApiError("busy", "Wait.");
    return next;
  };
  return { link: new StreamLink({ key, begin, keep: (fresh) => kept.push(fresh) }), kept };
}

const same = async (/** @type {string} */ address) => address;

test("a frame carries the key, and what became of the frames before", async () => {
  const { link, kept } = linkWith("", ["k1"]);
  assert.equal(await link.send("/predict", same), "/predict?stream=k1&dropped=0");
  link.noteAnswer(81.4);
  link.noteDropped();
  const address = await link.send("/predict?model=cats-dogs", same);
  assert.equal(address, "/predict?model=cats-dogs&stream=k1&dropped=1&latency_ms=81");
  assert.deepEqual(kept, ["k1"]);
});

test("a key that was kept goes on", async () => {
  const { link } = linkWith("old", []);
  assert.equal(await link.send("/predict", same), "/predict?stream=old&dropped=0");
});

test("without a key a frame is read all the same, and one is asked for again", async () => {
  const { link, kept } = linkWith("", []);
  assert.equal(await link.send("/predict", same), "/predict");
  assert.deepEqual(kept, []);
});

for (const status of [400, 410]) {
  test(`after ${status} the key is forgotten, and the next frame has another`, async () => {
    const { link, kept } = linkWith("old", ["new"]);
    const refuse = async () => {
      throw new ApiError("refused", "No.", status);
    };
    await assert.rejects(link.send("/predict", refuse), { status });
    assert.equal(await link.send("/predict", same), "/predict?stream=new&dropped=0");
    assert.deepEqual(kept, ["", "new"]);
  });
}
