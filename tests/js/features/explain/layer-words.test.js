import assert from "node:assert/strict";
import { test } from "node:test";

import {
  factsOf,
  longNameOf,
  sentenceOf,
  shortNameOf,
  wordsOfStage,
} from "../../../../static/js/features/explain/layer-words.js";

const CONVOLUTION = {
  index: 3,
  kind: "Conv2D",
  input_shape: [28, 28, 24],
  shape: [28, 28, 32],
  parameters: 6944,
  options: { kernel_size: [3, 3] },
};

test("a layer is named, and described with its own numbers", () => {
  assert.equal(shortNameOf(CONVOLUTION), "conv");
  assert.equal(longNameOf(CONVOLUTION), "Convolution");
  assert.match(sentenceOf(CONVOLUTION), /^32 filters, each of 3 × 3 weights for each of the 24 maps before it\. /);
  assert.match(sentenceOf({ ...CONVOLUTION, input_shape: [28, 28, 1] }), /^32 filters, each of 3 × 3 weights\. /);
  assert.equal(
    factsOf(CONVOLUTION),
    "Layer 3 · 28\u00a0×\u00a028\u00a0×\u00a032 numbers · 6,944 parameters learnt",
  );
});

test("the first is the picture, whatever its kind is called", () => {
  const picture = { index: 0, kind: "picture", input_shape: [], shape: [28, 28, 1], parameters: 0, options: {} };
  assert.equal(longNameOf(picture), "The picture");
  assert.match(sentenceOf(picture), /^784 numbers/);
  assert.equal(factsOf(picture), "28\u00a0×\u00a028\u00a0×\u00a01 numbers");
});

test("what is new here has its own name and no sentence", () => {
  const layer = { ...CONVOLUTION, kind: "Attention", parameters: 0 };
  assert.equal(shortNameOf(layer), "Attention");
  assert.equal(sentenceOf(layer), "");
  assert.match(factsOf(layer), /nothing learnt$/);
  assert.deepEqual(wordsOfStage("sharpened"), ["Sharpened", ""]);
  assert.deepEqual(wordsOfStage("grey")[0], "Grey");
});
