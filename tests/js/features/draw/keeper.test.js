import assert from "node:assert/strict";
import { test } from "node:test";

import { Keeper } from "../../../../static/js/features/draw/keeper.js";
import { ApiError } from "../../../../static/js/api/error.js";

/** A keeper whose server can be made to fail, and what it was asked for. */
function keeperGiven() {
  const asked = [];
  const failures = [];
  const forAll = { label: null };
  const answer = (entry, value) => {
    asked.push(entry);
    if (failures.length > 0) throw failures.shift();
    return value;
  };
  const keeper = new Keeper({
    store: async (source, content) => answer(["store", source, content], `id of ${content}`),
    label: async (id, word) => answer(["label", id, word], forAll.label ?? word),
    onChange: () => {},
  });
  return { keeper, asked, failures, forAll };
}

const away = () => new ApiError("away", "The server cannot be reached.");

test("an answer alone stores nothing", () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  keeper.offer("a 7", "draw", "a 7");
  keeper.withdraw();
  assert.deepEqual(asked, []);
});

test("a drawing is stored once, however often it is labelled", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep();
  await keeper.keep("7");
  await keeper.keep("1");
  await keeper.startNext();
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
  assert.equal(asked.filter(([what]) => what === "store").length, 1);
  assert.equal(keeper.current.label, "2");
});

test("beginning the next drawing keeps this one, and says so until there is another answer", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  const keeping = keeper.startNext();
  keeper.withdraw();
  await keeping;
  assert.deepEqual(asked, [["store", "draw", "a 7"]]);
  assert.equal(keeper.latest.id, "id of a 7");
  keeper.offer("a 1", "draw", "a 1");
  assert.equal(keeper.latest, null);
});

test("a drawing that went on after it was kept is not stored again by clearing it", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 1", "draw", "a 1");
  await keeper.keep("1");
  keeper.offer("a 1 that became a 7", "draw", "a 1 that became a 7");
  await keeper.startNext();
  assert.equal(asked.length, 2);
  keeper.beginDrawing();
  keeper.offer("a 0", "draw", "a 0");
  await keeper.startNext();
  assert.deepEqual(asked.at(-1), ["store", "draw", "a 0"]);
});

test("a drawing that an undo brings back is known as kept", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("a 7", "draw", "a 7");
  await keeper.startNext();
  keeper.withdraw();
  keeper.offer("a 7", "draw", "a 7");
  assert.equal(keeper.current.id, "id of a 7");
  await keeper.keep("7");
  assert.deepEqual(asked, [["store", "draw", "a 7"], ["label", "id of a 7", "7"]]);
});

test("a picture that was sent is not kept by what is done to the drawing", async () => {
  const { keeper, asked } = keeperGiven();
  keeper.offer("photo", "upload", "photo");
  await keeper.startNext();
  assert.deepEqual(asked, []);
});

test("what fails is told, keeps its label, and is done by a retry", async () => {
  const { keeper, asked, failures } = keeperGiven();
  failures.push(away());
  keeper.offer("a 7", "draw", "a 7");
  await keeper.keep("1");
  assert.equal(keeper.current.problem.kind, "away");
  assert.equal(keeper.current.wanted, "1");
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
  assert.deepEqual(asked.map(([what]) => what), ["store", "label", "label"]);
});

test("a failure is not forgotten when another drawing follows", async () => {
  const { keeper, failures } = keeperGiven();
  failures.push(away());
  keeper.offer("a 7", "draw", "a 7");
  const keeping = keeper.startNext();
  keeper.withdraw();
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
  assert.deepEqual(asked.map(([what]) => what), ["store", "label", "store", "label"]);
});

test("after a reload it goes on where it was, and knows what is kept", async () => {
  const before = keeperGiven();
  before.keeper.offer("a 7", "draw", "a 7");
  await before.keeper.keep("7");
  before.failures.push(away());
  before.keeper.offer("a 1", "draw", "a 1");
  await before.keeper.keep("4");
  before.keeper.offer("not asked for", "draw", "not asked for");

  const after = keeperGiven();
  await after.keeper.resume(before.keeper.toText());
  assert.deepEqual(after.asked, [["store", "draw", "a 1"], ["label", "id of a 1", "4"]]);
  after.keeper.offer("a 7", "draw", "a 7");
  assert.equal(after.keeper.current.label, "7");
});

for (const text of ["", "nonsense", "null", "{}", "[null]", '[{"id":1}]']) {
  test(`a text that is no list of tasks is none: ${text}`, async () => {
    const { keeper, asked } = keeperGiven();
    await keeper.resume(text);
    assert.deepEqual(asked, []);
  });
}
