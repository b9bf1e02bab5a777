import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { augmented, drawChanges, NO_CHANGE, readAmounts } from "../../../../static/js/features/course/augment.js";
import { matrix } from "../../../../static/js/widgets/matrix.js";

// The library's own augmentation is held against the same numbers: tests/cnn/data/test_augment_pictures.py.
const shared = JSON.parse(readFileSync(new URL("./augmentation.json", import.meta.url), "utf8"));
const channelsOf = (rows) => rows.map((channel) => matrix(channel.length, channel[0].length, channel.flat()));

for (const { name, changes, result } of shared.cases) {
  test(`a picture is changed as in training: ${name}`, () => {
    const found = augmented(channelsOf(shared.picture), { ...NO_CHANGE, ...changes });
    channelsOf(result).forEach((channel, i) => {
      channel.values.forEach((value, j) => {
        assert.ok(Math.abs(found[i].values[j] - value) < 2e-5, `channel ${i}, number ${j}: ${found[i].values[j]}`);
      });
    });
  });
}

test("amounts are read as the command takes them", () => {
  assert.deepEqual(readAmounts("zoom=0.2,flip,rotate=10"), { zoom: 0.2, flip: true, rotate: 10 });
});

test("drawn changes go to their largest amounts and no further", () => {
  const amounts = readAmounts("shear=0.3,zoom=0.2,flip,rotate=10,shift=0.1,brightness=0.5,cutout=0.25");
  const least = drawChanges(amounts, () => 0);
  const most = drawChanges(amounts, () => 1);
  for (const [name, amount] of Object.entries({ shear: 0.3, zoom: 0.2, rotate: 10, down: 0.1, across: 0.1 })) {
    assert.deepEqual([least[name], most[name]], [-amount, amount], name);
  }
  assert.deepEqual([least.flip, most.flip], [true, false]);
  assert.deepEqual([least.brightness, most.brightness], [1 / 1.5, 1.5]);
  assert.deepEqual([least.cut_row, most.cut_row, most.cutout], [0, 1, 0.25]);
});

test("what has no amount is never drawn", () => {
  const drawn = drawChanges(readAmounts("rotate=10"), () => 0.01);
  assert.equal(drawn.flip, false);
  assert.deepEqual([drawn.zoom + 0, drawn.shear + 0, drawn.brightness, drawn.cutout], [0, 0, 1, 0]);
});
