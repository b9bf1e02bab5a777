import assert from "node:assert/strict";
import { test } from "node:test";

import { Applier } from "../../../static/js/api/apply.js";
import { ApiError } from "../../../static/js/api/error.js";

const PICTURE = [[1, -2]];
const RESULT = { shape: [1, 2], data: Buffer.from(new Float32Array([0.5, -3]).buffer).toString("base64") };

function answer(status, body) {
  return new Response(JSON.stringify(body), { status });
}

function applier(fetch) {
  return new Applier("/apply", { fetch, pause: async () => {} });
}

test("the picture is sent with its operation", async () => {
  const sent = [];
  const result = await applier(async (url, { body }) => {
    sent.push([url, JSON.parse(body)]);
    return answer(200, { result: RESULT });
  }).apply(PICTURE, "max", { size: 2 });
  assert.deepEqual(sent, [["/apply", { picture: [[1, -2]], operation: "max", size: 2 }]]);
  assert.deepEqual(result, { shape: [1, 2], values: Float32Array.of(0.5, -3) });
});

test("only the newest question is asked and answered", async () => {
  let asked = 0;
  const one = applier(async () => {
    asked += 1;
    return answer(200, { result: RESULT });
  });
  const [first, second] = await Promise.all([one.apply(PICTURE, "relu"), one.apply(PICTURE, "relu")]);
  assert.equal(first, null);
  assert.ok(second);
  assert.equal(asked, 1);
});

test("too many at once is worth another try", async () => {
  const answers = [answer(429, {}), answer(429, {}), answer(200, { result: RESULT })];
  assert.ok(await applier(async () => answers.shift()).apply(PICTURE, "relu"));
});

for (const [name, fetch, message, isAway] of [
  ["a refusal says why", async () => answer(400, { detail: "A kernel is missing." }), "A kernel is missing.", false],
  ["a failure has words", async () => answer(500, null), "Something went wrong on the server. Try again.", false],
  ["a proxy alone is no server", async () => answer(502, null), "The server cannot be reached.", true],
  ["no network is no server", () => Promise.reject(new TypeError("offline")), "The server cannot be reached.", true],
]) {
  test(name, async () => {
    await assert.rejects(applier(fetch).apply(PICTURE, "relu"), (error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.message, message);
      assert.equal(error.isAway, isAway);
      return true;
    });
  });
}
