import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { isCode, messagesIn, say } from "../../../static/js/text/catalogue.js";
import { messages } from "../../../static/js/text/en/index.js";

const SCRIPTS = join(import.meta.dirname, "../../../static/js");

test("a sentence is said by its code", () => {
  assert.equal(say("answer.sure", { digit: say("digit", { digit: 8 }) }), "This is an 8");
  assert.ok(isCode("answer.sure"));
  assert.ok(!isCode("answer.nonsense"));
});

test("another language is loaded on top of English", async () => {
  const loaded = [];
  const korean = await messagesIn("ko", async (folder) => {
    loaded.push(folder);
    return { messages: { "connection.up": "연결됨" } };
  });
  assert.deepEqual(loaded, ["ko"]);
  assert.equal(korean["connection.up"], "연결됨");
  assert.equal(korean["connection.down"], messages["connection.down"]);
});

test("a language that is not there is English", async () => {
  assert.equal(await messagesIn("xx"), messages);
  assert.equal(await messagesIn("en", () => assert.fail("English is always there.")), messages);
});

test("every sentence is said somewhere", () => {
  const scripts = readdirSync(SCRIPTS, { recursive: true })
    .filter((path) => path.endsWith(".js") && !path.includes("text/en"))
    .map((path) => readFileSync(join(SCRIPTS, path), "utf8"))
    .join("\n");
  // Of a code that is made from what the server names, the beginning is written out: `layer.long.${kind}`.
  const beginnings = [...scripts.matchAll(/`([\w.]+\.)\$\{/g)].map(([, beginning]) => beginning);
  const isSaid = (code) => scripts.includes(`"${code}"`) || beginnings.some((beginning) => code.startsWith(beginning));
  assert.deepEqual(Object.keys(messages).filter((code) => !isSaid(code)), []);
});

test("every form of a sentence has an \"other\", and the same values as it", () => {
  const valuesOf = (text) => text.match(/\{\w+\}/g) ?? [];
  for (const [code, message] of Object.entries(messages)) {
    if (typeof message === "string") continue;
    const { plural, ordinal, forms } = message;
    assert.ok(plural ?? ordinal, code);
    const all = valuesOf(forms.other);
    for (const form of Object.values(forms)) {
      assert.deepEqual(valuesOf(form).filter((value) => !all.includes(value)), [], code);
    }
  }
});
