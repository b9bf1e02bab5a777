import assert from "node:assert/strict";
import { test } from "node:test";

import { fitInto } from "../../../../static/js/features/live/answer-view.js";
import { constraintsFor, troubleOf } from "../../../../static/js/features/live/camera.js";
import { sizeToSend } from "../../../../static/js/features/live/frames.js";
import { isCode } from "../../../../static/js/text/catalogue.js";

const REFUSALS = [
  ["NotAllowedError", "Permission denied", "denied"],
  ["NotAllowedError", "Permission denied by system", "system"],
  ["SecurityError", "", "denied"],
  ["NotFoundError", "", "none"],
  ["OverconstrainedError", "", "none"],
  ["NotReadableError", "Device in use", "busy"],
  ["AbortError", "", "busy"],
  ["TypeError", "", "failed"],
];

for (const [name, message, trouble] of REFUSALS) {
  test(`${name} ${message} is said to be: ${trouble}`, () => {
    assert.equal(troubleOf({ name, message }), trouble);
    assert.ok(isCode(`live.${trouble}`));
  });
}

test("a camera that was chosen is asked for by its id, else one side of the phone", () => {
  assert.deepEqual(constraintsFor({ id: "a" }).video.deviceId, { exact: "a" });
  assert.deepEqual(constraintsFor({}).video.facingMode, { ideal: "environment" });
  assert.equal(constraintsFor({ side: "user" }).audio, false);
});

test("frames are made smaller, never larger", () => {
  assert.deepEqual(sizeToSend(640, 480), { width: 480, height: 360 });
  assert.deepEqual(sizeToSend(720, 1280), { width: 270, height: 480 });
  assert.deepEqual(sizeToSend(320, 240), { width: 320, height: 240 });
});

test("a picture lies in the middle of a place of another shape", () => {
  const { scale, left, top } = fitInto({ width: 100, height: 100 }, { width: 400, height: 200 });
  assert.deepEqual({ scale, left, top }, { scale: 2, left: 100, top: 0 });
});
