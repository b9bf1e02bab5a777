import assert from "node:assert/strict";
import { test } from "node:test";

import { Connection, retryDelay } from "../../../static/js/session/connection.js";

/** A clock that is wound by hand: it holds at most one timer, as the connection does. */
class HandClock {
  timer = null;

  setTimeout(callback, delay) {
    this.timer = { callback, delay };
    return this.timer;
  }

  clearTimeout(timer) {
    if (this.timer === timer) this.timer = null;
  }

  async ring() {
    const { callback } = this.timer;
    this.timer = null;
    await callback();
  }
}

function connectionTo(answers) {
  const clock = new HandClock();
  const connection = new Connection(async () => answers.shift(), clock);
  const states = [];
  connection.subscribe((state) => states.push(state));
  return { connection, clock, states };
}

test("the wait between tries doubles, up to 15 seconds", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 50].map(retryDelay), [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("it begins as connecting, and is up when the server answers", async () => {
  const { connection, states } = connectionTo([true]);
  assert.equal(connection.state, "connecting");
  await connection.checkNow();
  assert.deepEqual(states, ["up"]);
});

test("it keeps trying while the server is away, and says once when it is back", async () => {
  const { connection, clock, states } = connectionTo([true, false, false, true, true]);
  await connection.checkNow();
  await clock.ring();
  assert.equal(clock.timer.delay, 1000);
  await clock.ring();
  assert.equal(clock.timer.delay, 2000);
  await clock.ring();
  await clock.ring();
  assert.deepEqual(states, ["up", "down", "up"]);
});

test("another request's fate counts too", async () => {
  const { connection, clock, states } = connectionTo([]);
  connection.reportSilence();
  assert.equal(clock.timer.delay, 1000);
  connection.reportAnswer();
  assert.deepEqual(states, ["down", "up"]);
});

test("where the check is answered and the requests are not, the waits grow all the same", async () => {
  const { connection, clock } = connectionTo([true, true, true]);
  const delays = [];
  for (let i = 0; i < 3; i += 1) {
    connection.reportSilence();
    delays.push(clock.timer.delay);
    await clock.ring();
  }
  assert.deepEqual(delays, [1000, 2000, 4000]);
});

test("after a success the waits begin short again", async () => {
  const { connection, clock } = connectionTo([]);
  for (let i = 0; i < 5; i += 1) connection.reportSilence();
  connection.reportAnswer();
  connection.reportSilence();
  assert.equal(clock.timer.delay, 1000);
});

test("only one check is under way at a time", async () => {
  let asked = 0;
  const connection = new Connection(async () => {
    asked += 1;
    return true;
  }, new HandClock());
  await Promise.all([connection.checkNow(), connection.checkNow()]);
  assert.equal(asked, 1);
});
