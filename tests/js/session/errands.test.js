import assert from "node:assert/strict";
import { test } from "node:test";

import { beforeLogOut, runErrands } from "../../../static/js/session/errands.js";

const never = () => new Promise(() => {});

test("a log-out waits for the errands that there are, and not for ever", async () => {
  assert.equal(runErrands(), null);
  let open = null;
  beforeLogOut(() => open);
  assert.equal(runErrands(), null);

  let end;
  let isOver = false;
  open = new Promise((resolve) => {
    end = resolve;
  });
  const ended = runErrands(never).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  assert.equal(isOver, false);
  end();
  await ended;

  beforeLogOut(async () => {
    throw new Error("not sent");
  });
  await runErrands(never);

  open = never();
  const waits = [];
  await runErrands(async (ms) => waits.push(ms));
  assert.deepEqual(waits, [5000]);
});
