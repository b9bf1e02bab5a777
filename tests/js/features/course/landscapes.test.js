import assert from "node:assert/strict";
import { test } from "node:test";

import { descend } from "../../../../static/js/features/course/arithmetic.js";
import {
  BASE,
  isInside,
  LANDSCAPES,
  placesOn,
  randomStart,
  tangentAt,
  wholeNumbersOf,
} from "../../../../static/js/features/course/landscapes.js";

for (const [name, land] of Object.entries(LANDSCAPES)) {
  test(`the slope of landscape "${name}" is its loss's`, () => {
    for (let weight = land.from; weight < land.to; weight += 0.37) {
      const measured = (land.loss(weight + 1e-5) - land.loss(weight - 1e-5)) / 2e-5;
      assert.ok(Math.abs(measured - land.slope(weight)) < 1e-6);
    }
    assert.ok(isInside(land, land.start));
  });
}

/** Where gradient descent is after so many steps. */
function walk(land, rate, steps) {
  let weight = land.start;
  for (let i = 0; i < steps; i += 1) weight = descend(weight, land.slope(weight), rate);
  return weight;
}

test("descent does what the course says of it", () => {
  const { one, two } = LANDSCAPES;
  assert.equal(walk(one, 1, 1), 2);
  assert.ok(Math.abs(walk(one, 1.5, 30) - 2) < 1e-6);
  assert.equal(walk(one, 2, 10), one.start);
  assert.ok(!isInside(one, walk(one, 2.5, 5)));
  assert.ok(walk(two, 0.3, 50) > 0);
  assert.ok(walk(two, 0.4, 50) < 0);
  assert.ok(two.loss(walk(two, 0.4, 50)) < two.loss(walk(two, 0.3, 50)));
});

test("the line at a weight touches the loss there, and has its slope on the drawing", () => {
  const land = LANDSCAPES.two;
  const place = placesOn(land);
  const { x1, y1, x2, y2 } = tangentAt(land, -1);
  const [x, y] = place(-1, land.loss(-1));
  assert.ok(Math.hypot((x1 + x2) / 2 - x, (y1 + y2) / 2 - y) < 1e-9);
  const [nextX, nextY] = place(-1 + 1e-6, land.loss(-1 + 1e-6));
  assert.ok(Math.abs((y2 - y1) / (x2 - x1) - (nextY - y) / (nextX - x)) < 1e-3);
});

test("a drawing reaches from its lowest loss to its highest", () => {
  const { one } = LANDSCAPES;
  assert.deepEqual(placesOn(one)(one.from, 0), [0, BASE]);
  assert.deepEqual(placesOn(one)(one.to, one.loss(one.to)), [600, 20]);
  assert.deepEqual(wholeNumbersOf(LANDSCAPES.two), [-3, -2, -1, 0, 1, 2, 3]);
});

test("a random start is another one each time, on a slope, and not near where the walk stands", () => {
  for (const land of Object.values(LANDSCAPES)) {
    const starts = new Set();
    let now = land.start;
    for (let i = 0; i < 200; i += 1) {
      const next = randomStart(land, [now]);
      assert.ok(Math.abs(next - now) >= 0.15 * (land.to - land.from) - 1e-9);
      assert.ok(isInside(land, next) && Math.abs(land.slope(next)) > 0.3);
      starts.add(next);
      now = next;
    }
    assert.ok(starts.size > 20);
  }
});
