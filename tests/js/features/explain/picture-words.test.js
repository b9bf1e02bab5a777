import assert from "node:assert/strict";
import { test } from "node:test";

import { partsOf } from "../../../../static/js/features/explain/evidence.js";
import {
  nameOfMap,
  sentenceOf,
  wordsOfPictureStage,
  wordsOfSum,
} from "../../../../static/js/features/explain/layer-words.js";
import { wordsOfCovering, wordsOfLight } from "../../../../static/js/features/explain/picture-evidence-words.js";

const PARTS = partsOf(6, 9);

/** A map of 6 × 9 numbers with one that is not zero: [row, column, value]. */
function mapWith(...places) {
  const map = new Float32Array(54);
  for (const [row, column, value] of places) map[row * 9 + column] = value;
  return map;
}

test("parts of a picture that spoke for a class and against it are named", () => {
  const words = wordsOfCovering("cats", mapWith([0, 8, 2], [5, 4, -1]), PARTS);
  assert.equal(
    words,
    "What is at the top right speaks most for cats: without it the score falls by up to 2.00. What is at the bottom " +
      "speaks against it: without it the score rises by up to 1.00.",
  );
  assert.match(wordsOfCovering("cats", mapWith([2, 0, 2]), PARTS), /left .* Hardly anything speaks against it\./);
  assert.match(wordsOfCovering("cats", mapWith([2, 0, -2]), PARTS), /^What is on the left speaks against it/);
  assert.match(wordsOfCovering("cats", mapWith(), PARTS), /^Covering changed nothing/);
});

test("where more light would help is named", () => {
  const words = wordsOfLight("dogs", mapWith([0, 0, 1], [5, 8, -1]), PARTS);
  assert.match(words, /^More light at the top left would raise .* most, more light at the bottom right would lower/);
  assert.match(wordsOfLight("dogs", mapWith([0, 0, 1]), PARTS), /^More light at the top left would raise/);
  assert.match(wordsOfLight("dogs", mapWith([0, 0, -1]), PARTS), /would lower the score of dogs/);
  assert.match(wordsOfLight("dogs", mapWith(), PARTS), /change nothing/);
});

test("the maps of a picture have the names of their colours", () => {
  const colour = { index: 0, kind: "photograph", shape: [6, 9, 3] };
  assert.deepEqual([0, 1, 2].map((map) => nameOfMap(colour, map)), ["Red", "Green", "Blue"]);
  assert.equal(nameOfMap({ ...colour, shape: [6, 9, 1] }, 0), "Light");
  assert.equal(nameOfMap({ ...colour, index: 2, kind: "ReLU" }, 4), "Map 5");
});

test("a layer is described by what its numbers stand for", () => {
  const dense = { index: 4, kind: "Dense", input_shape: [128], shape: [3], parameters: 387, options: {} };
  const names = ["cats", "dogs"];
  assert.match(sentenceOf(dense, { role: "classes" }), /^3 scores, one for each class/);
  assert.match(sentenceOf(dense, { role: "hidden" }), /^3 numbers: for each, every one of the 128/);
  const one = { role: "one", names };
  assert.match(sentenceOf({ ...dense, shape: [1] }, one), /above zero speaks for “dogs”.*for “cats”/);
  assert.match(sentenceOf({ ...dense, kind: "Sigmoid", shape: [1] }, one), /that of “dogs”/);
  assert.match(sentenceOf(dense), /one for each digit/);
  const picture = { index: 0, kind: "photograph", input_shape: [], shape: [32, 32, 3], parameters: 0, options: {} };
  assert.match(sentenceOf(picture), /^3,072 numbers .* red, green and blue/);
  assert.match(sentenceOf({ ...picture, shape: [9, 9, 1] }), /^81 numbers from 0 \(black\)/);
});

test("a sum is named after its class, its number or both classes", () => {
  const names = ["cats", "dogs", "owls"];
  assert.deepEqual(wordsOfSum("classes", names, 2), ["What spoke for owls, and what against it", "score of owls"]);
  assert.deepEqual(wordsOfSum("one", names.slice(0, 2), 0), ["What spoke for dogs, and what against it", "the score"]);
  assert.deepEqual(wordsOfSum("hidden", names, 2), ["What number 3 is made of", "added up"]);
  assert.deepEqual(wordsOfSum("digits", [], 8), ["What spoke for an 8, and what against it", "score of the 8"]);
});

test("the stages of a picture have words of their own", () => {
  const size = { rows: 18, columns: 30 };
  assert.match(wordsOfPictureStage("small", size)[1], /^To 18 × 30 pixels/);
  assert.equal(wordsOfPictureStage("square", size)[0], "Cut out");
});
