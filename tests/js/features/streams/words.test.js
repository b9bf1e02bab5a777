import assert from "node:assert/strict";
import { test } from "node:test";

import { describeFacts } from "../../../../static/js/features/streams/words.js";

const stream = {
  kind: "browser", frames_per_second: 5, latency_ms: 81.2, dropped: 0, since: "2026-01-02T09:40:00+00:00",
};

test("what is known of a stream is said in a line", () => {
  assert.match(describeFacts(stream), /^5\.0 frames a second · 81 ms each · since \d\d:40$/);
});

test("what is unknown, or nothing, is left out", () => {
  const words = describeFacts({ ...stream, kind: "native", latency_ms: null, dropped: 1 });
  assert.match(words, /^5\.0 frames a second · 1 frame dropped · desktop client · since /);
});
