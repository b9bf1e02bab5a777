import assert from "node:assert/strict";
import { test } from "node:test";

import { likeOrders } from "../../../../static/js/features/generate/like-orders.js";

test("the one beside the picture is the first of those below", () => {
  const { one, more } = likeOrders({ like: "data:cat", shows: undefined, seed: 7 });
  assert.deepEqual(one, { like: "data:cat", seed: 7, count: 1 });
  assert.deepEqual(more, { like: "data:cat", seed: 7, count: 20 });
});

test("what the picture shows is said where there is a choice", () => {
  const { one, more } = likeOrders({ like: "data:cat", shows: "cats", seed: 0 });
  assert.equal(one.class, "cats");
  assert.equal(more.class, "cats");
});
