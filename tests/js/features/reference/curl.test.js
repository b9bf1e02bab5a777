import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { curlOf } from "../../../../static/js/features/reference/curl.js";
import { requestOf } from "../../../../static/js/features/reference/request.js";

const ORIGIN = "http://127.0.0.1:8000";

/** What a shell makes of the command: its words. */
function wordsOf(command) {
  const script = `set -- ${command}; printf '%s\\n' "$@"`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
}

function asked(form) {
  return requestOf({ method: "GET", path: "/status", given: [], body: null, token: "", ...form });
}

test("a token is sent, and without one JSON is asked for", () => {
  assert.deepEqual(wordsOf(curlOf(asked({ token: "dn_1" }), ORIGIN)), [
    "curl", "-H", "Authorization: Bearer dn_1", `${ORIGIN}/status`,
  ]);
  assert.deepEqual(wordsOf(curlOf(asked({}), ORIGIN)), ["curl", "-H", "Accept: application/json", `${ORIGIN}/status`]);
});

test("the path and the query are filled in, and what is empty is left out", () => {
  const given = [
    { name: "name", place: "path", value: "a/b?c" },
    { name: "label", place: "query", value: "7 & 8" },
    { name: "store", place: "query", value: "" },
  ];
  const { url } = asked({ path: "/models/{name}", given });
  assert.equal(url, "/models/a%2Fb%3Fc?label=7+%26+8");
});

test("JSON with quotes is one word", () => {
  const body = { kind: "json", text: `{"a": "it's $HOME"}` };
  const words = wordsOf(curlOf(asked({ method: "POST", body }), ORIGIN));
  assert.deepEqual(words.slice(0, 3), ["curl", "--json", body.text]);
  assert.ok(!words.includes("POST"));
});

test("a file is named, with its type", () => {
  const file = new File(["x"], "my picture.png", { type: "image/png" });
  const { headers } = asked({ method: "POST", body: { kind: "file", type: "image/*", file } });
  assert.equal(headers["Content-Type"], "image/png");
  const words = wordsOf(curlOf(asked({ method: "POST", body: { kind: "file", type: "image/*", file } }), ORIGIN));
  assert.deepEqual(words.slice(1, 3), ["--data-binary", "@my picture.png"]);
});

test("the fields of a form are sent as its kind wants them", () => {
  const file = new File(["x"], 'a"b;c.png');
  const multipart = { kind: "form", type: "multipart/form-data", fields: [["image", file], ["label", "@7"]] };
  assert.deepEqual(wordsOf(curlOf(asked({ method: "POST", body: multipart }), ORIGIN)).slice(1, 5), [
    "-F", 'image=@"a\\"b;c.png"', "--form-string", "label=@7",
  ]);
  const plain = { kind: "form", type: "application/x-www-form-urlencoded", fields: [["label", "7"]] };
  assert.deepEqual(wordsOf(curlOf(asked({ method: "POST", body: plain }), ORIGIN)).slice(1, 3), [
    "--data-urlencode", "label=7",
  ]);
});

test("a POST without content says so, and a file is saved under its name", () => {
  assert.ok(curlOf(asked({ method: "POST", body: null }), ORIGIN).includes("-X POST"));
  assert.ok(curlOf(asked({}), ORIGIN, true).startsWith("curl -OJ "));
});
