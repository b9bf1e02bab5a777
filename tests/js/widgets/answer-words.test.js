import assert from "node:assert/strict";
import { test } from "node:test";

import { describe } from "../../../static/js/widgets/answer-words.js";

const found = (digit, confidence) => ({ digit, confidence, probabilities: [], box: [0, 0, 1, 1] });
const single = (digit, confidence) => ({ digits: [found(digit, confidence)], text: String(digit), refusal: null });

for (const [digit, confidence, words] of [
  [7, 0.9981, "This is a 7"],
  [7, 0.9, "This is a 7"],
  [7, 0.8999, "Probably a 7"],
  [7, 0.6, "Probably a 7"],
  [7, 0.5999, "Perhaps a 7"],
  [8, 0.95, "This is an 8"],
]) {
  test(`${digit} at ${confidence} reads “${words}”`, () => {
    const answer = describe(single(digit, confidence));
    assert.equal(answer.words, words);
    assert.equal(answer.shown, String(digit));
    assert.equal(answer.kind, "digit");
  });
}

for (const [confidence, words] of [[0.85, "Probably a 7, perhaps a 1"], [0.55, "Perhaps a 7, or a 1"]]) {
  test(`where a 1 is near a 7 at ${confidence}, both are named`, () => {
    const digits = [{ ...found(7, confidence), alternatives: [1, 9] }];
    assert.equal(describe({ digits, text: "7", refusal: null }).words, words);
  });
}

const BECAUSE = { code: "crossed_seven_beside", message: "A 7 is crossed, so this is a 1." };

test("what decided between two digits is said after how sure it is", () => {
  const answer = describe({ digits: [{ ...found(1, 0.97), because: BECAUSE }], text: "1", refusal: null });
  assert.match(answer.detail, /97.* A 7 is crossed, so this is a 1\.$/);
});

test("what decided on several digits is said once", () => {
  const one = { ...found(1, 0.97), because: BECAUSE };
  const { detail } = describe({ digits: [one, { ...found(7, 0.99), because: null }, one], text: "171", refusal: null });
  assert.equal(detail.split(BECAUSE.message).length, 2);
});

test("a refusal gives the server's message and never a digit", () => {
  const refusal = { code: "blank", message: "I can't see a digit here: the page is blank" };
  const answer = describe({ digits: [], text: "", refusal });
  assert.equal(answer.kind, "refusal");
  assert.equal(answer.words, refusal.message);
  assert.equal(answer.shown, "");
});

test("several digits are shown as the text they spell, with the weakest named", () => {
  const digits = [found(4, 0.99), found(8, 0.55), found(1, 0.97)];
  const answer = describe({ digits, text: "48\n1", refusal: null });
  assert.equal(answer.kind, "number");
  assert.equal(answer.shown, "48\n1");
  assert.equal(answer.words, "3 digits");
  assert.equal(answer.spoken, "4 8, 1");
  assert.equal(answer.detail, "Least sure of the 2nd digit, an 8: 55.0\u00a0%");
});

test("what the weakest of several may be, too, is named", () => {
  const weakest = { ...found(7, 0.62), alternatives: [1] };
  const answer = describe({ digits: [found(4, 0.99), weakest], text: "47", refusal: null });
  assert.equal(answer.detail, "Least sure of the 2nd digit, a 7: 62.0\u00a0%, perhaps a 1");
});

test("several sure digits are called sure", () => {
  const answer = describe({ digits: [found(4, 0.99), found(2, 0.95)], text: "42", refusal: null });
  assert.equal(answer.detail, "Sure of each digit, at least 95.0\u00a0%");
});

test("what was left out is a warning of its own, and the digits are the first ones", () => {
  const unfinished = { code: "runs_together", message: "The rest is left out." };
  const one = describe({ ...single(7, 0.9981), unfinished });
  assert.equal(one.words, "This is a 7");
  assert.equal(one.detail, "99.8\u00a0% sure");
  assert.equal(one.warning, unfinished.message);
  const digits = [found(4, 0.99), found(2, 0.95)];
  const two = describe({ digits, text: "42", refusal: null, unfinished });
  assert.equal(two.words, "The first 2 digits");
  assert.match(two.detail, /at least /);
  assert.equal(two.warning, unfinished.message);
  assert.equal(describe({ digits, text: "42", refusal: null, unfinished: null }).warning, "");
});

for (const [leftOut, words] of [
  [[["not_a_digit", 90]], "One thing is as tall as a digit: see whether it is one."],
  [
    [["not_a_digit", 90], ["unsure", 80], ["cut_off", 79]],
    "2 things are as tall as a digit: see whether they are digits.",
  ],
  [[["not_a_digit", 60], ["frame", 400], ["line", 100], ["small", 30]], ""],
]) {
  test(`of ${leftOut.join(" ")} beside digits of 100 pixels is said: “${words}”`, () => {
    const digits = [100, 50, 120].map((height) => ({ ...found(4, 0.99), box: [0, 0, 60, height] }));
    const left_out = leftOut.map(([why, height]) => ({ why, box: [0, 0, 50, height] }));
    const { warning } = describe({ digits, text: "444", refusal: null, left_out });
    assert.match(warning, /^Left out: [^.]+\./);
    assert.equal(warning.replace(/^[^.]+\. ?/, ""), words);
  });
}

for (const [place, name] of [[1, "1st"], [3, "3rd"], [4, "4th"], [11, "11th"], [12, "12th"], [21, "21st"]]) {
  test(`the weakest of many is named by its place: ${name}`, () => {
    const digits = Array.from({ length: 22 }, (_, i) => found(5, i === place - 1 ? 0.4 : 0.99));
    assert.match(describe({ digits, text: "5".repeat(22), refusal: null }).detail, new RegExp(` ${name} digit, a 5`));
  });
}
