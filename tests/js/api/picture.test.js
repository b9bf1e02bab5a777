import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf } from "../../../static/js/api/address.js";
import { loadPicture } from "../../../static/js/api/picture.js";

const loadGiven = (response) => loadPicture("/gallery/a.png", { fetch: async () => response });

test("a picture of the gallery comes as it is", async () => {
  const picture = await loadGiven(new Response("ink", { headers: { "Content-Type": "image/png" } }));
  assert.equal(picture.type, "image/png");
  assert.equal(await picture.text(), "ink");
});

test("a picture that is gone is told so", async () => {
  await assert.rejects(loadGiven(new Response("", { status: 404 })), { kind: "refused", message: /has been deleted/ });
});

test("the log-in page in a picture's place means that somebody has to log in", async () => {
  const page = new Response("<html>", { headers: { "Content-Type": "text/html" } });
  await assert.rejects(loadGiven(page), { kind: "refused", message: /Log in/ });
});

test("a picture's address has its id", () => {
  assert.equal(addressOf("/gallery/00000000-0000-0000-0000-000000000000/label", "a/b"), "/gallery/a%2Fb/label");
});
