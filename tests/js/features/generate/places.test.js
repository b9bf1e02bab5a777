import assert from "node:assert/strict";
import { test } from "node:test";

import { mapPlaces, markAt, placeAt } from "../../../../static/js/features/generate/places.js";

test("the map's places are ten to a row, from the top left", () => {
  const places = mapPlaces();
  assert.equal(places.length, 100);
  assert.deepEqual(places[0], [-0.9, 0.9]);
  assert.deepEqual(places[9], [0.9, 0.9]);
  assert.deepEqual(places[99], [0.9, -0.9]);
});

test("a point on the screen is a place, and the edge is the end", () => {
  const box = { left: 100, top: 50, width: 200, height: 200 };
  assert.deepEqual(placeAt({ clientX: 200, clientY: 150 }, box), [0, 0]);
  assert.deepEqual(placeAt({ clientX: 300, clientY: 50 }, box), [1, 1]);
  assert.deepEqual(placeAt({ clientX: 0, clientY: 900 }, box), [-1, -1]);
});

test("the mark is where the place is", () => {
  assert.deepEqual(markAt([0, 0]), { left: 50, top: 50 });
  assert.deepEqual(markAt([-1, 1]), { left: 0, top: 0 });
});
