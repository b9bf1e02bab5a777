import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/api/error.js";
import { Sender } from "../../../static/js/api/sender.js";

const json = (body, options) => new Response(JSON.stringify(body), options);
const problem = (status, detail) => json({ status, detail }, { status });

/** A sender whose network gives these responses in turn; an Error is thrown instead. */
function senderGiven(...responses) {
  const sent = [];
  const sender = new Sender({
    token: "old",
    renew: async () => "new",
    fetch: async (url, options) => {
      sent.push({ url, ...options });
      const response = responses.shift();
      if (response instanceof Error) throw response;
      return response;
    },
  });
  return { sender, sent };
}

test("it carries the token, asks for JSON, and names a picture's type", async () => {
  const { sender, sent } = senderGiven(json({ image_id: "a" }));
  const picture = new Blob(["ink"], { type: "image/png" });
  assert.deepEqual(await sender.post("/predict?store=1", picture), { image_id: "a" });
  assert.equal(sent[0].method, "POST");
  assert.deepEqual(sent[0].headers, { Accept: "application/json", "X-CSRFToken": "old", "Content-Type": "image/png" });
  assert.equal(sent[0].body, picture);
});

test("what a page sends as it is left is with the browser before there is another turn", async () => {
  const { sender, sent } = senderGiven(json({}), json({}));
  const sending = sender.post("/predict?store=1", new Blob(["ink"]), { isLast: true });
  assert.equal(sent[0].keepalive, true);
  await sending;
  await sender.post("/label", new URLSearchParams());
  assert.equal(sent[1].keepalive, false);
});

test("a stale token is renewed, and the request made once more", async () => {
  const { sender, sent } = senderGiven(problem(400, "This form has expired."), json({}), json({}));
  await sender.post("/label", new URLSearchParams({ label: "7" }));
  await sender.post("/label", new URLSearchParams({ label: "8" }));
  assert.deepEqual(sent.map(({ headers }) => headers["X-CSRFToken"]), ["old", "new", "new"]);
});

test("a request that is wrong for another reason is not made for ever", async () => {
  const { sender } = senderGiven(problem(400, "No."), problem(400, "No."));
  await assert.rejects(sender.post("/label", ""), { kind: "refused", message: "No." });
});

test("when the person is another by now, nothing is sent in their name", async () => {
  const renew = async () => {
    throw new ApiError("replaced", "Eve is logged in now.");
  };
  const sent = [];
  const fetch = async (url) => {
    sent.push(url);
    return problem(400, "This form has expired.");
  };
  const sender = new Sender({ token: "old", renew, fetch });
  await assert.rejects(sender.post("/label", ""), { kind: "replaced" });
  assert.equal(sent.length, 1);
});

for (const [name, response, kind, message] of [
  ["no network", new TypeError("Failed to fetch"), "away", /cannot be reached/],
  ["a proxy without the program", new Response("Bad gateway", { status: 502 }), "away", /cannot be reached/],
  ["a full disk", problem(503, "The picture could not be saved."), "broken", /could not be saved/],
  ["logged out", problem(401, "Log in first."), "loggedOut", /logged out/],
  ["too many", problem(429, "Wait a moment."), "busy", /Wait/],
  ["too many labels", problem(409, "You have labelled 10,000 pictures."), "refused", /10,000/],
  ["somebody else's", problem(403, "Only its owner."), "refused", /owner/],
  ["a stumble", new Response("oops", { status: 500 }), "broken", /went wrong/],
  ["a page in place of JSON", new Response("<html>"), "broken", /went wrong/],
]) {
  test(`${name} is told as “${kind}”`, async () => {
    const { sender } = senderGiven(response);
    await assert.rejects(sender.post("/x", ""), { name: "ApiError", kind, message });
  });
}
