import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf } from "../../../../static/js/features/account/field-rules.js";

const NAME = {
  ruleMissing: "missing",
  ruleLeast: "1",
  ruleMost: "4",
  ruleLength: "length",
  ruleSpaces: "spaces",
  ruleUnprintable: "unprintable",
};

for (const [value, fault] of [
  ["ann", ""],
  ["", "missing"],
  ["annie", "length"],
  [" ann", "spaces"],
  ["a\u202eb", "unprintable"],
  ["𝟘𝟙𝟚𝟛", ""],
]) {
  test(`as a name “${value}” is ${fault || "fine"}`, () => {
    assert.equal(faultOf(value, NAME), fault);
  });
}

test("what repeats another field must be the same", () => {
  const rules = { ruleDifferent: "different" };
  assert.equal(faultOf("one", rules, "two"), "different");
  assert.equal(faultOf("two", rules, "two"), "");
});

test("a field without rules is left to the server", () => {
  assert.equal(faultOf("", {}), "");
});
