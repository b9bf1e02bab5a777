import assert from "node:assert/strict";
import { test } from "node:test";

import { Round } from "../../../../static/js/features/practice/round.js";
import {
  describeVerdict, progressOf, solutionOf, spokenQuestion,
} from "../../../../static/js/features/practice/words.js";

const SUM = { before: "9 + 6 =", after: "", answer: "15", figures: 0 };
const GAP = { before: "2,", after: ", 6, 8", answer: "4", figures: 0 };
const FIRST = { before: "", after: "+ 5 = 8", answer: "3", figures: 0 };
const DOTS = { before: "How many?", after: "", answer: "7", figures: 7 };

test("a question is said with its gap, and its solution without", () => {
  assert.equal(spokenQuestion(SUM), "9 + 6 = what?");
  assert.equal(spokenQuestion(GAP), "2, what?, 6, 8");
  assert.equal(solutionOf(GAP), "2, 4, 6, 8");
  assert.equal(solutionOf(FIRST), "3 + 5 = 8");
  assert.equal(solutionOf(DOTS), "There are 7 dots.");
});

test("a verdict says what was read, what is right, and what comes", () => {
  const round = new Round([SUM, DOTS]);
  assert.equal(progressOf(round), "0 of 2 done");
  round.mark("16", { isRead: true });
  const wrong = { told: "Not quite", detail: "I read 16. 9 + 6 = 15. It comes back in a moment." };
  assert.deepEqual(describeVerdict(round), wrong);
  assert.equal(progressOf(round), "0 of 2 done");
  round.next();
  round.mark("", { isRead: false });
  const unknown = { told: "Here it is", detail: "There are 7 dots. It comes back in a moment." };
  assert.deepEqual(describeVerdict(round), unknown);
  round.next();
  assert.equal(progressOf(round), "0 of 2 done · once more");
  round.mark("15", { isRead: true });
  assert.deepEqual(describeVerdict(round), { told: "Right!", detail: "9 + 6 = 15." });
  assert.equal(progressOf(round), "1 of 2 done · once more");
  round.next();
  round.mark("7", { isRead: true });
  assert.deepEqual(describeVerdict(round), { told: "Well done!", detail: "There are 7 dots. 2 in a row." });
});
