import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { Outbox } from "../../../../static/js/features/review/outbox.js";
import { Reviewing } from "../../../../static/js/features/review/reviewing.js";

const away = () => new ApiError("away", "The server cannot be reached.");

/** Timers that are rung by hand. */
class HandTimers {
  timer = null;

  setTimeout(act, ms) {
    this.timer = { act, ms };
    return this.timer;
  }

  clearTimeout(timer) {
    if (this.timer === timer) this.timer = null;
  }
}

/** A reviewer whose server has so many pictures, can be made to fail, and says what it was asked for. */
function reviewerOf(count, kept = "") {
  const world = { sent: [], asked: [], failures: [], discarded: [], refused: [], texts: [], clock: 1_000_000 };
  const waiting = Array.from({ length: count }, (_, index) => ({ id: `p${index}`, label: "3", digit: 7 }));
  const timers = new HandTimers();
  const fail = () => {
    if (world.failures.length > 0) throw world.failures.shift();
  };
  const outbox = new Outbox({
    send: async (entry) => {
      fail();
      world.sent.push(entry);
    },
    onChange: () => world.texts.push(outbox.toText()),
    onRefused: (entry, error) => world.refused.push([entry.id, error.status]),
    timers,
  });
  const reviewing = new Reviewing({
    outbox,
    next: async (claim, wanted) => {
      fail();
      world.asked.push([claim, wanted]);
      return { claim: "c", pictures: waiting.splice(0, wanted), left: count - world.sent.length, elsewhere: 0 };
    },
    load: async () => {},
    discard: ({ id }) => world.discarded.push(id),
    onChange: () => {},
    now: () => world.clock,
  });
  outbox.resume(kept);
  return { reviewing, outbox, timers, world, waiting };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the next pictures are ready before they are needed", async () => {
  const { reviewing, world } = reviewerOf(30);
  assert.equal(reviewing.state, "waiting");
  await reviewing.fill();
  assert.equal(reviewing.current.id, "p0");
  assert.equal(reviewing.left, 30);
  for (let index = 0; index < 7; index += 1) {
    reviewing.answer("7");
    assert.equal(reviewing.current.id, `p${index + 1}`);
  }
  await settled();
  assert.deepEqual(world.asked, [[null, 12], ["c", 7]]);
  assert.deepEqual(world.sent.map(({ id, label }) => [id, label]).at(-1), ["p6", "7"]);
  assert.equal(reviewing.reviewed, 7);
});

test("Enter confirms the label, or else what the network read", async () => {
  const { reviewing, world, waiting } = reviewerOf(3);
  waiting[1].label = null;
  Object.assign(waiting[2], { label: null, digit: null });
  await reviewing.fill();
  for (let index = 0; index < 3; index += 1) reviewing.confirm();
  await settled();
  assert.deepEqual(world.sent.map(({ label }) => label), ["3", "7", "none"]);
  assert.equal(reviewing.state, "end");
  reviewing.confirm();
  assert.equal(reviewing.reviewed, 3);
});

test("without pictures it is at its end", async () => {
  const { reviewing } = reviewerOf(0);
  await reviewing.fill();
  assert.equal(reviewing.state, "end");
  assert.equal(reviewing.canUndo, false);
  reviewing.undo();
});

test("an undo brings the picture back, and is sent after the answer", async () => {
  const { reviewing, world } = reviewerOf(3);
  await reviewing.fill();
  reviewing.answer("1");
  reviewing.answer("2");
  await settled();
  reviewing.undo();
  assert.equal(reviewing.current.id, "p1");
  assert.equal(reviewing.reviewed, 1);
  reviewing.answer(null);
  await settled();
  assert.deepEqual(world.sent, [
    { id: "p0", label: "1" },
    { id: "p1", label: "2" },
    { id: "p1", isUndo: true },
    { id: "p1", label: null },
  ]);
});

test("while the server is away, answers are kept in order, and what was not tried can be undone here", async () => {
  const { reviewing, outbox, world } = reviewerOf(5);
  await reviewing.fill();
  world.failures.push(away());
  reviewing.answer("1");
  await settled();
  world.failures.push(away(), away());
  reviewing.answer("2");
  await settled();
  assert.equal(outbox.problem.kind, "away");
  assert.equal(outbox.size, 2);
  reviewing.undo();
  assert.equal(outbox.size, 1);
  reviewing.undo();
  assert.equal(outbox.size, 2, "the first may have arrived");
  await settled();
  world.failures.length = 0;
  await outbox.flush();
  assert.deepEqual(world.sent, [{ id: "p0", label: "1" }, { id: "p0", isUndo: true }]);
  assert.equal(outbox.problem, null);
});

test("answers outlive a reload, and their pictures are not shown again", async () => {
  const first = reviewerOf(3);
  await first.reviewing.fill();
  first.world.failures.push(away());
  first.reviewing.answer("1");
  await settled();
  const second = reviewerOf(3);
  second.world.failures.push(away());
  second.outbox.resume(first.outbox.toText());
  await settled();
  await second.reviewing.fill();
  assert.equal(second.reviewing.current.id, "p1");
  assert.equal(second.reviewing.left, 2);
});

test("what is left when the page goes is the latest of each picture", async () => {
  const { reviewing, outbox, world } = reviewerOf(3);
  await reviewing.fill();
  world.failures.push(away());
  reviewing.answer("1");
  await settled();
  world.failures.push(away(), away(), away());
  reviewing.undo();
  reviewing.answer("2");
  reviewing.answer("3");
  await settled();
  assert.deepEqual(outbox.latest, [{ id: "p0", label: "2" }, { id: "p1", label: "3" }]);
});

test("it is not at its end before all answers are sent", async () => {
  const { reviewing, outbox, world } = reviewerOf(1);
  await reviewing.fill();
  world.failures.push(away(), away());
  reviewing.answer("1");
  await settled();
  await reviewing.fill();
  assert.equal(reviewing.state, "waiting");
  await outbox.flush();
  assert.equal(reviewing.state, "end");
});

test("what the server refuses is told and stops nothing", async () => {
  const { reviewing, world } = reviewerOf(3);
  await reviewing.fill();
  world.failures.push(new ApiError("refused", "It is gone.", 404));
  reviewing.answer("1");
  await settled();
  reviewing.answer("2");
  await settled();
  assert.deepEqual(world.refused, [["p0", 404]]);
  assert.deepEqual(world.sent, [{ id: "p1", label: "2" }]);
});

test("a server that is busy is asked again after a while", async () => {
  const { reviewing, world, timers, outbox } = reviewerOf(3);
  await reviewing.fill();
  world.failures.push(new ApiError("busy", "Wait.", 429, 1500));
  reviewing.answer("1");
  await settled();
  assert.equal(timers.timer.ms, 1500);
  timers.timer.act();
  await settled();
  assert.equal(outbox.size, 0);
  world.failures.push(new ApiError("loggedOut", "You are logged out.", 401));
  reviewing.answer("2");
  await settled();
  assert.equal(timers.timer, null);
  assert.equal(outbox.problem.kind, "loggedOut");
});

test("pictures that were ready too long are asked for anew once somebody answers", async () => {
  const { reviewing, world, waiting } = reviewerOf(14);
  await reviewing.fill();
  waiting.unshift({ id: "p0", label: "3", digit: 7 });
  world.clock += 600_000;
  world.failures.push(away());
  await reviewing.fill();
  assert.equal(reviewing.current.id, "p0");
  assert.deepEqual(world.discarded, []);
  assert.equal(reviewing.problem.kind, "away");
  await reviewing.fill();
  assert.equal(world.discarded.length, 12);
  assert.equal(reviewing.current.id, "p0");
  assert.deepEqual(world.asked[1], [null, 12]);
});

test("where there is nothing to show, the problem is", async () => {
  const { reviewing, world } = reviewerOf(1);
  world.failures.push(away());
  await reviewing.fill();
  assert.equal(reviewing.state, "problem");
  await reviewing.fill();
  assert.equal(reviewing.state, "picture");
});
