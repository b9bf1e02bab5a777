import assert from "node:assert/strict";
import { test } from "node:test";

import { describeClass } from "../../../static/js/widgets/class-words.js";

test("a class is named, with a perhaps where it is unsure", () => {
  assert.deepEqual(describeClass({ name: "cats", confidence: 0.93, refusal: null }), {
    kind: "class",
    words: "cats",
    detail: "93.0\u00a0% sure",
  });
  assert.equal(describeClass({ name: "cats", confidence: 0.55, refusal: null }).words, "Perhaps cats");
});

test("of what is none of the classes it is said which one it would be", () => {
  const refusal = { code: "none_of_these", message: "This seems to show none of these: cats, dogs." };
  const { kind, words, detail } = describeClass({ name: "cats", confidence: 0.83, refusal });
  assert.equal(kind, "refusal");
  assert.equal(words, refusal.message);
  assert.match(detail, /If it had to choose: cats, 83\.0/);
});
