import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../../static/js/api/client.js";
import { ApiError } from "../../../static/js/api/error.js";

const problem = (status, detail, headers = {}) => new Response(JSON.stringify({ status, detail }), { status, headers });

/** A client whose network gives these responses in turn; an Error is thrown instead. */
function clientGiven(...responses) {
  const pauses = [];
  const client = new Client({
    fetch: async () => {
      const response = responses.shift();
      if (response instanceof Error) throw response;
      return response;
    },
    pause: async (ms) => pauses.push(ms),
  });
  return { client, pauses };
}

/** A network that never answers. */
function silence(url, { signal }) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

for (const [name, response, kind, message] of [
  ["no network", new TypeError("Failed to fetch"), "away", "The server cannot be reached."],
  ["a proxy without the program (502)", problem(502, "No upstream."), "away", "The server cannot be reached."],
  ["a proxy without the program (503)", new Response("", { status: 503 }), "away", "The server cannot be reached."],
  ["a proxy that waited too long (504)", new Response("", { status: 504 }), "away", "The server cannot be reached."],
  ["the program's own 503", problem(503, "The disk is full."), "broken", "The disk is full."],
  ["the program's own 503 for now", problem(503, "No room.", { "Retry-After": "5" }), "busy", "No room."],
  ["a limit", problem(429, "Wait a moment."), "busy", "Wait a moment."],
  ["nobody logged in", problem(401, "Log in."), "loggedOut", "You are logged out."],
  ["a refusal", problem(415, "This is not a picture."), "refused", "This is not a picture."],
  ["a refusal without words", new Response("<h1>", { status: 413 }), "refused", /error 413/],
  ["a failure", problem(500, "Something broke."), "broken", "Something broke."],
  ["a page in place of JSON", new Response("<html>"), "broken", /went wrong/],
]) {
  test(`${name} is told as “${kind}”`, async () => {
    const { client } = clientGiven(response);
    await assert.rejects(client.post("/x"), { name: "ApiError", kind, message });
  });
}

test("what is not the answer that was asked for is the server's failure", async () => {
  const { client } = clientGiven(new Response('{"hello": "portal"}'));
  await assert.rejects(client.post("/x", { isAnswer: ({ digits }) => Boolean(digits) }), { kind: "broken" });
});

test("a busy server is asked again, later each time, and as late as it asks", async () => {
  const late = problem(503, "No room.", { "Retry-After": "60" });
  const { client, pauses } = clientGiven(problem(429), problem(429), late, new Response("{}"));
  assert.deepEqual(await client.post("/x", { tries: 4 }), {});
  assert.deepEqual(pauses, [600, 1200, 5000]);
});

test("a request that is dropped while it waits is overtaken", async () => {
  const question = new AbortController();
  const client = new Client({
    fetch: async () => problem(429),
    pause: async () => question.abort(),
  });
  await assert.rejects(client.post("/x", { tries: 3, signal: question.signal }), { kind: "overtaken" });
});

test("a request that is dropped ends, though the server never answers", async () => {
  const question = new AbortController();
  const asking = new Client({ fetch: silence }).post("/x", { signal: question.signal });
  question.abort();
  await assert.rejects(asking, { kind: "overtaken" });
});

test("a server that stops in the middle of its answer is slow too", async () => {
  const half = (url, { signal }) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("{"));
          signal.addEventListener("abort", () => controller.error(signal.reason));
        },
      }),
    );
  await assert.rejects(new Client({ fetch: async (...asked) => half(...asked) }).post("/x", { patience: 1 }), {
    kind: "slow",
  });
});

test("a server that does not answer in time is slow, which is as good as away", async () => {
  await assert.rejects(new Client({ fetch: silence }).post("/x", { patience: 1 }), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.kind, "slow");
    assert.equal(error.message, "The server is taking too long.");
    return error.isAway;
  });
});
