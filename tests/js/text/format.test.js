import assert from "node:assert/strict";
import { test } from "node:test";

import { format } from "../../../static/js/text/format.js";

test("values go where their names stand in braces, and what has no value stays", () => {
  assert.equal(format("{a} of {b}, {a}", { a: 1, b: "two" }, "en"), "1 of two, 1");
  assert.equal(format("{a} of {b}", { a: 1 }, "en"), "1 of {b}");
});

test("words follow the plural of the language", () => {
  const english = { plural: "count", forms: { one: "{count} digit", other: "{count} digits" } };
  assert.equal(format(english, { count: 1 }, "en"), "1 digit");
  assert.equal(format(english, { count: 2 }, "en"), "2 digits");
  const polish = { plural: "count", forms: { one: "cyfra", few: "cyfry", many: "cyfr", other: "cyfry" } };
  assert.deepEqual(
    [1, 3, 5].map((count) => format(polish, { count }, "pl")),
    ["cyfra", "cyfry", "cyfr"],
  );
});

test("a form for exactly one number goes before the plural's", () => {
  const article = { plural: "digit", forms: { "=8": "an 8", other: "a {digit}" } };
  assert.equal(format(article, { digit: 8 }, "en"), "an 8");
  assert.equal(format(article, { digit: 18 }, "en"), "a 18");
});

test("places are counted as ordinals", () => {
  const forms = { one: "{place}st", two: "{place}nd", few: "{place}rd", other: "{place}th" };
  const place = { ordinal: "place", forms };
  assert.deepEqual(
    [1, 2, 3, 4, 11, 22].map((number) => format(place, { place: number }, "en")),
    ["1st", "2nd", "3rd", "4th", "11th", "22nd"],
  );
});
