import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { FilesKeeping, labelToKeep } from "../../../../static/js/features/draw/files-keeping.js";

const entry = (digits, { label = null, refusal = null, state = "read", unfinished = null } = {}) => ({
  state,
  label,
  answer: { digits, refusal, unfinished },
});
const SURE_SEVEN = [{ digit: 7, confidence: 0.97 }];
const UNSURE = [{ digit: 7, confidence: 0.5 }];
const NO_DIGIT = { code: "not_a_digit", message: "" };

function keepingWith(store) {
  const undone = [];
  const pauses = [];
  const keeping = new FilesKeeping({
    store,
    undo: async (stored) => void undone.push(stored),
    onChange: () => {},
    pause: async (ms) => void pauses.push(ms),
  });
  return { keeping, undone, pauses };
}

test("what is read with certainty and what a person says is kept, and nothing else", () => {
  assert.equal(labelToKeep(entry(SURE_SEVEN)), "7");
  assert.equal(labelToKeep(entry(SURE_SEVEN, { label: "1" })), "1");
  assert.equal(labelToKeep(entry(UNSURE)), null);
  assert.equal(labelToKeep(entry(UNSURE, { label: "7" })), "7");
  assert.equal(labelToKeep(entry([], { refusal: NO_DIGIT })), null);
  assert.equal(labelToKeep(entry([], { refusal: NO_DIGIT, label: "none" })), "none");
  assert.equal(labelToKeep(entry([], { refusal: { code: "blank" }, label: "1" })), null);
  assert.equal(labelToKeep(entry([...SURE_SEVEN, ...SURE_SEVEN])), null);
  assert.equal(labelToKeep(entry(SURE_SEVEN, { unfinished: NO_DIGIT })), null);
  assert.equal(labelToKeep(entry([], { state: "failed" })), null);
});

test("each is kept once, and again only with another label", async () => {
  const stored = [];
  const { keeping } = keepingWith(async (one, label) => {
    stored.push(label);
    return { id: "x", before: undefined };
  });
  const seven = entry(SURE_SEVEN);
  await keeping.keep([seven, entry(UNSURE)]);
  await keeping.keep([seven]);
  assert.deepEqual(stored, ["7"]);
  seven.label = "1";
  await keeping.keep([seven]);
  assert.deepEqual(stored, ["7", "1"]);
  assert.equal(keeping.of(seven).label, "1");
});

test("taking it back goes back to how it was before", async () => {
  const befores = ["4", undefined];
  const { keeping, undone } = keepingWith(async () => ({ id: "x", before: befores.shift() }));
  const seven = entry(SURE_SEVEN);
  await keeping.keep([seven]);
  await keeping.takeBack(seven);
  assert.equal(keeping.of(seven), null);
  await keeping.keep([seven]);
  await keeping.takeBack(seven);
  assert.deepEqual(undone, [{ id: "x", before: "4" }, { id: "x", before: undefined }]);
});

test("what is refused does not stop the others; a server that is away does", async () => {
  const problems = [new ApiError("refused", "No."), new ApiError("away", "Away.")];
  const { keeping } = keepingWith(async () => {
    throw problems.shift();
  });
  const entries = [entry(SURE_SEVEN), entry(SURE_SEVEN), entry(SURE_SEVEN)];
  const problem = await keeping.keep(entries);
  assert.equal(problem.kind, "away");
  assert.deepEqual(entries.map((one) => keeping.of(one)?.problem?.kind), ["refused", "away", undefined]);
  assert.equal(keeping.toKeep(entries).length, 3);
});

test("a busy server is asked again, with longer pauses", async () => {
  const problems = [new ApiError("busy"), new ApiError("busy")];
  const { keeping, pauses } = keepingWith(async () => {
    if (problems.length > 0) throw problems.shift();
    return { id: "x", before: undefined };
  });
  assert.equal(await keeping.keep([entry(SURE_SEVEN)]), null);
  assert.deepEqual(pauses, [1000, 2000]);
});
