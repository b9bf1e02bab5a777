import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const VENDORED = join(import.meta.dirname, "../../../static/vendor/uplot");
const PACKAGE = join(import.meta.dirname, "../node_modules/uplot");

for (const [name, path] of [
  ["uPlot.iife.min.js", "dist/uPlot.iife.min.js"],
  ["uPlot.min.css", "dist/uPlot.min.css"],
  ["LICENSE", "LICENSE"],
]) {
  test(`${name} is the package's, as it was published`, () => {
    assert.deepEqual(readFileSync(join(VENDORED, name)), readFileSync(join(PACKAGE, path)));
  });
}
