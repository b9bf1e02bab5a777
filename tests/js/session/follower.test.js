import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/api/error.js";
import { Connection } from "../../../static/js/session/connection.js";
import { Follower } from "../../../static/js/session/follower.js";

/** A clock whose one timer is fired by hand. */
class Clock {
  #act = null;
  wait = null;
  setTimeout(act, ms) {
    [this.#act, this.wait] = [act, ms];
    return act;
  }
  clearTimeout(timer) {
    if (timer === this.#act) [this.#act, this.wait] = [null, null];
  }
  async fire() {
    const act = this.#act;
    [this.#act, this.wait] = [null, null];
    act();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function following(answer) {
  const state = { isAtWork: true, asked: 0, said: [] };
  const page = Object.assign(new EventTarget(), { hidden: false });
  const clock = new Clock();
  const connection = new Connection(async () => false, new Clock());
  const task = {
    isAtWork: () => state.isAtWork,
    ask: async () => {
      state.asked += 1;
      return answer(state);
    },
    say: (error) => state.said.push(error?.kind ?? null),
    pauseMs: 400,
  };
  new Follower(connection, task, { page, timers: clock });
  const turn = (hidden) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { state, clock, connection, turn };
}

test("it asks again after each answer, and no more when there is nothing to follow", async () => {
  const { state, clock } = following(() => {});
  assert.equal(clock.wait, 400);
  await clock.fire();
  await clock.fire();
  assert.deepEqual([state.asked, clock.wait, state.said], [2, 400, [null, null]]);
  state.isAtWork = false;
  await clock.fire();
  assert.deepEqual([state.asked, clock.wait], [2, null]);
});

test("a server that says when it may be asked again is asked then", async () => {
  const { clock } = following(async () => 3000);
  await clock.fire();
  assert.equal(clock.wait, 3000);
});

test("one question waits for its answer, whatever happens", async () => {
  let answer;
  const { state, clock, turn } = following(() => new Promise((resolve) => (answer = resolve)));
  await clock.fire();
  turn(false);
  turn(false);
  assert.equal(state.asked, 1);
  answer();
  await settled();
  assert.equal(clock.wait, 400);
});

test("a hidden tab asks nothing, and asks at once when it is seen", async () => {
  const { state, clock, turn } = following(() => {});
  turn(true);
  assert.deepEqual([state.asked, clock.wait], [0, null]);
  turn(false);
  await settled();
  assert.deepEqual([state.asked, clock.wait], [1, 400]);
});

test("while nobody answers the connection asks; when it is back, this goes on", async () => {
  let isAway = true;
  const { state, clock, connection } = following(() => {
    if (isAway) throw new ApiError("away");
  });
  await clock.fire();
  assert.deepEqual([connection.state, clock.wait, state.said], ["down", null, ["away"]]);
  isAway = false;
  connection.reportAnswer();
  await settled();
  assert.deepEqual([state.asked, clock.wait, state.said], [2, 400, ["away", null]]);
});

test("who is refused asks less often", async () => {
  const { state, clock } = following(() => {
    throw new ApiError("refused", "Log in again.");
  });
  await clock.fire();
  assert.deepEqual([state.said, clock.wait], [["refused"], 5000]);
});
