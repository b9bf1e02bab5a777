import assert from "node:assert/strict";
import { test } from "node:test";

import { Maker } from "../../../static/js/api/generate.js";

const SHEET = new Blob(["sheet"], { type: "image/png" });

/** A maker whose network gives these responses in turn, and what it sends. */
function makerGiven(...responses) {
  const sent = [];
  const fetch = async (url, options) => {
    sent.push({ url, ...options });
    return responses.shift();
  };
  return { maker: new Maker("/generate", { fetch, pause: async () => {} }), sent };
}

test("a sheet is what is ordered", async () => {
  const { maker, sent } = makerGiven(new Response(SHEET));
  const sheet = await maker.make({ digits: "7", count: 3 });
  assert.equal(await sheet.text(), "sheet");
  assert.equal(sent[0].url, "/generate?as=png");
  assert.equal(sent[0].headers["Content-Type"], "application/json");
  assert.deepEqual(JSON.parse(sent[0].body), { digits: "7", count: 3 });
});

test("a file is of its kind", async () => {
  const { maker, sent } = makerGiven(new Response(SHEET));
  await maker.file({ digits: "7" }, "zip");
  assert.equal(sent[0].url, "/generate?as=zip");
});

test("of several orders only the newest is answered", async () => {
  const replies = [];
  const fetch = (url, { signal }) =>
    new Promise((resolve, reject) => {
      replies.push(() => resolve(new Response(SHEET)));
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const maker = new Maker("/generate", { fetch });
  const first = maker.make({ digits: "1" });
  const second = maker.make({ digits: "2" });
  assert.equal(await first, null);
  replies[1]();
  assert.equal(await (await second).text(), "sheet");
});

test("what the server says is wrong is an error", async () => {
  const body = JSON.stringify({ detail: "I can't see a digit here." });
  const { maker } = makerGiven(new Response(body, { status: 400 }));
  await assert.rejects(maker.make({}), { kind: "refused", message: "I can't see a digit here." });
});
