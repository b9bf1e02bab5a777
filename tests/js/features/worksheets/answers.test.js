import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { Answers } from "../../../../static/js/features/worksheets/answers.js";

/** Answers of a server that can be made to fail, and says what was sent to it. */
function begun(numbers) {
  const world = { sent: [], failures: [] };
  const answers = new Answers({
    send: async ({ url }, decision) => {
      if (world.failures.length > 0) throw world.failures.shift();
      world.sent.push([url, decision]);
    },
    onChange: () => {},
  });
  answers.begin(numbers.map((number, index) => ({ url: `a${index}`, number })));
  return { answers, world };
}

test("one answer after the other is decided, and sent in order", async () => {
  const { answers, world } = begun([1, 1, 2]);
  assert.equal(answers.alike, 2);
  answers.decide({ mark: "right" });
  await answers.decide({ written: "12" });
  assert.deepEqual(world.sent, [
    ["a0", { mark: "right" }],
    ["a1", { written: "12" }],
  ]);
  assert.equal(answers.current.url, "a2");
  assert.equal(answers.left, 1);
  assert.equal(answers.next, null);
});

test("it is known whether the server has all that was decided", async () => {
  const { answers } = begun([1, 2]);
  assert.equal(answers.isSending, false);
  const first = answers.decide({ mark: "right" });
  const last = answers.decide({ mark: "wrong" });
  assert.equal(answers.current, null);
  await first;
  assert.equal(answers.isSending, true);
  await last;
  assert.equal(answers.isSending, false);
});

test("undo brings the last one back", async () => {
  const { answers, world } = begun([1, 2]);
  assert.equal(answers.canUndo, false);
  answers.decide({ mark: "wrong" });
  await answers.undo();
  assert.equal(answers.current.url, "a0");
  assert.deepEqual(world.sent.at(-1), ["a0", { undo: true }]);
  assert.equal(answers.canUndo, false);
  await answers.undo();
  assert.equal(world.sent.length, 2);
});

test("what is left for later comes at the end", () => {
  const { answers } = begun([1, 2]);
  answers.later();
  assert.equal(answers.current.url, "a1");
  assert.equal(answers.left, 2);
});

test("what the server did not take waits again, with the reason", async () => {
  const { answers, world } = begun([1, 2]);
  world.failures.push(new ApiError("away", "The server cannot be reached."));
  await answers.decide({ mark: "right" });
  assert.equal(answers.current.url, "a0");
  assert.equal(answers.problem.message, "The server cannot be reached.");
  assert.equal(answers.canUndo, false);
  await answers.decide({ mark: "right" });
  assert.equal(answers.problem, null);
  assert.equal(answers.current.url, "a1");
  world.failures.push(new ApiError("away", "The server cannot be reached."));
  await answers.undo();
  assert.equal(answers.current.url, "a1");
  assert.equal(answers.canUndo, true);
});

test("nothing is sent where nothing waits", async () => {
  const { answers, world } = begun([]);
  await answers.decide({ mark: "right" });
  answers.later();
  assert.equal(answers.current, null);
  assert.deepEqual(world.sent, []);
});
