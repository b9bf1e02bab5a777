import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_BYTES } from "../../../../static/js/features/dataset/pieces.js";
import { Sending } from "../../../../static/js/features/dataset/sending.js";

const failure = (kind) => Object.assign(new Error(kind), { kind });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const until = async (isTrue) => {
  while (!isTrue()) await settled();
};
const small = (count) =>
  Array.from({ length: count }, (_, i) => ({ name: `3/${i}.png`, file: new Blob([String(i)]) }));

/** A sending to a server that `answer(path)` makes fail, where it throws. */
function sendingOf(files, answer = () => {}) {
  const received = new Map();
  const pauses = [];
  const rests = [];
  const sending = new Sending(files, {
    post: async (path, body, signal) => {
      if (signal.aborted) throw failure("overtaken");
      await settled();
      answer(path, signal);
      received.set(path, body);
    },
    pause: (ms) => new Promise((resolve) => pauses.push({ ms, resolve })),
    onChange: () => rests.push(sending?.rest),
  });
  return { sending, received, pauses, rests };
}

test("small files are sent together, with their names", async () => {
  const { sending, received } = sendingOf(small(450));
  await sending.run();
  assert.deepEqual([...received.keys()].sort(), ["batches/0", "batches/1", "batches/2"]);
  const names = [...received.values()].flatMap((form) => form.getAll("file").map(({ name }) => name));
  assert.deepEqual(new Set(names), new Set(small(450).map(({ name }) => name)));
  assert.deepEqual([sending.sentFiles, sending.sentBytes], [450, sending.bytes]);
});

test("a large file is sent in slices, one after the other", async () => {
  const file = new Blob([new Uint8Array(MOST_BYTES * 2 + 7)]);
  const { sending, received } = sendingOf([{ name: "a b.zip", file }]);
  await sending.run();
  assert.deepEqual([...received].map(([path, { size }]) => [path, size]), [
    [`files/0?name=a+b.zip&offset=0&size=${file.size}`, MOST_BYTES],
    [`files/0?name=a+b.zip&offset=${MOST_BYTES}&size=${file.size}`, MOST_BYTES],
    [`files/0?name=a+b.zip&offset=${MOST_BYTES * 2}&size=${file.size}`, 7],
  ]);
  assert.equal(sending.sentFiles, 1);
});

test("a large file that is refused half-way goes on from there at the next try", async () => {
  const file = new Blob([new Uint8Array(MOST_BYTES * 2 + 7)]);
  const asked = [];
  let isRefused = true;
  const { sending } = sendingOf([{ name: "a.zip", file }], (path) => {
    asked.push(Number(/offset=(\d+)/.exec(path)[1]));
    if (isRefused && path.includes(`offset=${MOST_BYTES}&`)) throw failure("refused");
  });
  await assert.rejects(sending.run(), { kind: "refused" });
  assert.deepEqual([sending.sentFiles, sending.sentBytes], [0, MOST_BYTES]);
  isRefused = false;
  await sending.run();
  assert.deepEqual(asked, [0, MOST_BYTES, MOST_BYTES, MOST_BYTES * 2]);
  assert.deepEqual([sending.sentFiles, sending.sentBytes], [1, file.size]);
});

test("a large file that goes away half-way is named, and counts as not sent", async () => {
  const file = new Blob([new Uint8Array(MOST_BYTES * 2 + 7)]);
  const gone = { size: MOST_BYTES, arrayBuffer: () => Promise.reject(new Error("NotFoundError")) };
  const going = { size: file.size, slice: (from, to) => (from === 0 ? file.slice(from, to) : gone) };
  const { sending, received } = sendingOf([{ name: "a.zip", file: going }, ...small(2)]);
  await sending.run();
  assert.deepEqual([...sending.unreadable], ["a.zip"]);
  assert.deepEqual([...received.keys()].sort(), ["batches/1", `files/0?name=a.zip&offset=0&size=${file.size}`]);
  assert.deepEqual([sending.sentFiles, sending.sentBytes], [2, 2]);
});

test("a broken line is waited for, longer each time, and nothing is lost", async () => {
  let isBroken = true;
  const { sending, received, pauses, rests } = sendingOf(small(450), () => {
    if (isBroken) throw failure("away");
  });
  const run = sending.run();
  for (const expected of [1000, 2000, 4000]) {
    await until(() => pauses.length > 0);
    await settled();
    assert.equal(sending.rest, "away");
    assert.equal(pauses.length, 1, "all wait for the same");
    const [{ ms, resolve }] = pauses.splice(0);
    assert.equal(ms, expected);
    resolve();
  }
  await until(() => pauses.length > 0);
  isBroken = false;
  sending.goOn();
  await run;
  assert.equal(received.size, 3);
  assert.equal(sending.sentFiles, 450);
  assert.equal(rests.at(-1), null);
});

test("what is refused ends it; the next try sends the rest alone", async () => {
  const asked = [];
  let isRefused = true;
  const { sending } = sendingOf(small(1500), (path) => {
    asked.push(path);
    if (isRefused && path === "batches/2") throw failure("refused");
  });
  await assert.rejects(sending.run(), { kind: "refused" });
  const done = sending.sentFiles;
  assert.ok(done < 1500);
  isRefused = false;
  const before = asked.length;
  await sending.run();
  assert.equal(sending.sentFiles, 1500);
  assert.equal(asked.length - before, (1500 - done + 199 - ((1500 - done + 199) % 200)) / 200);
});

test("what is stopped ends, also while it waits", async () => {
  const { sending } = sendingOf(small(10), () => {
    throw failure("busy");
  });
  const run = sending.run();
  await until(() => sending.rest === "busy");
  sending.stop();
  await assert.rejects(run);
});

test("a file that has gone is named, and the others are sent", async () => {
  const gone = { size: 3, arrayBuffer: () => Promise.reject(new Error("NotFoundError")) };
  const { sending, received } = sendingOf([{ name: "3/gone.png", file: gone }, ...small(2)]);
  await sending.run();
  assert.deepEqual([...sending.unreadable], ["3/gone.png"]);
  assert.equal(received.get("batches/0").getAll("file").length, 2);
  assert.equal(sending.sentFiles, 2);
});
