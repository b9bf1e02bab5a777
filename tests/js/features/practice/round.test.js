import assert from "node:assert/strict";
import { test } from "node:test";

import { Round } from "../../../../static/js/features/practice/round.js";

const sum = (a, b) => ({ before: `${a} + ${b} =`, after: "", answer: String(a + b), figures: 0 });
const QUESTIONS = [sum(1, 1), sum(2, 2), sum(3, 3), sum(4, 4)];
const BY_HAND = { isRead: true };

function answer(round, written) {
  round.mark(written, BY_HAND);
  round.next();
}

const asked = (round) => round.question.before;

test("what is right is not asked again", () => {
  const round = new Round(QUESTIONS);
  for (const { before, answer: right } of QUESTIONS) {
    assert.equal(asked(round), before);
    answer(round, right);
  }
  assert.ok(round.isOver);
  assert.deepEqual(round.outcome, { atOnce: QUESTIONS, later: [], still: [] });
  assert.equal(round.best, 4);
});

test("what is wrong comes back after two others", () => {
  const round = new Round(QUESTIONS);
  answer(round, "3");
  assert.equal(round.done, 0);
  answer(round, "4");
  answer(round, "6");
  assert.equal(asked(round), "1 + 1 =");
  assert.ok(round.isAgain);
  answer(round, "2");
  answer(round, "8");
  assert.ok(round.isOver);
  assert.deepEqual(round.outcome.later, [QUESTIONS[0]]);
  assert.equal(round.best, 4);
});

test("what goes wrong three times is left for another day", () => {
  const round = new Round(QUESTIONS.slice(0, 1));
  for (const comesBack of [true, true, false]) {
    assert.equal(round.comesBack, comesBack);
    answer(round, "");
  }
  assert.ok(round.isOver);
  assert.deepEqual(round.outcome, { atOnce: [], later: [], still: QUESTIONS.slice(0, 1) });
});

test("nothing is right that was not written", () => {
  const round = new Round(QUESTIONS);
  for (const written of ["12", "20", "", "0"]) {
    round.mark(written, BY_HAND);
    assert.equal(round.verdict.isRight, false, written);
    assert.equal(round.streak, 0);
  }
  for (const written of ["2", "02"]) {
    round.mark(written, BY_HAND);
    assert.equal(round.verdict.isRight, true, written);
    assert.equal(round.streak, 1);
  }
});

test("an answer that was misread is marked once more, before the next question", () => {
  const round = new Round(QUESTIONS);
  answer(round, "2");
  round.mark("1", BY_HAND);
  assert.equal(round.streak, 0);
  round.mark("4", { isRead: false });
  assert.equal(round.streak, 2);
  round.next();
  assert.equal(round.done, 2);
  round.next();
  assert.equal(round.done, 2);
});

test("a round outlives a reload, with its verdict", () => {
  const round = new Round(QUESTIONS);
  answer(round, "3");
  round.mark("4", BY_HAND);
  const again = Round.fromText(round.toText());
  assert.deepEqual(again.verdict, { written: "4", isRight: true, isRead: true });
  again.next();
  assert.equal(asked(again), "3 + 3 =");
  assert.equal(again.streak, 1);
});

test("a text that holds no round gives none", () => {
  const { questions, state } = JSON.parse(new Round(QUESTIONS).toText());
  const texts = [
    "", "7", "null", "{}",
    JSON.stringify({ questions, state: null }),
    JSON.stringify({ questions: [{}], state }),
    JSON.stringify({ questions, state: { ...state, queue: [9] } }),
    JSON.stringify({ questions, state: { ...state, misses: [] } }),
    JSON.stringify({ questions, state: { ...state, verdict: {} } }),
  ];
  for (const text of texts) assert.equal(Round.fromText(text), null, text);
});
