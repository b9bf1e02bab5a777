import assert from "node:assert/strict";
import { test } from "node:test";

import { FileQueue } from "../../../static/js/pictures/file-queue.js";

const named = (...names) => names.map((name) => ({ name, file: { name } }));
const settled = () => new Promise((resolve) => setImmediate(resolve));
const failure = (kind, message = "") => Object.assign(new Error(message), { kind });

/** A queue whose files are answered by hand. */
function queueOf(...names) {
  const asked = [];
  const rests = [];
  const pauses = [];
  const queue = new FileQueue({
    read: (file, signal) => new Promise((resolve, reject) => asked.push({ name: file.name, signal, resolve, reject })),
    pause: (ms) => new Promise((resolve) => pauses.push({ ms, resolve })),
    onEntry: () => {},
    onRest: (rest) => rests.push(rest),
  });
  queue.add(named(...names));
  return { queue, asked, rests, pauses };
}

const states = (queue) => queue.entries.map(({ state }) => state).join(" ");
const ANSWER = { answer: { text: "7", digits: [] }, thumbnail: null };

test("two are read at a time, in their order, to the end", async () => {
  const { queue, asked, rests } = queueOf("a", "b", "c");
  assert.deepEqual(asked.map(({ name }) => name), ["a", "b"]);
  asked[1].resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "reading read reading");
  asked[0].resolve(ANSWER);
  asked[2].resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "read read read");
  assert.equal(queue.finished, 3);
  assert.equal(rests.at(-1), "done");
});

test("what cannot be read keeps its words, and the others go on", async () => {
  const { queue, asked } = queueOf("a", "b");
  asked[0].reject(failure("refused", "This is not a picture."));
  asked[1].resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "failed read");
  assert.equal(queue.entries[0].problem, "This is not a picture.");
});

test("where the server is away nothing more is asked, and it goes on at its place", async () => {
  const { queue, asked } = queueOf("a", "b", "c");
  asked[0].resolve(ANSWER);
  await settled();
  asked[1].reject(failure("away"));
  await settled();
  assert.equal(queue.rest, "away");
  assert.equal(states(queue), "read waiting waiting");
  assert.equal(asked.length, 3);
  assert.equal(asked[2].signal.aborted, true);
  queue.resume();
  assert.deepEqual(asked.slice(3).map(({ name }) => name), ["b", "c"]);
});

test("while the server is busy it waits, longer each time, and goes on by itself", async () => {
  const { queue, asked, pauses } = queueOf("a");
  for (const ms of [2000, 4000]) {
    asked.at(-1).reject(failure("busy"));
    await settled();
    assert.equal(queue.rest, "busy");
    assert.equal(pauses.at(-1).ms, ms);
    pauses.at(-1).resolve();
    await settled();
  }
  asked.at(-1).resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "read");
});

test("it can be stopped and go on, and a late answer to what was dropped is not taken", async () => {
  const { queue, asked } = queueOf("a");
  queue.stop();
  asked[0].resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "waiting");
  queue.resume();
  asked[1].resolve(ANSWER);
  await settled();
  assert.equal(states(queue), "read");
});

test("files that come later are appended", async () => {
  const { queue, asked } = queueOf("a");
  asked[0].resolve(ANSWER);
  await settled();
  queue.add(named("b"));
  assert.equal(states(queue), "read reading");
});
