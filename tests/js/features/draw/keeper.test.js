import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/error.js";
import { Keeper } from "../../../../static/js/features/draw/keeper.js";

/** A keeper whose server can be made to fail, and what it was asked for. */
function keeperGiven() {
  const asked = [];
  const failures = [];
  const forAll = { label: null };
  /** What the person held before, by content, with their label. */
  const held = new Map();
  const answer = (entry, value) => {
    asked.push(entry);
    if (failures.length > 0) throw failures.shift();
    return value;
  };
  const keeper = new Keeper({
    store: async (source, content, label) => {
      const entry = label === null ? ["store", source, content] : ["store", source, content, label];
      const labelBefore = held.get(content) ?? null;
      const stored = { id: `id of ${content}`, wasHeld: held.has(content), labelBefore };
      return answer(entry, { ...stored, label: label ?? labelBefore });
    },
    label: async (id, word) => answer(["label", id, word], forAll.label ?? word),
    remove: async (id) => answer(["remove", id]),
    onChange: () => {},
  });
  return { keeper, asked, failures, forAll, held };
}

const away = () => new ApiError("away", "The server cannot be reached.");
const verbs = (asked) => asked.map(([what]) => what);

test("an answer alone stores nothing, nor does clearing the paper", () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  keeper.offer("a 7", "draw", "a 7");
  keeper.withdraw();
  keeper.beginDrawing();
  assert.deepEqual(asked, []);
  assert.equal(keeper.latest, null);
});

test("a drawing is stored once, however often it is labelled", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  await keeper.keep("7");
  await keeper.keep("1");
  await keeper.keep();
  assert.deepEqual(asked, [
    ["store", "draw", "a 7"],
    ["label", "id of a 7", "7"],
    ["label", "id of a 7", "1"],
  ]);
  assert.equal(keeper.current.label, "1");
});

test("what everybody is shown is known beside the own label, also after a reload", async () => {
  const { keeper, forAll } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep("7");
  assert.equal(keeper.current.labelForAll, "7");
  forAll.label = "2";
  await keeper.keep("1");
  assert.equal(keeper.current.label, "1");
  assert.equal(keeper.current.labelForAll, "2");
  const { keeper: reloaded } = keeperGiven();
  await reloaded.resume(keeper.toText());
  reloaded.offer("a 7", "draw", "a 7");
  assert.equal(reloaded.current.labelForAll, "2");
});

test("labels given while it is being stored are not lost, and the last one holds", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  const keeping = keeper.keep("1");
  keeper.keep("2");
  await keeping;
  assert.equal(verbs(asked).filter((what) => what === "store").length, 1);
  assert.equal(keeper.current.label, "2");
});

test("what was refused is stored only with a label, and together with it", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("an A", "draw", "an A", { isRefused: true });
  await keeper.keep();
  await keeper.keepUnasked();
  assert.deepEqual(asked, []);
  await keeper.keep("none");
  await keeper.keep("4");
  assert.deepEqual(asked, [["store", "draw", "an A", "none"], ["label", "id of an A", "4"]]);
});

test("an undo takes back one thing after the other", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("photo", "upload", "photo");
  await keeper.keepUnasked();
  await keeper.keep("7");
  await keeper.keep("1");
  asked.length = 0;
  await keeper.undo();
  assert.deepEqual(keeper.current.wanted, { isKept: true, label: "7" });
  await keeper.undo();
  await keeper.undo();
  await keeper.undo();
  assert.deepEqual(asked, [["label", "id of photo", "7"], ["label", "id of photo", null], ["remove", "id of photo"]]);
  assert.equal(keeper.current.id, null);
});

test("a drawing that was kept by its label is not kept at all after an undo", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep("7");
  await keeper.undo();
  assert.deepEqual(verbs(asked), ["store", "label", "remove"]);
  await keeper.keep();
  assert.deepEqual(asked.at(-1), ["store", "draw", "a 7"]);
});

test("what a person has undone is not kept again unasked, however often it is read", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("photo", "upload", "photo");
  await keeper.keepUnasked();
  await keeper.undo();
  keeper.withdraw();
  keeper.offer("photo", "upload", "photo");
  await keeper.keepUnasked();
  assert.deepEqual(verbs(asked), ["store", "remove"]);
});

test("an undo while it is being stored takes it back as well", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  const keeping = keeper.keep();
  await keeper.undo();
  await keeping;
  assert.deepEqual(verbs(asked), ["store", "remove"]);
});

test("what was held before this page is never taken away by an undo", async () => {
  const { keeper, asked, held } = keeperGiven();
  held.set("photo", "3");
  keeper.offer("photo", "upload", "photo");
  await keeper.keepUnasked();
  assert.deepEqual(keeper.current.past, []);
  assert.equal(keeper.current.label, "3");
  await keeper.keep("7");
  await keeper.undo();
  await keeper.undo();
  assert.deepEqual(asked.slice(1), [["label", "id of photo", "7"], ["label", "id of photo", "3"]]);
});

test("an undo gives back the label that a refused picture had before this page", async () => {
  const { keeper, asked, held } = keeperGiven();
  held.set("an A", "none");
  keeper.offer("an A", "draw", "an A", { isRefused: true });
  await keeper.keep("4");
  await keeper.undo();
  await keeper.undo();
  assert.deepEqual(asked, [["store", "draw", "an A", "4"], ["label", "id of an A", "none"]]);
});

test("an undo that fails says so, and is done by a retry", async () => {
  const { keeper, asked, failures } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  failures.push(away());
  await keeper.undo();
  assert.equal(keeper.current.problem.kind, "away");
  await keeper.retry(({ isAway }) => isAway);
  assert.deepEqual(verbs(asked), ["store", "remove", "remove"]);
  assert.equal(keeper.current.problem, null);
});

test("an undo of what was deleted elsewhere has come to its end", async () => {
  const { keeper, failures } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  failures.push(new ApiError("refused", "This picture is not here.", 404));
  await keeper.undo();
  assert.equal(keeper.current.problem, null);
});

test("a kept drawing that was cleared can still be taken back, until there is another answer", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep("7");
  keeper.withdraw();
  keeper.beginDrawing();
  assert.equal(keeper.latest.id, "id of a 7");
  await keeper.undo();
  assert.deepEqual(asked.at(-1), ["remove", "id of a 7"]);
  assert.equal(keeper.latest.id, null);
  keeper.offer("a 1", "draw", "a 1");
  assert.equal(keeper.latest, null);
});

test("of a drawing that is kept when it rests, only what it became stays", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  await keeper.keepUnasked();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keepUnasked();
  assert.deepEqual(asked, [["store", "draw", "a 1"], ["store", "draw", "a 7"], ["remove", "id of a 1"]]);
  keeper.offer("a 1", "draw", "a 1");
  await keeper.keepUnasked();
  assert.deepEqual(asked.slice(3), [["store", "draw", "a 1"], ["remove", "id of a 7"]]);
});

test("the next drawing takes nothing away from the one before", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  await keeper.keepUnasked();
  keeper.withdraw();
  keeper.beginDrawing();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keepUnasked();
  assert.deepEqual(verbs(asked), ["store", "store"]);
});

test("a drawing that went on after a person kept it is not kept again unasked", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  await keeper.keep("1");
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keepUnasked();
  assert.equal(asked.length, 2);
});

test("a drawing that an undo of the pen brings back is known as kept", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  keeper.withdraw();
  keeper.offer("a 7", "draw", "a 7");
  assert.equal(keeper.current.id, "id of a 7");
  await keeper.keep("7");
  assert.deepEqual(asked, [["store", "draw", "a 7"], ["label", "id of a 7", "7"]]);
});

test("what fails is told, keeps its label, and is done by a retry", async () => {
  const { keeper, asked, failures } = keeperGiven();
  failures.push(away());
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep("1");
  assert.equal(keeper.current.problem.kind, "away");
  assert.equal(keeper.current.wanted.label, "1");
  await keeper.retry();
  assert.equal(keeper.current.problem, null);
  assert.deepEqual(asked.slice(1), [["store", "draw", "a 7"], ["label", "id of a 7", "1"]]);
});

test("a label that fails is tried again without storing again", async () => {
  const { keeper, asked, failures } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  failures.push(away());
  await keeper.keep("1");
  await keeper.retry(({ kind }) => kind === "away");
  assert.deepEqual(verbs(asked), ["store", "label", "label"]);
});

test("a failure is not forgotten when another drawing follows", async () => {
  const { keeper, failures } = keeperGiven();
  failures.push(away());
  keeper.offer("a 7", "draw", "a 7");
  const keeping = keeper.keep();
  keeper.withdraw();
  keeper.beginDrawing();
  keeper.offer("a 1", "draw", "a 1");
  await keeping;
  assert.deepEqual(keeper.unfinished.map(({ key }) => key), ["a 7"]);
  await keeper.retry(({ kind }) => kind === "loggedOut");
  assert.equal(keeper.unfinished.length, 1);
  await keeper.retry();
  assert.equal(keeper.unfinished.length, 0);
});

test("a picture that was deleted elsewhere is stored anew when it is labelled again", async () => {
  const { keeper, asked, failures } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  failures.push(new ApiError("refused", "This picture is not here.", 404));
  await keeper.keep("7");
  await keeper.keep("7");
  assert.deepEqual(verbs(asked), ["store", "label", "store", "label"]);
});

test("after a reload it goes on where it was, and knows what is kept and can be undone", async () => {
  const before = keeperGiven();
  before.keeper.offer("a 7", "draw", "a 7");
  await before.keeper.keep("7");
  before.failures.push(away());
  before.keeper.offer("an A", "draw", "an A", { isRefused: true });
  await before.keeper.keep("4");
  before.keeper.offer("not asked for", "draw", "not asked for");

  const after = keeperGiven();
  await after.keeper.resume(before.keeper.toText());
  assert.deepEqual(after.asked, [["store", "draw", "an A", "4"]]);
  after.keeper.offer("a 7", "draw", "a 7");
  assert.equal(after.keeper.current.label, "7");
  await after.keeper.undo();
  assert.deepEqual(after.asked.at(-1), ["remove", "id of a 7"]);
});

test("what has become of a picture is known after a reload, when it is there again", async () => {
  const before = keeperGiven();
  for (const [key, isUndone] of [["kept", false], ["undone", true]]) {
    before.keeper.offer(key, "upload", "a photo");
    await before.keeper.keepUnasked();
    if (isUndone) await before.keeper.undo();
  }
  before.failures.push(away());
  before.keeper.offer("not stored", "upload", "a photo");
  await before.keeper.keep();

  const { keeper, asked } = keeperGiven();
  await keeper.resume(before.keeper.toText());
  for (const key of ["kept", "undone"]) {
    keeper.offer(key, "upload", "a photo");
    await keeper.keepUnasked();
  }
  assert.deepEqual(asked, []);
  keeper.offer("kept", "upload", "a photo");
  await keeper.undo();
  assert.deepEqual(asked, [["remove", "id of a photo"]]);
});

test("a drawing that is left is sent at once, and known as this page's own when the page is open again", async () => {
  const before = keeperGiven();
  before.keeper.offer("a 7", "draw", "a 7");
  const keeping = before.keeper.keepUnasked({ isLeft: true });
  assert.deepEqual(before.asked, [["store", "draw", "a 7"]], "before there is another turn");
  const left = before.keeper.toText();
  await keeping;

  const { keeper, asked, held } = keeperGiven();
  held.set("a 7", null);
  await keeper.resume(left);
  keeper.offer("a 7", "draw", "a 7");
  await keeper.undo();
  assert.deepEqual(asked, [["store", "draw", "a 7"], ["remove", "id of a 7"]]);
});

test("a drawing that was left before it was read, and is no digit, is nobody's trouble", async () => {
  const { keeper, asked, failures } = keeperGiven();
  failures.push(new ApiError("refused", "The server found no single digit in it."));
  keeper.offer("an A", "draw", "an A");
  await keeper.keepUnasked({ isLeft: true });
  keeper.withdraw();
  assert.deepEqual(keeper.unfinished, []);
  await keeper.resume(keeper.toText());
  assert.deepEqual(verbs(asked), ["store"]);
});

for (const text of ["", "nonsense", "null", "{}", "[null]", '[{"id":1}]', '[{"key":"a","wanted":"7"}]']) {
  test(`a text that is no list of tasks is none: ${text}`, async () => {
    const { keeper, asked } = keeperGiven();
    await keeper.resume(text);
    assert.deepEqual(asked, []);
  });
}

test("what is being sent can be waited for, also where it fails", async () => {
  const { keeper, asked, failures } = keeperGiven();
  assert.equal(keeper.underWay, null);
  keeper.offer("a 7", "draw", "a 7");
  keeper.keep("7");
  await keeper.underWay;
  assert.deepEqual(verbs(asked), ["store", "label"]);
  assert.equal(keeper.underWay, null);
  failures.push(away());
  keeper.keep("1");
  await keeper.underWay;
  assert.equal(keeper.underWay, null);
  assert.equal(keeper.current.problem.kind, "away");
});
