import assert from "node:assert/strict";
import { test } from "node:test";

import {
  kernelNamed,
  KERNELS,
  nameOf,
  nameOfSlices,
  slicesNamed,
} from "../../../../static/js/features/course/kernels.js";
import { matrix } from "../../../../static/js/widgets/matrix.js";

test("a ready-made filter is known by its numbers", () => {
  for (const name of Object.keys(KERNELS)) assert.equal(nameOf(kernelNamed(name)), name);
  assert.equal(nameOf(matrix(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9])), "");
});

test("a ready-made filter for colour has three slices, and is known by them", () => {
  for (const name of ["edges", "warm", "grey"]) {
    assert.equal(slicesNamed(name).length, 3);
    assert.equal(nameOfSlices(slicesNamed(name)), name);
  }
  const [red, green] = slicesNamed("warm");
  assert.equal(nameOfSlices([red, green, green]), "");
});
