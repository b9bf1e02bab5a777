import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { FrameSender } from "../../../../static/js/features/live/frame-sender.js";

/** A sender with a clock of its own, which stops by itself after so many pauses. */
function senderWith({ ask, grab = async () => ({ blob: "frame" }), pauses = 5, againMs }) {
  const log = { waits: [], answers: [], problems: [], leftOut: [], time: 0 };
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const sender = new FrameSender({
    grab,
    ask: (frame, signal) => ask(frame, signal, log),
    onAnswer: (answer) => log.answers.push(answer),
    onProblem: (error) => log.problems.push(error.kind),
    ...(againMs && { againMs }),
    onLeftOut: (count) => log.leftOut.push(count),
    now: () => log.time,
    pause: async (ms) => {
      log.waits.push(ms);
      log.time += ms;
      if (log.waits.length === pauses) {
        sender.stop();
        finish();
      }
    },
  });
  return { sender, log, finished };
}

test("the next frame goes out only when the last answer is in", async () => {
  let underWay = 0;
  let most = 0;
  const { sender, log, finished } = senderWith({
    ask: async (_, __, { answers }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return answers.length;
    },
  });
  sender.start();
  sender.start();
  await finished;
  assert.equal(most, 1);
  assert.deepEqual(log.answers, [0, 1, 2, 3, 4]);
});

test("a quick server is asked ten times a second, a slow one as soon as it has answered", async () => {
  const times = [20, 250];
  const { sender, log, finished } = senderWith({
    ask: async (_, __, world) => {
      world.time += times.shift();
    },
    pauses: 2,
  });
  sender.start();
  await finished;
  assert.deepEqual(log.waits, [80, 0]);
});

test("the next frame waits until the server wants it, and those that are left out meanwhile are counted", async () => {
  const wanted = [0, 70, 130, 480];
  const { sender, log, finished } = senderWith({
    ask: async (_, __, world) => {
      world.time += 20;
      return wanted.shift();
    },
    againMs: (answer) => answer,
    pauses: 4,
  });
  sender.start();
  await finished;
  assert.deepEqual(log.waits, [80, 80, 130, 480]);
  assert.deepEqual(log.leftOut, [4]);
});

test("after too many requests it waits as long as the server asks, and then asks less often", async () => {
  let asked = 0;
  const { sender, log, finished } = senderWith({
    ask: async () => {
      asked += 1;
      if (asked === 1) throw new ApiError("busy", "", 429, 3000);
    },
    pauses: 2,
  });
  sender.start();
  await finished;
  assert.deepEqual(log.problems, ["busy"]);
  assert.deepEqual(log.waits, [3000, 190]);
});

test("where nobody answers it stops, until it is started again", async () => {
  let isAway = true;
  const { sender, log, finished } = senderWith({
    ask: async () => {
      if (isAway) throw new ApiError("away");
      return "7";
    },
    pauses: 1,
  });
  sender.start();
  await new Promise(setImmediate);
  assert.equal(sender.isRunning, false);
  assert.deepEqual(log.problems, ["away"]);
  isAway = false;
  sender.start();
  await finished;
  assert.deepEqual(log.answers, ["7"]);
});

test("an answer that comes after it was stopped is dropped", async () => {
  let answer;
  const { sender, log } = senderWith({ ask: () => new Promise((resolve) => (answer = resolve)) });
  sender.start();
  await new Promise(setImmediate);
  sender.stop();
  answer("7");
  await new Promise(setImmediate);
  assert.deepEqual(log.answers, []);
});
