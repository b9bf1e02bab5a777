import assert from "node:assert/strict";
import { test } from "node:test";

import { classOf, sortChosen } from "../../../../static/js/features/dataset/chosen.js";

const named = (name, size = 10) => ({ name, file: { size } });

test("the nearest folder that is named like a class says what a picture shows", () => {
  for (const [path, expected] of [
    ["digits/3/a.png", "3"],
    ["3/more/a.png", "3"],
    ["3/7/a.png", "7"],
    ["none/a.png", "none"],
    ["7.png", null],
    ["seven/a.png", null],
    ["12/a.png", null],
    ["digits/3", null],
  ]) {
    assert.equal(classOf(path), expected, path);
  }
});

test("pictures are counted by class, and what is no picture apart", () => {
  const files = ["d/1/a.png", "d/1/b.JPG", "d/0/a.png", "loose.png", "all.ZIP", "mine.npz", "d/Labels.csv"];
  const arrays = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"];
  const chosen = sortChosen([...files, ...arrays].map((name) => named(name)));
  assert.deepEqual([...chosen.classes], [["0", 1], ["1", 2]]);
  assert.deepEqual({ ...chosen, classes: null }, {
    count: 9, bytes: 90, classes: null, unlabelled: 1, packed: 4, tables: 1,
  });
});
