import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsOfLeftOut } from "../../../static/js/widgets/left-out.js";

const leftOut = (...reasons) => reasons.map((why) => ({ box: [0, 0, 9, 9], why }));

test("what was left out is named, what changes the number first", () => {
  assert.equal(wordsOfLeftOut([]), "");
  assert.equal(wordsOfLeftOut(leftOut("point")), "Left out: a point.");
  const several = leftOut("line", "not_a_digit", "line", "minus");
  assert.equal(wordsOfLeftOut(several), "Left out: a minus or dash, something that is no digit, 2 lines.");
});
