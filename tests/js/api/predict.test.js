import assert from "node:assert/strict";
import { test } from "node:test";

import { Predictor } from "../../../static/js/api/predict.js";

const PICTURE = new Blob(["ink"], { type: "image/png" });
const ANSWER = { digit: 7, digits: [{ digit: 7 }], text: "7" };

const json = (body, options) => new Response(JSON.stringify(body), options);
const problem = (status, detail, headers = {}) => json({ status, detail }, { status, headers });

/** A predictor whose network gives these responses in turn; an Error is thrown instead. */
function predictorGiven(...responses) {
  const sent = [];
  const pauses = [];
  const predictor = new Predictor("/predict", {
    fetch: async (url, options) => {
      sent.push({ url, ...options });
      const response = responses.shift();
      if (response instanceof Error) throw response;
      return response;
    },
    pause: async (ms) => pauses.push(ms),
  });
  return { predictor, sent, pauses };
}

test("it sends the picture's bytes with their type and asks for the 28×28 pictures", async () => {
  const { predictor, sent } = predictorGiven(json(ANSWER));
  assert.deepEqual(await predictor.read(PICTURE), ANSWER);
  assert.equal(sent[0].url, "/predict?normalised=1");
  assert.equal(sent[0].method, "POST");
  assert.equal(sent[0].headers["Content-Type"], "image/png");
  assert.equal(sent[0].body, PICTURE);
});

test("only the newest question is answered, and the one before is aborted", async () => {
  const replies = [];
  const predictor = new Predictor("/predict", {
    fetch: (url, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        replies.push(() => resolve(json(ANSWER)));
      }),
  });
  const first = predictor.read(PICTURE);
  const second = predictor.read(PICTURE);
  replies[1]();
  assert.equal(await first, null);
  assert.deepEqual(await second, ANSWER);
});

test("an answer that arrives late, after an abort, is not shown", async () => {
  let reply;
  const predictor = new Predictor("/predict", {
    fetch: () => new Promise((resolve) => (reply = () => resolve(json(ANSWER)))),
  });
  const reading = predictor.read(PICTURE);
  predictor.abort();
  reply();
  assert.equal(await reading, null);
});

const proxies = [problem(502, "x"), new Response("", { status: 503 }), problem(504, "x")];

for (const response of [new TypeError("Failed to fetch"), ...proxies]) {
  test(`no server behind ${response.status ?? response.message} means away`, async () => {
    const { predictor } = predictorGiven(response);
    await assert.rejects(predictor.read(PICTURE), { kind: "away", message: "The server cannot be reached." });
  });
}

test("a refusal is told in the server's own words", async () => {
  const { predictor } = predictorGiven(problem(415, "This is not a picture."));
  await assert.rejects(predictor.read(PICTURE), { kind: "refused", message: "This is not a picture." });
});

test("an error without words gets some", async () => {
  const { predictor } = predictorGiven(new Response("<h1>Too large</h1>", { status: 413 }));
  await assert.rejects(predictor.read(PICTURE), { kind: "refused", message: /error 413/ });
});

for (const response of [new Response("oops", { status: 500 }), new Response("<html>"), json({ hello: "portal" })]) {
  test(`what is no answer (${response.status}) is called the server's failure`, async () => {
    const { predictor } = predictorGiven(response);
    await assert.rejects(predictor.read(PICTURE), { kind: "broken" });
  });
}

test("too many at once is tried again, as late as the server asks", async () => {
  const busy = problem(429, "Too many.", { "Retry-After": "2" });
  const { predictor, pauses } = predictorGiven(busy, problem(429, "Too many."), json(ANSWER));
  assert.deepEqual(await predictor.read(PICTURE), ANSWER);
  assert.deepEqual(pauses, [2000, 1200]);
});

test("too many for too long is told", async () => {
  const { predictor } = predictorGiven(...Array.from({ length: 4 }, () => problem(429, "Too many.")));
  await assert.rejects(predictor.read(PICTURE), { kind: "busy", message: "Too many." });
});
